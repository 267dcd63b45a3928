package manyi.mart.value;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.count;
import static org.apache.spark.sql.functions.expr;
import static org.apache.spark.sql.functions.floor;
import static org.apache.spark.sql.functions.greatest;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.log;
import static org.apache.spark.sql.functions.pmod;
import static org.apache.spark.sql.functions.sum;
import static org.apache.spark.sql.functions.when;
import static org.apache.spark.sql.functions.xxhash64;

import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.function.ToLongFunction;
import java.util.stream.Stream;
import manyi.config.Dimension;
import manyi.config.LifetimeValue;
import manyi.conformed.Customer;
import manyi.conformed.CustomerHistory;
import manyi.conformed.CustomerHistory.Cutoff;
import manyi.mart.SegmentColumns;
import manyi.math.clv.Cell;
import manyi.math.clv.Covariance;
import manyi.math.clv.Family;
import manyi.math.clv.Fit;
import manyi.math.clv.Form;
import manyi.math.clv.FormModel;
import manyi.math.clv.GammaGamma;
import manyi.math.clv.Parametric;
import manyi.math.clv.RefusedFit;
import manyi.math.clv.Shrinkage;
import manyi.math.clv.SpendCell;
import manyi.table.Derivation;
import manyi.table.Digest;
import manyi.table.Field;
import manyi.table.Inputs;
import manyi.table.Lineage;
import manyi.table.Table;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.types.DataTypes;

/**
 * The fitted models of purchases and of spend. Histories are condensed to cells, the cells are fitted on the driver.
 *
 * @param settings of the job
 * @param dimensions the job's segments
 * @param currency the reporting currency
 * @param mostCells cells are exact up to so many; above, ages are taken in whole weeks and spend in bins of half a
 *     percent
 */
public record LifetimeValueModel(
        LocalDate asOf, LifetimeValue settings, List<Dimension> dimensions, String currency, int mostCells)
        implements Derivation {

    public static final Field PURPOSE = Field.text(
            "purpose",
            "What the fit serves: score (all data up to as_of), holdout (data up to the holdout cutoff), validation (up to"
                    + " the validation cutoff).");
    public static final Field MODEL =
            Field.text("model", "bg_nbd, mbg_nbd, pareto_nbd, nbd (purchases) or gamma_gamma (spend).");
    public static final Field PARAMETER = Field.text(
            "parameter",
            "The parameter as published. At an edge of the model's range lambda (one purchase rate for all, a week)"
                    + " replaces r and alpha, p (one probability of leaving after a purchase for all) a and b, mu (one"
                    + " rate of leaving for all, a week) s and beta. spend_correlation is that of repeat purchases and"
                    + " mean spend; validation_log_likelihood the log-likelihood of the window between validation and"
                    + " holdout cutoff; weeks_without_purchase the weeks between the last purchase of anybody and"
                    + " as_of, given only where they are conspicuously many.");
    public static final Field PARAMETER_NUMBER = Field.required(
            "parameter_number",
            DataTypes.IntegerType,
            "The parameter's number in the model, from 1, to which the covariances refer; 0 for a figure that is no"
                    + " parameter.");
    public static final Field CUT_ON = Field.day("cut_on", "The last day of data of the fit.");
    public static final Field CURRENCY =
            Field.text("currency", "The reporting currency, the unit of gamma_gamma's gamma.");
    public static final Field VALUE = Field.optionalNumber(
            "value",
            "The parameter that forecasts use, times in weeks; a segment's is shrunk towards the pooled one. Null"
                    + " without a fit.");
    public static final Field STANDARD_ERROR =
            Field.optionalNumber("standard_error", "Its standard error, by the delta method.");
    public static final Field LOW =
            Field.optionalNumber("low", "Lower limit at 95 %, symmetric in the parameter's logarithm.");
    public static final Field HIGH = Field.optionalNumber("high", "Upper limit likewise.");
    public static final Field DIRECT_VALUE =
            Field.optionalNumber("direct_value", "The maximum-likelihood estimate of the segment alone.");
    public static final Field COVARIANCE_1 = covariance(1);
    public static final Field COVARIANCE_2 = covariance(2);
    public static final Field COVARIANCE_3 = covariance(3);
    public static final Field COVARIANCE_4 = covariance(4);
    public static final Field LOG_LIKELIHOOD =
            Field.optionalNumber("log_likelihood", "The maximum of the segment's own fit.");
    public static final Field BIC =
            Field.optionalNumber("bic", "Schwarz's criterion k ln n - 2 ln L of that fit; smaller is better.");
    public static final Field CUSTOMERS = Field.countOf("customers", "Customers in the fit.");
    public static final Field CELLS = Field.countOf("cells", "Distinct histories in the fit.");
    public static final Field CONVERGED =
            Field.flag("converged", "Whether the segment's own fit is a maximum within the model's range.");
    public static final Field IS_CHOSEN = Field.flag("is_chosen", "Whether forecasts for this purpose use this model.");
    public static final Field REASON = Field.optionalText("reason", "Why there is no fit; null where there is one.");

    public static final Field FITTED_ON = Field.optionalDay(
            "fitted_on",
            "The as_of of the run that fitted the value: this one's, or an earlier one where nothing could be fitted today;"
                    + " null without a value.");
    public static final Field SETTINGS_DIGEST = Field.text(
            "settings_digest",
            "Digest of the job's lifetime_value block, segments and currency: a model is used on later days only where it is equal.");

    public static final Table TABLE = Table.named(
                    "lifetime_value_model", "Fitted models of purchases and spend, with their errors.")
            .oneRowPer(
                    "purpose, segment value, model and parameter",
                    SegmentColumns.AS_OF,
                    PURPOSE,
                    SegmentColumns.SEGMENT,
                    SegmentColumns.SEGMENT_VALUE,
                    MODEL,
                    PARAMETER)
            .with(PARAMETER_NUMBER, CUT_ON, CURRENCY, VALUE, STANDARD_ERROR, LOW, HIGH, DIRECT_VALUE)
            .with(COVARIANCE_1, COVARIANCE_2, COVARIANCE_3, COVARIANCE_4)
            .with(LOG_LIKELIHOOD, BIC, CUSTOMERS, CELLS, CONVERGED, IS_CHOSEN, REASON, FITTED_ON, SETTINGS_DIGEST)
            .expect(
                    "low <= value and value <= high",
                    "converged = (reason is null)",
                    "cells <= customers",
                    "fitted_on <= as_of",
                    "(fitted_on is null) = (value is null) or parameter_number = 0");

    /** The name of the model of spend. */
    static final String SPEND = "gamma_gamma";

    /** The figure published where nobody has bought for long. */
    private static final String SILENCE = "weeks_without_purchase";

    private static final int MOST_CELLS = 1_000_000;

    private static final double BIN = StrictMath.log(1.005);
    private static final int WEEK = 7;
    private static final int SAMPLED = 16;

    private static Field covariance(int number) {
        return Field.optionalNumber(
                "covariance_" + number,
                "Covariance of the parameter's logarithm with that of the model's parameter number " + number + ".");
    }

    /** Fitted to a million cells at most. */
    public LifetimeValueModel(LocalDate asOf, LifetimeValue settings, List<Dimension> dimensions, String currency) {
        this(asOf, settings, dimensions, currency, MOST_CELLS);
    }

    @Override
    public Lineage lineage() {
        return TABLE.from(CustomerHistory.TABLE, EarlierModel.TABLE);
    }

    @Override
    public Dataset<Row> from(Inputs inputs) {
        Dataset<Row> history = inputs.read(CustomerHistory.TABLE);
        boolean isLarge = history.count() > mostCells;
        Map<Cutoff, Histories> histories = new LinkedHashMap<>();
        Map<Cutoff, Purchases> fits = new LinkedHashMap<>();
        for (Cutoff cutoff : Cutoff.ALL) {
            histories.put(cutoff, cells(days(history, cutoff, Optional.empty()), isLarge));
            fits.put(cutoff, Purchases.of(histories.get(cutoff).cells(), settings.segment()));
        }
        Map<LifetimeValue.Model, Double> validation =
                validation(history, histories.get(Cutoff.VALIDATION), fits.get(Cutoff.VALIDATION), isLarge);
        Optional<LifetimeValue.Model> chosen = chosen(validation, fits);
        List<Row> rows = new ArrayList<>();
        for (Cutoff cutoff : Cutoff.ALL) {
            Optional<LifetimeValue.Model> used = fits.get(cutoff).used(chosen);
            List<Row> purchases = new ArrayList<>();
            fits.get(cutoff)
                    .models()
                    .forEach((model, fit) -> fit.rows(this, cutoff, model.key(), used.equals(Optional.of(model)))
                            .forEach(purchases::add));
            rows.addAll(
                    used.isPresent()
                            ? purchases
                            : borrowed(inputs, cutoff, purchases, MODEL.col().notEqual(SPEND)));
            Map<String, List<SpendCell>> spends = spends(history, cutoff, isLarge);
            // where nobody of a segment spent again, it takes the pooled model of spend
            fits.get(cutoff).values().forEach(value -> spends.putIfAbsent(value, List.of()));
            List<SpendCell> all = spends.values().stream().flatMap(List::stream).toList();
            var spend = new Segmented<>(
                    Outcome.of(GammaGamma::fit, all),
                    GammaGamma::fit,
                    List.of("p", "q", "gamma"),
                    spends,
                    settings.segment(),
                    SpendCell::customers);
            List<Row> spendRows = spend.rows(this, cutoff, SPEND, true);
            rows.addAll(spend.pooled().isPresent() ? spendRows : borrowed(inputs, cutoff, spendRows, MODEL.is(SPEND)));
            if (!all.isEmpty()) {
                rows.add(figure(
                        cutoff,
                        SPEND,
                        "spend_correlation",
                        GammaGamma.correlation(all),
                        all.size(),
                        all.stream().mapToLong(SpendCell::customers).sum(),
                        true));
            }
        }
        Purchases score = fits.get(Cutoff.SCORE);
        score.used(chosen)
                .ifPresent(model -> longSilence(score.all())
                        .ifPresent(weeks -> rows.add(figure(
                                Cutoff.SCORE, model.key(), SILENCE, weeks, score.cells(), score.customers(), true))));
        validation.forEach((model, value) -> rows.add(figure(
                Cutoff.VALIDATION,
                model.key(),
                "validation_log_likelihood",
                value,
                fits.get(Cutoff.VALIDATION).cells(),
                fits.get(Cutoff.VALIDATION).customers(),
                chosen.equals(Optional.of(model)))));
        return inputs.create(TABLE, rows);
    }

    /**
     * Weeks since the last purchase of anybody, where they are so many that either all have left or purchases are missing:
     * four at least, and so many that at the pace before them they would pass without a purchase less than once in a
     * thousand times (e^-7).
     */
    private static OptionalDouble longSilence(List<Cell> cells) {
        double weeks =
                cells.stream().mapToDouble(cell -> cell.T() - cell.tx()).min().orElse(0);
        double observed = cells.stream().mapToDouble(Cell::T).max().orElse(0) - weeks;
        double purchases = cells.stream()
                .mapToDouble(cell -> (cell.x() + 1.0) * cell.customers())
                .sum();
        boolean isLong = weeks >= 4 && observed > 0 && weeks * purchases / observed > 7;
        return isLong ? OptionalDouble.of(weeks) : OptionalDouble.empty();
    }

    /** Warnings of a run about these models. */
    public static List<String> warnings(Dataset<Row> models) {
        return models
                .where(PARAMETER.is(SILENCE))
                .select(Field.columns(MODEL, VALUE, SegmentColumns.AS_OF))
                .collectAsList()
                .stream()
                .map(row -> String.format(
                        Locale.ROOT,
                        "lifetime_value_model: the last purchase of anybody is %.1f weeks before as_of %s. Either all"
                                + " customers have left or purchases are missing: check the sources, or set an "
                                + "earlier day with --as-of%s",
                        row.getDouble(1),
                        row.getLocalDate(2),
                        family(LifetimeValue.Model.of(row.getString(0))).hasDropOut()
                                ? ""
                                : ". The model used, " + row.getString(0)
                                        + ", lets nobody leave: its forecasts assume that everybody will buy again"))
                .toList();
    }

    /** What could not be fitted, by the latest earlier model that could; as it is where there is none. */
    private List<Row> borrowed(Inputs inputs, Cutoff cutoff, List<Row> failed, Column isWanted) {
        Dataset<Row> earlier = inputs.read(EarlierModel.TABLE).where(EarlierModel.serves(asOf, settingsDigest()));
        return EarlierModel.latest(earlier, cutoff.key(), isWanted)
                .map(model -> model.filled(failed))
                .orElse(failed);
    }

    private String settingsDigest() {
        return Digest.sha256(settings + "|" + dimensions + "|" + currency);
    }

    private Row figure(
            Cutoff cutoff, String model, String name, double value, long cells, long customers, boolean isChosen) {
        Object[] row = new Object[TABLE.fields().size()];
        int i = 0;
        for (Object part : new Object[] {
            asOf,
            cutoff.key(),
            Dimension.ALL,
            Dimension.ALL,
            model,
            name,
            0,
            cutoff.on(asOf, settings.proofWeeks()),
            currency,
            Double.isNaN(value) ? null : value
        }) {
            row[i++] = part;
        }
        int end = row.length;
        row[end - 7] = customers;
        row[end - 6] = cells;
        row[end - 5] = true;
        row[end - 4] = isChosen;
        row[end - 2] = asOf;
        row[end - 1] = settingsDigest();
        return RowFactory.create(row);
    }

    /**
     * The configured model, else that of the likeliest validation window, else that of the least BIC at the holdout cutoff:
     * a model that alone could be fitted before the window was compared with none. Where nobody leaves by the model thus
     * found, all data have to support it too, else the least BIC at as_of decides.
     */
    private Optional<LifetimeValue.Model> chosen(
            Map<LifetimeValue.Model, Double> validation, Map<Cutoff, Purchases> fits) {
        if (settings.model().isPresent()) {
            return settings.model();
        }
        Optional<LifetimeValue.Model> found = validation.entrySet().stream()
                .filter(any -> validation.size() > 1)
                .max(Map.Entry.<LifetimeValue.Model, Double>comparingByValue()
                        .thenComparing(Map.Entry.comparingByKey(Comparator.reverseOrder())))
                .map(Map.Entry::getKey)
                .or(fits.get(Cutoff.HOLDOUT)::best);
        return found.filter(model -> family(model).hasDropOut())
                .or(fits.get(Cutoff.SCORE)::best)
                .or(() -> found);
    }

    static Family family(LifetimeValue.Model model) {
        return Family.valueOf(model.name());
    }

    /**
     * How likely each model, fitted up to the validation cutoff, finds what its customers did up to the holdout cutoff. The two
     * likelihoods are of one kind of cells: where either cutoff has too many, both take whole weeks.
     */
    private Map<LifetimeValue.Model, Double> validation(
            Dataset<Row> history, Histories known, Purchases fitted, boolean isLarge) {
        Map<LifetimeValue.Model, Double> likelihoods = new TreeMap<>();
        if (fitted.models().keySet().stream().noneMatch(fitted::has)) {
            return likelihoods;
        }
        Dataset<Row> laterDays = days(history, Cutoff.HOLDOUT, Optional.of(Cutoff.VALIDATION));
        Histories later = known.isWeekly() ? weekly(laterDays) : cells(laterDays, isLarge);
        List<Cell> after = later.all();
        List<Cell> before = later.isWeekly() && !known.isWeekly()
                ? weekly(days(history, Cutoff.VALIDATION, Optional.empty())).all()
                : known.all();
        for (LifetimeValue.Model model : LifetimeValue.Model.values()) {
            if (fitted.has(model)) {
                FormModel pooled = fitted.pooled(model);
                likelihoods.put(model, pooled.logLikelihood(after) - pooled.logLikelihood(before));
            }
        }
        return likelihoods;
    }

    /**
     * Cells of histories by the value of the fitted segment, ages in weeks.
     *
     * @param isWeekly whether the ages are whole weeks
     */
    private record Histories(Map<String, List<Cell>> cells, boolean isWeekly) {
        List<Cell> all() {
            return cells.values().stream().flatMap(List::stream).toList();
        }
    }

    /**
     * A row per customer who had bought by a cutoff, ages in days.
     *
     * @param known only customers who had bought by this cutoff
     */
    private Dataset<Row> days(Dataset<Row> history, Cutoff cutoff, Optional<Cutoff> known) {
        return CustomerHistory.at(history, cutoff, asOf, settings.proofWeeks())
                .where(known.orElse(cutoff).purchaseDays().col().geq(1))
                .withColumn("value", segment());
    }

    /**
     * Histories to the day, or to the week where these are too many.
     *
     * @param isLarge whether there are more customers than the most cells
     */
    private Histories cells(Dataset<Row> days, boolean isLarge) {
        if (isLarge && isHopeless(days, "value", "x", "last_age", "age")) {
            return weekly(days);
        }
        List<Row> rows = counted(days).limit(mostCells + 1).collectAsList();
        return rows.size() > mostCells ? weekly(days) : histories(rows, WEEK, false);
    }

    private static Histories weekly(Dataset<Row> days) {
        // whole numbers group in half the time of doubles; half a week stands for a last purchase in the first week
        Column last = when(col("x").equalTo(0), lit(0)).otherwise(greatest(halfWeeks("last_age"), lit(1)));
        Dataset<Row> weeks =
                days.withColumn("last_age", last).withColumn("age", greatest(halfWeeks("age"), col("last_age")));
        return histories(counted(weeks).collectAsList(), 2, true);
    }

    /**
     * The cells of counted histories.
     *
     * @param unit how many units of their ages make a week
     */
    private static Histories histories(List<Row> rows, double unit, boolean isWeekly) {
        Map<String, List<Cell>> cells = new TreeMap<>();
        for (Row row : rows) {
            cells.computeIfAbsent(row.getString(0), value -> new ArrayList<>())
                    .add(new Cell(row.getLong(1), row.getInt(2) / unit, row.getInt(3) / unit, row.getLong(4)));
        }
        return new Histories(cells, isWeekly);
    }

    /**
     * Whether the distinct keys are so many more than the most cells that they need not be counted: by the number of those
     * whose hash falls into a sixteenth, which is the same for the same rows and errs by less than a hundredth where it
     * matters, so that a fifth is beyond its error.
     */
    private boolean isHopeless(Dataset<Row> rows, String... keys) {
        Column[] key = Stream.of(keys).map(name -> col(name)).toArray(Column[]::new);
        long sampled = rows.where(pmod(xxhash64(key), lit(SAMPLED)).equalTo(0))
                .groupBy(key)
                .agg(count(lit(1)))
                .count();
        return sampled * SAMPLED > 1.2 * mostCells;
    }

    /** Twice the nearest whole week of whole days. */
    private static Column halfWeeks(String days) {
        return expr("cast((" + days + " + " + WEEK / 2 + ") div " + WEEK + " as int)")
                .multiply(2);
    }

    private static Dataset<Row> counted(Dataset<Row> days) {
        return days.groupBy("value", "x", "last_age", "age").agg(count(lit(1)).as("customers"));
    }

    /** Repeat purchases and what they brought on average, by the value of the fitted segment. */
    private Map<String, List<SpendCell>> spends(Dataset<Row> history, Cutoff cutoff, boolean isLarge) {
        Dataset<Row> repeats = CustomerHistory.at(history, cutoff, asOf, settings.proofWeeks())
                .where(col("x").gt(0).and(col("repeat_net").gt(0)))
                .withColumn("value", segment());
        Column total =
                sum(col("repeat_net").cast(DataTypes.createDecimalType(20, 0))).as("total");
        List<Row> rows = isLarge && isHopeless(repeats, "value", "x", "repeat_net")
                ? List.of()
                : repeats.groupBy("value", "x", "repeat_net")
                        .agg(count(lit(1)).as("customers"), total)
                        .drop("repeat_net")
                        .limit(mostCells + 1)
                        .collectAsList();
        if (rows.isEmpty() || rows.size() > mostCells) {
            rows = repeats.withColumn(
                            "bin", floor(log(col("repeat_net").divide(col("x"))).divide(BIN)))
                    .groupBy("value", "x", "bin")
                    .agg(count(lit(1)).as("customers"), total)
                    .drop("bin")
                    .collectAsList();
        }
        Map<String, List<SpendCell>> cells = new TreeMap<>();
        for (Row row : rows) {
            double mean = row.getDecimal(3).doubleValue() / ((double) row.getLong(1) * row.getLong(2)) / 10_000;
            cells.computeIfAbsent(row.getString(0), value -> new ArrayList<>())
                    .add(new SpendCell(row.getLong(1), mean, row.getLong(2)));
        }
        return cells;
    }

    /** The value of the segment that has models of its own; 'all' where there is none. */
    private Column segment() {
        return segment(settings, dimensions);
    }

    static Column segment(LifetimeValue settings, List<Dimension> dimensions) {
        return settings.segment()
                .map(dimension -> Customer.SEGMENTS.col().getItem(dimensions.indexOf(dimension)))
                .orElse(lit(Dimension.ALL));
    }

    /** The fits of every model of purchases on the same cells. */
    private record Purchases(
            Map<LifetimeValue.Model, Segmented<Cell, FormModel>> models, List<Cell> all, Set<String> values) {

        static Purchases of(Map<String, List<Cell>> cells, Optional<Dimension> segment) {
            List<Cell> all = cells.values().stream().flatMap(List::stream).toList();
            Map<LifetimeValue.Model, Segmented<Cell, FormModel>> models = new TreeMap<>();
            for (LifetimeValue.Model model : LifetimeValue.Model.values()) {
                var whole = Outcome.<Cell, FormModel>of(some -> Form.fit(family(model), some), all);
                // segments are drawn towards the pooled model, so they have its parameters
                Form form = whole.fit().map(fit -> fit.model().form()).orElse(Form.inner(family(model)));
                models.put(model, new Segmented<>(whole, form::fit, form.names(), cells, segment, Cell::customers));
            }
            return new Purchases(models, all, cells.keySet());
        }

        boolean has(LifetimeValue.Model model) {
            return models.get(model).pooled().isPresent();
        }

        FormModel pooled(LifetimeValue.Model model) {
            return models.get(model).pooled().orElseThrow().model();
        }

        Optional<LifetimeValue.Model> best() {
            return models.keySet().stream()
                    .filter(this::has)
                    .min(Comparator.comparingDouble(
                            model -> models.get(model).pooled().orElseThrow().bic()));
        }

        /** Where the chosen model has no fit at this cutoff, the best of those that have. */
        Optional<LifetimeValue.Model> used(Optional<LifetimeValue.Model> chosen) {
            return chosen.filter(this::has).or(this::best);
        }

        long cells() {
            return all.size();
        }

        long customers() {
            return all.stream().mapToLong(Cell::customers).sum();
        }
    }

    /** A fit, or why there is none that may be used. */
    private record Outcome<C, M extends Parametric<M>>(List<C> cells, Optional<Fit<M>> fit, String reason) {

        static <C, M extends Parametric<M>> Outcome<C, M> of(Function<List<C>, Fit<M>> fitter, List<C> cells) {
            try {
                Fit<M> fit = fitter.apply(cells);
                return new Outcome<>(cells, Optional.of(fit), fit.reason());
            } catch (RefusedFit refused) {
                return new Outcome<>(cells, Optional.empty(), refused.getMessage());
            }
        }

        Optional<Fit<M>> usable() {
            return fit.filter(Fit::converged);
        }
    }

    /** One model fitted to all customers and, where a segment is named, to each of its values. */
    private static final class Segmented<C, M extends Parametric<M>> {

        private final List<String> names;
        private final ToLongFunction<C> customers;
        private final Map<String, Outcome<C, M>> outcomes = new TreeMap<>();
        private final Outcome<C, M> whole;
        private final Optional<Dimension> segment;

        Segmented(
                Outcome<C, M> whole,
                Function<List<C>, Fit<M>> fitter,
                List<String> names,
                Map<String, List<C>> cells,
                Optional<Dimension> segment,
                ToLongFunction<C> customers) {
            this.whole = whole;
            this.names = names;
            this.customers = customers;
            this.segment = segment;
            if (segment.isPresent()) {
                cells.forEach((value, some) -> outcomes.put(value, Outcome.of(fitter, some)));
            }
        }

        Optional<Fit<M>> pooled() {
            return whole.usable();
        }

        List<Row> rows(LifetimeValueModel table, Cutoff cutoff, String model, boolean isChosen) {
            List<Row> rows = new ArrayList<>();
            rows.addAll(rows(
                    table,
                    cutoff,
                    model,
                    isChosen && pooled().isPresent(),
                    Dimension.ALL,
                    Dimension.ALL,
                    whole,
                    pooled().map(fit -> new Shrinkage.Drawn<>(fit.model(), fit.covariance()))));
            Optional<Shrinkage> shrinkage = pooled().map(fit -> Shrinkage.of(
                    fit,
                    outcomes.values().stream()
                            .flatMap(outcome -> outcome.usable().stream())
                            .toList()));
            outcomes.forEach((value, outcome) -> rows.addAll(rows(
                    table,
                    cutoff,
                    model,
                    isChosen && pooled().isPresent(),
                    segment.orElseThrow().name(),
                    value,
                    outcome,
                    shrinkage.map(by -> by.drawn(pooled().orElseThrow(), outcome.usable())))));
            return rows;
        }

        private List<Row> rows(
                LifetimeValueModel table,
                Cutoff cutoff,
                String model,
                boolean isChosen,
                String dimension,
                String value,
                Outcome<C, M> outcome,
                Optional<Shrinkage.Drawn<M>> used) {
            List<Row> rows = new ArrayList<>();
            long sample = outcome.cells().stream().mapToLong(customers).sum();
            Optional<Fit<M>> own = outcome.usable();
            for (int i = 0; i < names.size(); i++) {
                int number = i;
                Optional<Fit.Parameter> parameter =
                        used.map(drawn -> drawn.parameters().get(number));
                List<Object> row = new ArrayList<>(List.of(
                        table.asOf,
                        cutoff.key(),
                        dimension,
                        value,
                        model,
                        names.get(i),
                        i + 1,
                        cutoff.on(table.asOf, table.settings.proofWeeks()),
                        table.currency));
                row.add(parameter.map(Fit.Parameter::value).orElse(null));
                row.add(parameter.map(Fit.Parameter::standardError).orElse(null));
                row.add(parameter.map(Fit.Parameter::low).orElse(null));
                row.add(parameter.map(Fit.Parameter::high).orElse(null));
                row.add(own.map(fit -> fit.model().parameters().get(number)).orElse(null));
                for (int j = 0; j < 4; j++) {
                    int other = j;
                    row.add(used.map(Shrinkage.Drawn::covariance)
                            .filter(covariance -> other < covariance.size())
                            .map(covariance -> covariance.at(number, other))
                            .orElse(null));
                }
                row.add(own.map(Fit::logLikelihood).orElse(null));
                row.add(own.map(Fit::bic).orElse(null));
                row.add(sample);
                row.add((long) outcome.cells().size());
                row.add(own.isPresent());
                row.add(isChosen);
                row.add(own.isPresent() ? null : outcome.reason());
                row.add(used.isPresent() ? table.asOf : null);
                row.add(table.settingsDigest());
                rows.add(RowFactory.create(row.toArray()));
            }
            return rows;
        }
    }

    /** The covariance that rows of one model carry, given in the order of their numbers. */
    static Covariance covariance(List<Row> parameters) {
        int size = parameters.size();
        List<Double> values = new ArrayList<>();
        for (Row row : parameters) {
            for (int j = 1; j <= size; j++) {
                values.add(row.getDouble(row.fieldIndex("covariance_" + j)));
            }
        }
        return new Covariance(size, values);
    }
}

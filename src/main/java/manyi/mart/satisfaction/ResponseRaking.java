package manyi.mart.satisfaction;

import static org.apache.spark.sql.functions.coalesce;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.count;
import static org.apache.spark.sql.functions.count_distinct;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.sum;
import static org.apache.spark.sql.functions.try_sum;
import static org.apache.spark.sql.types.DataTypes.DoubleType;
import static org.apache.spark.sql.types.DataTypes.createDecimalType;

import java.math.BigDecimal;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;
import manyi.config.Dimension;
import manyi.config.Job;
import manyi.config.Weighting;
import manyi.conformed.Customer;
import manyi.conformed.ScoredResponse;
import manyi.mart.loyalty.CustomerCell;
import manyi.mart.survey.RakingFactor;
import manyi.mart.survey.Respondents;
import manyi.math.survey.Raking;
import manyi.math.survey.RefusedRaking;
import manyi.source.Landing;
import manyi.table.Derivation;
import manyi.table.Failure;
import manyi.table.Field;
import manyi.table.Inputs;
import manyi.table.Lineage;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;

/**
 * Rakes the weights of every wave that is closed and has enough respondents to be published. Spark condenses responses
 * to cells of margin values with exact sums; the fitting is the driver's.
 *
 * @param asOf the last day that exists
 * @param dimensions the segment dimensions in the order of {@link SurveyResponse#SEGMENTS}
 */
public record ResponseRaking(
        LocalDate asOf, Job.Satisfaction satisfaction, Weighting weighting, List<Dimension> dimensions)
        implements Derivation {

    /** What the driver fits is of the size of the margins, not of the survey. */
    private static final int MOST_CELLS = 100_000;

    private static final String RESPONDENTS = "respondents";
    private static final String SQUARES = "squares";

    public ResponseRaking {
        dimensions = List.copyOf(dimensions);
    }

    @Override
    public Lineage lineage() {
        return RakingFactor.TABLE.from(
                weighting.isOfCustomers()
                        ? List.of(ScoredResponse.TABLE, CustomerCell.TABLE)
                        : List.of(ScoredResponse.TABLE));
    }

    @Override
    public Dataset<Row> from(Inputs inputs) {
        Map<String, Map<String, Double>> counted = weighting.isOfCustomers() ? counted(inputs) : Map.of();
        List<Row> condensed = condensed(inputs.read(ScoredResponse.TABLE))
                .limit(MOST_CELLS + 1)
                .collectAsList();
        if (condensed.size() > MOST_CELLS) {
            throw new Failure(
                    Failure.Kind.QUALITY,
                    "satisfaction.weighting: more than " + MOST_CELLS + " combinations of margin values"
                            + (weighting.trim().isPresent() ? " and base weights" : "")
                            + ", so nothing was published. Round the mapped weights, merge rare values, or leave "
                            + "out trim or a margin.");
        }
        Map<String, List<Row>> waves = condensed.stream()
                .collect(Collectors.groupingBy(
                        row -> row.<String>getAs(Landing.WAVE.name()), TreeMap::new, Collectors.toList()));
        if (waves.isEmpty()) {
            requireKnownPopulation(inputs.read(ScoredResponse.TABLE));
        }
        List<Row> factors = new ArrayList<>();
        List<String> refused = new ArrayList<>();
        waves.forEach((wave, cells) -> {
            try {
                var raking = new Raking(margins(counted), weighting.trim().map(ResponseRaking::trimming));
                factors.addAll(raked(raking, wave, cells));
            } catch (RefusedRaking reason) {
                refused.add("wave " + wave + ": " + reason.getMessage());
            }
        });
        if (!refused.isEmpty()) {
            throw new Failure(
                    Failure.Kind.QUALITY,
                    "satisfaction.weighting: " + refused.size() + " of " + waves.size() + " waves of the population "
                            + weighting.population() + " cannot be raked, so nothing was published.\n"
                            + String.join("\n", refused)
                            + "\nCorrect the counts, merge values where they are mapped, or leave the margin out.");
        }
        return inputs.create(RakingFactor.TABLE, factors);
    }

    /** A misspelt population would leave all weights as they are without a word. */
    private void requireKnownPopulation(Dataset<Row> responses) {
        List<String> known = responses
                .groupBy(Landing.POPULATION.col())
                .agg(count(lit(1)).as(RakingFactor.RESPONSES.name()))
                .collectAsList()
                .stream()
                .map(row -> row.getString(0))
                .sorted()
                .toList();
        if (!known.isEmpty() && !known.contains(weighting.population())) {
            throw new Failure(
                    Failure.Kind.QUALITY,
                    "satisfaction.weighting: no response is of the population " + weighting.population()
                            + ", so nothing was published. The survey has " + String.join(", ", known)
                            + "; name one of them.");
        }
    }

    private static Raking.Trimming trimming(Weighting.Trim trim) {
        return new Raking.Trimming(
                trim.lowest(), trim.highest(), trim.isMedian() ? Raking.Centre.MEDIAN : Raking.Centre.MEAN);
    }

    /** The cells of the waves that are raked; those of too few respondents are hidden whatever they weigh. */
    private Dataset<Row> condensed(Dataset<Row> all) {
        Column isRaked = Landing.POPULATION
                .is(weighting.population())
                .and(Respondents.reasonLeftOut(asOf, satisfaction).isNull());
        Dataset<Row> responses = all.where(isRaked)
                .withColumn(RakingFactor.LEVELS.name(), RakingFactor.levels(weighting, dimensions))
                .withColumn(RakingFactor.EACH_BASE_WEIGHT.name(), RakingFactor.eachBaseWeight(weighting));
        Dataset<Row> published = responses
                .groupBy(Landing.WAVE.col())
                .agg(count_distinct(Respondents.unit()).as(RESPONDENTS))
                .where(col(RESPONDENTS).geq(satisfaction.minimumRespondents()))
                .drop(RESPONDENTS);
        Column square = Landing.WEIGHT.col().multiply(Landing.WEIGHT.col());
        // weights have nine decimals, their squares eighteen: all count where weights are small, half where they are
        // huge
        Column squares = coalesce(
                try_sum(square.cast(createDecimalType(38, 18))).cast(DoubleType),
                sum(square.cast(createDecimalType(38, 9))).cast(DoubleType));
        return responses
                .join(published, Landing.WAVE.name(), "inner")
                .groupBy(Field.columns(Landing.WAVE, RakingFactor.LEVELS, RakingFactor.EACH_BASE_WEIGHT))
                .agg(
                        count(lit(1)).as(RakingFactor.RESPONSES.name()),
                        sum(Landing.WEIGHT.col().cast(createDecimalType(28, 9))).as(RakingFactor.BASE_WEIGHTS.name()),
                        squares.as(SQUARES));
    }

    private List<Row> raked(Raking raking, String wave, List<Row> cells) {
        List<Row> sorted = cells.stream()
                .sorted(Comparator.<Row, String>comparing(row -> String.join("\u0000", levels(row)))
                        .thenComparing(row -> row.getDecimal(2)))
                .toList();
        List<Raking.Cell> condensed = sorted.stream()
                .map(row -> new Raking.Cell(
                        levels(row), row.getLong(3), row.getDecimal(4).doubleValue(), row.getDouble(5)))
                .toList();
        Raking.Raked raked = raking.fit(condensed);
        List<Row> factors = new ArrayList<>();
        for (int i = 0; i < sorted.size(); i++) {
            Row row = sorted.get(i);
            List<Double> counts = new ArrayList<>();
            for (int margin = 0; margin < raking.margins().size(); margin++) {
                counts.add(raking.margins().get(margin).totals().get(levels(row).get(margin)));
            }
            factors.add(RowFactory.create(
                    weighting.population(),
                    wave,
                    levels(row).toArray(),
                    row.getDecimal(2),
                    row.getLong(3),
                    row.getDecimal(4),
                    raked.factors().get(i),
                    counts.toArray(),
                    raked.rounds(),
                    raked.marginError(),
                    raked.trimmed(),
                    raked.designEffect()));
        }
        return factors;
    }

    private static List<String> levels(Row row) {
        return row.getList(1);
    }

    // ---- margins

    /**
     * Margins counted from customers are shares where others are given as numbers: they take their total.
     *
     * @param counted the customers of each value of each margin that is counted from them
     */
    private List<Raking.Margin> margins(Map<String, Map<String, Double>> counted) {
        Optional<Double> given = weighting.margins().stream()
                .filter(margin -> !margin.isOfCustomers())
                .map(margin -> margin.counts().values().stream()
                        .reduce(BigDecimal.ZERO, BigDecimal::add)
                        .doubleValue())
                .findFirst();
        List<Raking.Margin> margins = new ArrayList<>();
        int levels = 0;
        for (Weighting.Margin margin : weighting.margins()) {
            SortedMap<String, Double> totals = new TreeMap<>();
            if (margin.isOfCustomers()) {
                totals.putAll(counted.get(margin.segment()));
                double all = totals.values().stream().reduce(0.0, Double::sum);
                given.filter(total -> total != all)
                        .ifPresent(total -> totals.replaceAll((value, count) -> count / all * total));
            } else {
                margin.counts().forEach((value, count) -> totals.put(value, count.doubleValue()));
            }
            levels += totals.size();
            margins.add(new Raking.Margin(margin.segment(), totals));
        }
        if (levels > Weighting.MOST_LEVELS) {
            throw new Failure(
                    Failure.Kind.QUALITY,
                    "satisfaction.weighting: the margins have more than " + Weighting.MOST_LEVELS
                            + " values, so nothing was published. Merge rare values where they are mapped.");
        }
        return margins;
    }

    private Map<String, Map<String, Double>> counted(Inputs inputs) {
        List<Integer> places = RakingFactor.places(weighting, dimensions);
        Map<String, Map<String, Double>> counted = new TreeMap<>();
        for (int i = 0; i < places.size(); i++) {
            Weighting.Margin margin = weighting.margins().get(i);
            if (margin.isOfCustomers()) {
                counted.put(margin.segment(), counted(inputs.read(CustomerCell.TABLE), places.get(i)));
            }
        }
        return counted;
    }

    /** The customers known at as_of by their value; never more values are collected than are needed to refuse them. */
    private static Map<String, Double> counted(Dataset<Row> cells, int place) {
        Map<String, Double> counts = new TreeMap<>();
        cells.groupBy(Customer.SEGMENTS.col().getItem(place).as("level"))
                .agg(CustomerCell.CUSTOMERS.sum())
                .limit(Weighting.MOST_LEVELS + 1)
                .collectAsList()
                .forEach(row -> counts.put(row.getString(0), (double) row.getLong(1)));
        return counts;
    }
}

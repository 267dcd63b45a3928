package manyi.mart.value;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.assertj.core.api.Assertions.withinPercentage;

import java.math.BigDecimal;
import java.time.LocalDate;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import manyi.config.Dimension;
import manyi.config.LifetimeValue;
import manyi.conformed.CustomerHistory;
import manyi.conformed.CustomerHistory.Cutoff;
import manyi.conformed.CustomerKeys;
import manyi.conformed.CustomerMonth;
import manyi.math.clv.Cell;
import manyi.math.clv.Nbd;
import manyi.table.Audit;
import manyi.table.Derivation;
import manyi.testing.Sparks;
import org.apache.spark.SparkConf;
import org.apache.spark.serializer.JavaSerializer;
import org.apache.spark.serializer.KryoSerializer;
import org.apache.spark.serializer.Serializer;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.functions;
import org.junit.jupiter.api.Test;
import scala.reflect.ClassTag;

/** Hard cases are answered plainly: with a forecast, or with the reason why there is none. */
class LifetimeValueTest {

    private static final LocalDate AS_OF = LocalDate.of(2026, 3, 31);
    private static final List<Dimension> DIMENSIONS = List.of(new Dimension(List.of("region")));
    private static final LifetimeValue SETTINGS = new LifetimeValue(
            Optional.empty(), 52, 0.1, Optional.of(0.5), 4, Optional.of(DIMENSIONS.get(0)), 0.5, 0.1, Optional.of(3.0));

    private final List<Row> customers = new ArrayList<>();
    private final Map<String, Dataset<Row>> tables = new HashMap<>();
    private int mostCells = 1_000_000;

    /** A customer with so many purchase days, the first and last so many days before as_of. */
    private LifetimeValueTest with(String region, long days, int first, int last, long net) {
        LocalDate firstOn = AS_OF.minusDays(first);
        LocalDate lastOn = AS_OF.minusDays(last);
        List<Object> row = new ArrayList<>(
                List.of("c" + customers.size(), List.of(region), firstOn, days == 1 ? net : net / days));
        for (Cutoff cutoff : Cutoff.ALL) {
            boolean isKnown = !lastOn.isAfter(cutoff.on(AS_OF, SETTINGS.proofWeeks()));
            boolean isBegun = !firstOn.isAfter(cutoff.on(AS_OF, SETTINGS.proofWeeks()));
            row.add(isKnown ? days : isBegun ? 1L : 0L);
            row.add(isKnown ? lastOn : isBegun ? firstOn : null);
            row.add(isKnown ? net : isBegun ? net / days : 0L);
        }
        customers.add(RowFactory.create(row.toArray()));
        return this;
    }

    /** A customer with these purchase days, so many days before as_of, the earliest first, ten units of money each. */
    private LifetimeValueTest withDays(String region, List<Integer> days) {
        List<Object> row = new ArrayList<>(
                List.of("c" + customers.size(), List.of(region), AS_OF.minusDays(days.get(0)), 100_000L));
        for (Cutoff cutoff : Cutoff.ALL) {
            List<LocalDate> known = days.stream()
                    .map(AS_OF::minusDays)
                    .filter(day -> !day.isAfter(cutoff.on(AS_OF, SETTINGS.proofWeeks())))
                    .toList();
            row.add((long) known.size());
            row.add(known.isEmpty() ? null : known.get(known.size() - 1));
            row.add(100_000L * known.size());
        }
        customers.add(RowFactory.create(row.toArray()));
        return this;
    }

    /** All buy at one rate and leave with one probability after a purchase; the last of anybody lies most of a year back. */
    private LifetimeValueTest withAllGone() {
        var random = new SplittableRandom(4);
        for (int i = 0; i < 90; i++) {
            List<Integer> days = new ArrayList<>();
            int day = 720 - i;
            do {
                days.add(day);
                day -= 1 + (int) (-StrictMath.log(1 - random.nextDouble()) * 30);
            } while (day >= 270 && random.nextDouble() >= .3);
            withDays(i % 2 == 0 ? "East" : "West", days);
        }
        return this;
    }

    /** All buy without a pause, each at a pace of their own; after the validation cutoff every second one stops. */
    private LifetimeValueTest withSomeWhoStopLate() {
        int validation = 14 * SETTINGS.proofWeeks();
        for (int i = 0; i < 400; i++) {
            int pace = 4 + i % 11;
            int stop = i % 2 == 0 ? 0 : validation;
            List<Integer> days = new ArrayList<>();
            for (int day = 120 + (i * 37) % 200; day >= stop; day -= pace + (i + day) % 3 - 1) {
                days.add(day);
            }
            withDays(i % 4 < 2 ? "East" : "West", days);
        }
        return this;
    }

    private String usedModel() {
        return tables.get("customer_lifetime_value").select("model").head().getString(0);
    }

    private double alive() {
        return segment("all").<Double>getAs("expected_active_customers");
    }

    /** A crowd whose histories differ in every way. */
    private LifetimeValueTest withCrowd(int size) {
        for (int i = 0; i < size; i++) {
            int first = 60 + (i * 37) % 300;
            boolean isRepeat = i % 3 != 0;
            long days = isRepeat ? 2 + (i * 7L) % 9 : 1;
            int last = isRepeat ? (i * 53) % (first - 1) : first;
            with(i % 5 == 0 ? "East" : "West", days, first, last, days * (100_000L + (i * 7919L) % 400_000));
        }
        return this;
    }

    private Dataset<Row> derived(Derivation derivation) {
        Dataset<Row> rows = derivation
                .table()
                .conform(derivation.from(table -> tables.get(table.name())))
                .localCheckpoint();
        assertThat(Audit.of(derivation.table(), rows).failed())
                .as(derivation.table().name())
                .isEmpty();
        tables.put(derivation.table().name(), rows);
        return rows;
    }

    private void derive() {
        models();
        derived(new CustomerValue(AS_OF, SETTINGS, DIMENSIONS));
        derived(new CustomerLifetimeValue(AS_OF, SETTINGS, new CustomerKeys(new byte[16]), "EUR"));
        derived(new SegmentLifetimeValue(AS_OF, SETTINGS, DIMENSIONS, "EUR"));
        derived(new ForecastCell(AS_OF, SETTINGS, DIMENSIONS));
        derived(new ForecastHoldout(AS_OF, SETTINGS, DIMENSIONS));
        derived(new ForecastCalibration(AS_OF));
    }

    private Dataset<Row> models() {
        tables.put(
                CustomerHistory.TABLE.name(),
                Sparks.session().createDataFrame(customers, CustomerHistory.TABLE.schema()));
        tables.putIfAbsent(
                EarlierModel.TABLE.name(), Sparks.session().createDataFrame(List.of(), EarlierModel.TABLE.schema()));
        return derived(new LifetimeValueModel(AS_OF, SETTINGS, DIMENSIONS, "EUR", mostCells));
    }

    private LifetimeValueTest withAtMost(int cells) {
        mostCells = cells;
        return this;
    }

    private Row segment(String value) {
        return tables.get("segment_lifetime_value")
                .where("segment_value = '" + value + "'")
                .head();
    }

    private List<String> reasons() {
        return tables
                .get("lifetime_value_model")
                .where("purpose = 'score' and segment = 'all' and parameter_number = 1")
                .orderBy("model")
                .select("reason")
                .collectAsList()
                .stream()
                .map(row -> row.getString(0))
                .toList();
    }

    @Test
    void segmentsAddUpToAllCustomersAndLimitsEncloseTheValue() {
        withCrowd(400).derive();

        Row all = segment("all");
        Row east = segment("East");
        Row west = segment("West");
        assertThat(all.<Long>getAs("customers")).isEqualTo(400);
        assertThat(east.<Long>getAs("customers") + west.<Long>getAs("customers"))
                .isEqualTo(400);
        assertThat(east.<BigDecimal>getAs("lifetime_value").add(west.getAs("lifetime_value")))
                .isEqualByComparingTo(all.<BigDecimal>getAs("lifetime_value"));
        Row published = tables.get("customer_lifetime_value")
                .selectExpr("count(*)", "sum(lifetime_value)", "count_if(state is null)")
                .head();
        assertThat(published.getLong(0)).isEqualTo(400);
        assertThat(published.getDecimal(1)).isEqualByComparingTo(all.<BigDecimal>getAs("lifetime_value"));
        assertThat(published.getLong(2)).isZero();
        assertThat(all.<BigDecimal>getAs("confidence_low")).isLessThan(all.<BigDecimal>getAs("lifetime_value"));
        assertThat(all.<BigDecimal>getAs("prediction_high")).isGreaterThan(all.<BigDecimal>getAs("confidence_high"));
        Dataset<Row> parameters =
                tables.get("lifetime_value_model").where("purpose = 'score' and parameter_number > 0");
        assertThat(parameters.where("segment_value = 'East'").count())
                .isEqualTo(parameters.where("segment = 'all'").count())
                .isBetween(12L, 17L);
        assertThat(tables.get("forecast_holdout")
                        .where("segment = 'all' and measure = 'customers' and is_chosen")
                        .head()
                        .<Double>getAs("value"))
                .isEqualTo((double)
                        customers.stream().filter(row -> row.getLong(7) > 0).count());
    }

    private static Row figure(Dataset<Row> models, String purpose, String model, String parameter) {
        return models.where("segment = 'all' and purpose = '%s' and model = '%s' and parameter = '%s'"
                        .formatted(purpose, model, parameter))
                .head();
    }

    @Test
    void aboveTheMostCellsAgesAreWeeksAndSpendIsInBins() {
        Dataset<Row> exact = withAlike().models();
        Dataset<Row> coarse = new LifetimeValueTest().withAlike().withAtMost(20).models();

        for (String[] wanted :
                new String[][] {{"nbd", "r"}, {"nbd", "alpha"}, {"gamma_gamma", "p"}, {"gamma_gamma", "q"}}) {
            Row one = figure(exact, "score", wanted[0], wanted[1]);
            Row other = figure(coarse, "score", wanted[0], wanted[1]);
            assertThat(other.<Long>getAs("customers")).isEqualTo(one.<Long>getAs("customers"));
            assertThat(other.<Long>getAs("cells")).as(wanted[0]).isLessThan(one.<Long>getAs("cells"));
            assertThat(other.<Double>getAs("value"))
                    .as(wanted[0] + " " + wanted[1])
                    .isCloseTo(one.<Double>getAs("value"), withinPercentage(5))
                    .isNotEqualTo(one.<Double>getAs("value"));
        }
    }

    /** A crowd, and 200 of whom many spend nearly the same. */
    private LifetimeValueTest withAlike() {
        withCrowd(600);
        for (int i = 0; i < 200; i++) {
            int first = 60 + (i * 37) % 300;
            with("West", 3, first, (i * 53) % (first - 1), 3 * (100_000L * (1 + i % 5) + i % 7 * 10L));
        }
        return this;
    }

    /** Were one likelihood of days and the other of weeks, their difference would be of the rounding. */
    @Test
    void theValidationWindowComparesWeeksWithWeeks() {
        withCrowd(600);
        int before = cells(Cutoff.VALIDATION, false).size();
        int after = cells(Cutoff.HOLDOUT, false).size();
        assertThat(before).isLessThan(after);

        Dataset<Row> models = withAtMost(before).models();

        Nbd fitted = new Nbd(
                figure(models, "validation", "nbd", "r").<Double>getAs("value"),
                figure(models, "validation", "nbd", "alpha").<Double>getAs("value"));
        assertThat(figure(models, "validation", "nbd", "r").<Long>getAs("cells"))
                .isEqualTo(before);
        assertThat(figure(models, "validation", "nbd", "validation_log_likelihood")
                        .<Double>getAs("value"))
                .isCloseTo(
                        fitted.logLikelihood(cells(Cutoff.HOLDOUT, true))
                                - fitted.logLikelihood(cells(Cutoff.VALIDATION, true)),
                        within(1e-6));
    }

    /** The distinct histories of West and East up to a cutoff, of those who had bought by the choice cutoff. */
    private List<Cell> cells(Cutoff cutoff, boolean isWeekly) {
        int place = 4 + 3 * Cutoff.ALL.indexOf(cutoff);
        int known = 4 + 3 * Cutoff.ALL.indexOf(Cutoff.VALIDATION);
        Map<List<?>, Long> counts = new HashMap<>();
        for (Row row : customers) {
            if (row.getLong(known) > 0) {
                LocalDate first = row.getAs(2);
                long x = row.getLong(place) - 1;
                double last = ChronoUnit.DAYS.between(first, row.<LocalDate>getAs(place + 1)) / 7.0;
                double age = ChronoUnit.DAYS.between(first, cutoff.on(AS_OF, SETTINGS.proofWeeks())) / 7.0;
                if (isWeekly) {
                    last = x == 0 ? 0 : StrictMath.max(0.5, StrictMath.rint(last));
                    age = StrictMath.max(last, StrictMath.rint(age));
                }
                counts.merge(List.of(row.get(1), x, last, age), 1L, Long::sum);
            }
        }
        List<Cell> cells = new ArrayList<>();
        counts.forEach((key, count) ->
                cells.add(new Cell((Long) key.get(1), (Double) key.get(2), (Double) key.get(3), count)));
        return cells;
    }

    /** Where a session writes what it sends to tasks by Kryo, which makes objects without their constructors. */
    @Test
    void aForecasterArrivesWholeWhateverItIsSentBy() {
        Dataset<Row> models = withCrowd(300).models();
        for (LifetimeValue.Model model : Forecaster.models(models, Cutoff.SCORE)) {
            Forecaster sent = Forecaster.of(models, Cutoff.SCORE, model, true, 52, 0.002);
            for (Serializer by : List.of(new KryoSerializer(new SparkConf()), new JavaSerializer(new SparkConf()))) {
                var writer = by.newInstance();
                ClassTag<Forecaster.Sent> type = ClassTag.apply(Forecaster.Sent.class);
                Forecaster read = writer.deserialize(writer.serialize(new Forecaster.Sent(sent), type), type)
                        .forecaster();
                assertThat(read.of("West", 3, 120, 200))
                        .as(model.key())
                        .usingRecursiveComparison()
                        .isEqualTo(sent.of("West", 3, 120, 200));
                assertThat(read.fitted("East")).isEqualTo(sent.fitted("East"));
            }
        }
    }

    @Test
    void oneTimeBuyersTellNothingOfRepeatPurchases() {
        for (int i = 0; i < 50; i++) {
            with("East", 1, 10 + i, 10 + i, 100_000);
        }
        derive();

        assertThat(reasons()).hasSize(5).allSatisfy(reason -> assertThat(reason).isNotBlank());
        Row all = segment("all");
        assertThat(all.<Long>getAs("customers")).isEqualTo(50);
        assertThat(all.<Long>getAs("valued_customers")).isZero();
        assertThat(all.<Object>getAs("lifetime_value")).isNull();
        assertThat(tables.get("customer_lifetime_value")
                        .where("lifetime_value is null and state is null")
                        .count())
                .isEqualTo(50);
        assertThat(tables.get("forecast_holdout").count()).isZero();
    }

    @Test
    void fewerThanTenCellsAreRefused() {
        with("East", 3, 90, 5, 300_000).with("West", 1, 40, 40, 100_000).derive();

        assertThat(reasons()).hasSize(5).allSatisfy(reason -> assertThat(reason).contains("fewer than 10"));
        assertThat(segment("all").<Long>getAs("customers")).isEqualTo(2);
    }

    @Test
    void nobodyAtAllGivesEmptyTables() {
        derive();

        assertThat(tables.get("customer_lifetime_value").count()).isZero();
        assertThat(tables.get("segment_lifetime_value").count()).isZero();
    }

    @Test
    void aSegmentWithOneCustomerTakesThePooledModel() {
        withCrowd(300).with("North", 4, 200, 3, 900_000).derive();

        Row north = tables.get("lifetime_value_model")
                .where("purpose = 'score' and segment_value = 'North' and is_chosen and parameter_number = 1"
                        + " and model <> 'gamma_gamma'")
                .head();
        assertThat(north.<Boolean>getAs("converged")).isFalse();
        assertThat(north.<String>getAs("reason")).isNotBlank();
        assertThat(north.<Double>getAs("value")).isNotNull();
        assertThat(segment("North").<BigDecimal>getAs("lifetime_value")).isPositive();
    }

    @Test
    void whoSpentNothingOrGotMoneyBackHasProbabilitiesAndNoValue() {
        withCrowd(300)
                .with("East", 5, 200, 3, 0)
                .with("East", 5, 200, 3, -500_000)
                .derive();

        Row none = tables.get("customer_lifetime_value")
                .where("mean_spend <= 0")
                .selectExpr("count(*)", "count(lifetime_value)", "count(probability_alive)")
                .head();
        assertThat(none.getLong(0)).isEqualTo(2);
        assertThat(none.getLong(1)).isZero();
        assertThat(none.getLong(2)).isEqualTo(2);
        assertThat(segment("all").<Long>getAs("valued_customers")).isEqualTo(300);
    }

    @Test
    void aCustomerWithTenMillionPurchaseDaysCannotBeButManyDaysCan() {
        withCrowd(300).with("East", 3000, 3650, 0, 3_000_000_000L).derive();

        assertThat(tables.get("customer_lifetime_value")
                        .where("repeat_purchases = 2999")
                        .head()
                        .<Double>getAs("expected_purchases"))
                .isFinite()
                .isPositive();
    }

    @Test
    void customersAreNamedByTheirKeysAlone() {
        assertThat(CustomerLifetimeValue.TABLE.fields()).noneMatch(field -> field.equals(CustomerMonth.CUSTOMER));
    }

    /** What an earlier day fitted, as the history keeps it. */
    private Dataset<Row> fittedBefore(int days) {
        return new LifetimeValueTest()
                .withCrowd(300)
                .fitted()
                .withColumn("as_of", functions.date_sub(functions.col("as_of"), days))
                .withColumn("fitted_on", functions.date_sub(functions.col("fitted_on"), days));
    }

    private Dataset<Row> fitted() {
        derive();
        return tables.get("lifetime_value_model");
    }

    private void remember(Dataset<Row> earlier) {
        tables.put(EarlierModel.TABLE.name(), earlier);
    }

    @Test
    void whereNothingCanBeFittedTheLatestEarlierModelServesAndSaysSo() {
        remember(fittedBefore(7).unionByName(fittedBefore(31)));
        with("East", 3, 90, 5, 300_000).with("North", 1, 40, 40, 100_000).derive();

        Row model = tables.get("lifetime_value_model")
                .where("purpose = 'score' and segment = 'all' and is_chosen and parameter = 'r'")
                .head();
        assertThat(model.<LocalDate>getAs("fitted_on")).isEqualTo(AS_OF.minusDays(7));
        assertThat(model.<Boolean>getAs("converged")).isFalse();
        assertThat(model.<String>getAs("reason")).contains("fewer than 10");
        assertThat(model.<Long>getAs("customers")).isEqualTo(2);
        // North was nobody's region then, so it takes the pooled model
        assertThat(segment("all").<Long>getAs("valued_customers")).isEqualTo(2);
        assertThat(segment("North").<BigDecimal>getAs("lifetime_value")).isPositive();
    }

    @Test
    void modelsOfOtherSettingsAndLaterDaysAndBorrowedOnesServeNobody() {
        Dataset<Row> before = fittedBefore(7);
        remember(before.withColumn("settings_digest", functions.lit("other"))
                .unionByName(before.withColumn("as_of", functions.lit(AS_OF)))
                .unionByName(before.withColumn("fitted_on", functions.date_sub(functions.col("fitted_on"), 1))));
        with("East", 3, 90, 5, 300_000).derive();

        assertThat(tables.get("lifetime_value_model").where("value is not null").count())
                .isZero();
        assertThat(segment("all").<Long>getAs("valued_customers")).isZero();
    }

    @Test
    void anEarlierModelIsLeftAloneWhereTodaysCanBeFitted() {
        remember(fittedBefore(7));
        withCrowd(300).derive();

        assertThat(tables.get("lifetime_value_model").where("fitted_on < as_of").count())
                .isZero();
    }

    /** At such an edge of their range BG/NBD and its like keep a drop-out; it is not nobody who leaves there. */
    @Test
    void whereAllHaveLeftNearlyNobodyIsAliveAndTheRunWarns() {
        withAllGone().derive();

        Dataset<Row> models = tables.get("lifetime_value_model");
        assertThat(models.where(
                                "purpose = 'score' and segment = 'all' and parameter in ('p', 'mu', 'lambda') and converged")
                        .count())
                .isPositive();
        assertThat(usedModel()).isNotEqualTo("nbd");
        assertThat(alive()).isLessThan(5);
        assertThat(LifetimeValueModel.warnings(models))
                .singleElement()
                .asString()
                .contains("weeks before as_of 2026-03-31");
    }

    @Test
    void aRunWhoseCustomersStillBuyDoesNotWarn() {
        withCrowd(400).derive();

        assertThat(LifetimeValueModel.warnings(tables.get("lifetime_value_model")))
                .isEmpty();
    }

    /** Up to the validation cutoff nobody seems to leave, so NBD alone can be fitted there, and meets no rival. */
    @Test
    void aModelWithoutRivalsIsNotChosenForThat() {
        withSomeWhoStopLate().derive();

        assertThat(tables.get("lifetime_value_model")
                        .where("purpose = 'validation' and segment = 'all' and model <> 'gamma_gamma' and converged")
                        .select("model")
                        .distinct()
                        .collectAsList())
                .containsExactly(RowFactory.create("nbd"));
        assertThat(usedModel()).isNotEqualTo("nbd");
        assertThat(alive()).isBetween(180.0, 240.0);
        assertThat(tables.get("forecast_holdout")
                        .where("is_chosen and model = 'nbd'")
                        .count())
                .isZero();
    }

    @Test
    void anEarlierModelAtAnEdgeServesWithTheParametersItHas() {
        Dataset<Row> earlier = new LifetimeValueTest()
                .withAllGone()
                .fitted()
                .withColumn("as_of", functions.date_sub(functions.col("as_of"), 7))
                .withColumn("fitted_on", functions.date_sub(functions.col("fitted_on"), 7));
        remember(earlier.where("parameter_number > 0"));
        withDays("East", List.of(90, 40, 5)).withDays("North", List.of(40)).derive();

        assertThat(tables.get("lifetime_value_model")
                        .where("purpose = 'score' and segment = 'all' and is_chosen and model <> 'gamma_gamma'"
                                + " and value is not null and fitted_on < as_of")
                        .select("parameter")
                        .collectAsList())
                .isSubsetOf(RowFactory.create("p"), RowFactory.create("mu"), RowFactory.create("lambda"))
                .isNotEmpty();
        assertThat(tables.get("customer_lifetime_value")
                        .where("probability_alive is not null")
                        .count())
                .isEqualTo(2);
    }

    @Test
    void readersAreWarnedThatBgNbdTakesAllOneTimeBuyersForAlive() {
        assertThat(CustomerValue.PROBABILITY_ALIVE.comment())
                .contains("bg_nbd", "bought once", "mbg_nbd", "pareto_nbd");
        assertThat(SegmentLifetimeValue.EXPECTED_ACTIVE_CUSTOMERS.comment())
                .contains("bg_nbd", "mbg_nbd", "pareto_nbd");
    }
}

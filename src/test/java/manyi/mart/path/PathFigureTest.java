package manyi.mart.path;

import static manyi.testing.Rows.picture;
import static manyi.testing.Rows.rows;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.assertj.core.api.Assertions.withinPercentage;

import java.time.LocalDate;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import manyi.config.Dimension;
import manyi.config.Job;
import manyi.config.Questionnaire;
import manyi.config.SurveyModel;
import manyi.conformed.SurveyResponse;
import manyi.mart.survey.SatisfactionCell;
import manyi.table.Audit;
import manyi.table.Digest;
import manyi.testing.Surveys;
import org.apache.commons.math3.distribution.TDistribution;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.junit.jupiter.api.Test;

class PathFigureTest {

    private static final LocalDate AS_OF = LocalDate.of(2026, 10, 31);
    private static final List<Dimension> REGION = List.of(new Dimension(List.of("region")));
    private static final Dataset<Row> SHOWN =
            rows(SatisfactionCell.TABLE, """
            population | wave   | segment | segment_value | figure                  | customers | is_suppressed | is_base_suppressed
            customer   | 2026Q3 | all     | all           | respondent of the model | 444       | false | false
            customer   | 2026Q3 | region  | East          | respondent of the model | 200       | false | false
            customer   | 2026Q3 | region  | West          | respondent of the model | 200       | false | false
            customer   | 2026Q3 | region  | North         | respondent of the model | 40        | true | false
            """).na().fill("", new String[] {SatisfactionCell.PREVIOUS_WAVE.name()});

    /** Quality (q1, q2) acts on satisfaction (o) and that on loyalty (r); q2 is asked the other way round. */
    private static Job.Satisfaction satisfaction() {
        Questionnaire small = Surveys.questionnaire();
        Questionnaire.Item q2 = small.items().get(1);
        Questionnaire.Item turned = new Questionnaire.Item(
                q2.id(), q2.text(), q2.low(), q2.high(), true, q2.missing(), q2.group(), q2.weight(), q2.roles());
        SurveyModel.PathModel paths = new SurveyModel.PathModel(
                List.of(
                        new SurveyModel.Construct("quality", List.of("q1", "q2"), false),
                        new SurveyModel.Construct("satisfaction", List.of("o"), false),
                        new SurveyModel.Construct("loyalty", List.of("r"), false)),
                List.of(
                        new SurveyModel.Path("quality", "satisfaction"),
                        new SurveyModel.Path("satisfaction", "loyalty")),
                SurveyModel.Scheme.PATH,
                false,
                false,
                false);
        Map<String, List<String>> predictors = new LinkedHashMap<>();
        predictors.put("goods", List.of("q1"));
        predictors.put("service", List.of("q2"));
        SurveyModel model = new SurveyModel(
                Optional.of(paths), Optional.of(new SurveyModel.Drivers(List.of("o"), predictors, false)), 50, 1);
        return Surveys.satisfaction(
                new Questionnaire(
                        small.name(),
                        List.of(
                                small.items().get(0),
                                turned,
                                small.items().get(2),
                                small.items().get(3)),
                        small.groups(),
                        small.groupings(),
                        small.waves(),
                        List.of(),
                        Optional.empty(),
                        small.digest(),
                        Optional.of(model)),
                10);
    }

    /** 400 answers from East and West, 40 from North, four from South that no mask is known of; in West quality hardly acts on satisfaction. */
    private static Dataset<Row> responses() {
        Random random = new Random(3);
        StringBuilder picture = new StringBuilder(
                "response_key | population | wave | customer_id | weight | answers | segments | csi\n");
        for (int i = 0; i < 444; i++) {
            String region = i < 200 ? "East" : i < 400 ? "West" : i < 440 ? "North" : "South";
            double quality = random.nextGaussian();
            double acts = region.equals("West") ? 0.2 : 0.9;
            double satisfied = acts * quality + 0.5 * random.nextGaussian();
            double loyal = 0.8 * satisfied + 0.5 * random.nextGaussian();
            picture.append("%d | customer | 2026Q3 | c%d | %s | %s, %s, %d, %d | %s | 50%n"
                    .formatted(
                            i,
                            i,
                            i % 3 == 0 ? "2.5" : "0.5",
                            i % 10 == 0 ? "" : String.valueOf(bounded(0, 100, 50 + 20 * quality + 8 * noise(random))),
                            bounded(0, 100, 50 - 20 * quality + 8 * noise(random)),
                            bounded(1, 7, 4 + 1.5 * satisfied),
                            bounded(0, 10, 5 + 2 * loyal),
                            region));
        }
        return rows(SurveyResponse.TABLE, picture.toString());
    }

    private static double noise(Random random) {
        return random.nextGaussian();
    }

    private static long bounded(int low, int high, double value) {
        return StrictMath.round(StrictMath.max(low, StrictMath.min(high, value)));
    }

    private static Dataset<Row> figures(Dataset<Row> responses, Dataset<Row> shown) {
        Dataset<Row> cells = new MomentCell(AS_OF, satisfaction(), REGION)
                .from(table -> responses)
                .localCheckpoint();
        assertThat(Audit.of(MomentCell.TABLE, cells).breaches()).isEmpty();
        Dataset<Row> figures = new PathFigure(satisfaction())
                .from(table -> table.equals(MomentCell.TABLE) ? cells : shown)
                .localCheckpoint();
        assertThat(Audit.of(PathFigure.TABLE, figures).breaches()).isEmpty();
        return figures;
    }

    private static Row row(Dataset<Row> rows, String condition) {
        List<Row> found = rows.where(condition).collectAsList();
        assertThat(found).as(condition).hasSize(1);
        return found.get(0);
    }

    @Test
    void findsWhatActsOnWhatInEachSegment() {
        Dataset<Row> figures = figures(responses(), SHOWN);
        Dataset<Row> paths = new PathCoefficient(AS_OF).from(table -> figures);
        Row east = row(paths, "segment_value = 'East' and to_construct = 'satisfaction'");
        Row west = row(paths, "segment_value = 'West' and to_construct = 'satisfaction'");
        assertThat(east.<Double>getAs("coefficient")).isCloseTo(0.85, within(0.06));
        assertThat(east.<Double>getAs("coefficient")).isGreaterThan(west.getAs("high"));
        assertThat(east.<Long>getAs("respondents")).isEqualTo(200);
        assertThat(east.<Integer>getAs("failed_replicates")).isZero();
        assertThat(row(paths, "segment_value = 'East' and from_construct = 'quality' and to_construct = 'loyalty'")
                        .<Double>getAs("coefficient"))
                .as("acts over satisfaction only")
                .isNull();
        Dataset<Row> items = new PathIndicator(AS_OF).from(table -> figures);
        assertThat(row(items, "segment = 'all' and indicator = 'q2'").<Double>getAs("loading"))
                .as("a reversed item is turned over")
                .isGreaterThan(0.8);
        Dataset<Row> scores = new ConstructScore(AS_OF).from(table -> figures);
        assertThat(row(scores, "segment = 'all' and construct = 'satisfaction'").<Double>getAs("score"))
                .isCloseTo(50, within(4.0));
        Dataset<Row> drivers = new SatisfactionDriver(AS_OF).from(table -> figures);
        Row goods = row(drivers, "segment_value = 'East' and predictor = 'goods'");
        Row service = row(drivers, "segment_value = 'East' and predictor = 'service'");
        assertThat(goods.<Double>getAs("johnson") + service.<Double>getAs("johnson"))
                .isCloseTo(goods.<Double>getAs("r_squared"), within(1e-9));
        Dataset<Row> invariance = new MeasurementInvariance(AS_OF).from(table -> figures);
        assertThat(row(invariance, "segment_value = 'East' and construct = 'quality'")
                        .<String>getAs("invariance"))
                .isIn("partial", "full");
        for (Dataset<Row> table : List.of(paths, items, scores, drivers, invariance)) {
            assertThat(table.where("segment_value in ('North', 'South') and not is_suppressed")
                            .count())
                    .isZero();
        }
        assertThat(Audit.of(PathCoefficient.TABLE, paths).breaches()).isEmpty();
        assertThat(Audit.of(PathIndicator.TABLE, items).breaches()).isEmpty();
        assertThat(Audit.of(ConstructScore.TABLE, scores).breaches()).isEmpty();
        assertThat(Audit.of(SatisfactionDriver.TABLE, drivers).breaches()).isEmpty();
        assertThat(Audit.of(MeasurementInvariance.TABLE, invariance).breaches()).isEmpty();
    }

    /** What is hidden among the cells is hidden here, and so is what they do not know. */
    @Test
    void hidesWhatIsHiddenElsewhere() {
        Dataset<Row> hidden = figures(responses(), SHOWN).where("segment_value in ('North', 'South')");
        assertThat(hidden.count()).isPositive();
        assertThat(hidden.where("not is_suppressed or value is not null or respondents is not null")
                        .count())
                .isZero();
        Set<String> measures = Set.copyOf(hidden.select("measure").distinct().collectAsList().stream()
                .map(row -> row.getString(0))
                .toList());
        assertThat(measures).contains("path", "index", "weight", "correlation", "johnson");
    }

    private static final String KEYS =
            "response_key | population | wave | customer_id | weight | psu | answers | segments | csi%n";

    /** The questionnaire of this test with one more item, which is in no figure but those of model and drivers. */
    private static Job.Satisfaction withComplaints() {
        Questionnaire small = Surveys.questionnaire();
        List<Questionnaire.Item> items = new ArrayList<>(small.items());
        items.add(Surveys.item("c", 0, 10, Optional.empty()));
        SurveyModel.PathModel paths = new SurveyModel.PathModel(
                List.of(
                        new SurveyModel.Construct("quality", List.of("q1", "q2"), false),
                        new SurveyModel.Construct("complaints", List.of("c"), false)),
                List.of(new SurveyModel.Path("quality", "complaints")),
                SurveyModel.Scheme.PATH,
                false,
                false,
                false);
        Map<String, List<String>> predictors = new LinkedHashMap<>();
        predictors.put("goods", List.of("q1"));
        predictors.put("complaints", List.of("c"));
        return Surveys.satisfaction(
                with(small, items, paths, new SurveyModel.Drivers(List.of("o"), predictors, false)), 10);
    }

    private static Questionnaire with(
            Questionnaire small,
            List<Questionnaire.Item> items,
            SurveyModel.PathModel paths,
            SurveyModel.Drivers drivers) {
        return new Questionnaire(
                small.name(),
                items,
                small.groups(),
                small.groupings(),
                small.waves(),
                List.of(),
                Optional.empty(),
                small.digest(),
                Optional.of(new SurveyModel(Optional.of(paths), Optional.of(drivers), 20, 1)));
    }

    /** The figures by the masks that the cells of the same answers have. */
    private static Dataset<Row> suppressed(Job.Satisfaction satisfaction, String picture) {
        return suppressed(AS_OF, satisfaction, picture);
    }

    private static Dataset<Row> suppressed(LocalDate asOf, Job.Satisfaction satisfaction, String picture) {
        Dataset<Row> responses = rows(SurveyResponse.TABLE, picture);
        Dataset<Row> masks = new SatisfactionCell(asOf, satisfaction, REGION)
                .from(table -> responses)
                .localCheckpoint();
        Dataset<Row> moments = new MomentCell(asOf, satisfaction, REGION)
                .from(table -> responses)
                .localCheckpoint();
        Dataset<Row> figures = new PathFigure(satisfaction)
                .from(table -> table.equals(MomentCell.TABLE) ? moments : masks)
                .localCheckpoint();
        assertThat(Audit.of(PathFigure.TABLE, figures).breaches()).isEmpty();
        return figures;
    }

    private static String answers(int i) {
        return "%d, %d, %d, %d".formatted(i * 37 % 101, (i * 37 + i * 11 % 40) % 101, 1 + i * 13 % 7, i % 11);
    }

    /** Three of South's 40 say how often they complained: their mean is theirs alone, and so is all less the others. */
    @Test
    void hidesCellsOfWhichAnItemIsHidden() {
        StringBuilder picture = new StringBuilder(KEYS.formatted());
        for (int i = 0; i < 150; i++) {
            String region = i < 60 ? "East" : i < 110 ? "West" : "South";
            String complaints = i < 113 ? String.valueOf(i * 7 % 11) : "";
            picture.append("%d | customer | 2026Q3 | c%d | 1 | | %s, %s | %s | 50%n"
                    .formatted(i, i, answers(i), complaints, region));
        }
        Dataset<Row> figures = suppressed(withComplaints(), picture.toString());
        Dataset<Row> scores = new ConstructScore(AS_OF).from(table -> figures);
        Dataset<Row> drivers = new SatisfactionDriver(AS_OF).from(table -> figures);
        String isFarFromView = "is_suppressed and respondents is null and reason is null";

        assertThat(scores.where("segment_value in ('South', 'West')").count()).isEqualTo(4);
        assertThat(scores.where("segment_value in ('South', 'West') and " + isFarFromView + " and score is null")
                        .count())
                .isEqualTo(4);
        assertThat(drivers.where("segment_value in ('South', 'West') and " + isFarFromView + " and performance is null")
                        .count())
                .isEqualTo(4);
        assertThat(row(scores, "segment_value = 'East' and construct = 'complaints'")
                        .<Double>getAs("score"))
                .isBetween(40.0, 60.0);
        assertThat(row(scores, "segment = 'all' and construct = 'complaints'").<Long>getAs("respondents"))
                .isEqualTo(150);
        assertThat(row(scores, "segment = 'all' and construct = 'complaints'").<Boolean>getAs("is_admissible"))
                .isTrue();
    }

    /** Eight customers of South answered in two branches each: they are eight, and West would give them away. */
    @Test
    void countsACustomerOfTwoSamplingUnitsOnce() {
        StringBuilder picture = new StringBuilder(KEYS.formatted());
        for (int i = 0; i < 88; i++) {
            String region = i < 40 ? "East" : i < 72 ? "West" : "South";
            picture.append("%d | customer | 2026Q3 | c%d | 1 | p%d | %s, %d | %s | 50%n"
                    .formatted(i, i / 2, i % 2 * 20 + i % 18, answers(i), i * 7 % 11, region));
        }
        Dataset<Row> figures = suppressed(withComplaints(), picture.toString());
        Dataset<Row> scores = new ConstructScore(AS_OF).from(table -> figures);

        assertThat(row(scores, "segment_value = 'East' and construct = 'complaints'")
                        .<Long>getAs("respondents"))
                .isEqualTo(20);
        assertThat(row(scores, "segment = 'all' and construct = 'complaints'").<Long>getAs("respondents"))
                .isEqualTo(44);
        assertThat(scores.where("segment_value in ('South', 'West') and is_suppressed and score is null")
                        .count())
                .isEqualTo(4);
    }

    /** In West the items of quality hardly agree, and loyalty is their sum: corrected, the two correlate beyond 1. */
    @Test
    void aSegmentThatCannotBeCorrectedIsSaidNotFatal() {
        Random random = new Random(5);
        StringBuilder picture = new StringBuilder(KEYS.formatted());
        for (int i = 0; i < 300; i++) {
            boolean isEast = i < 200;
            double quality = random.nextGaussian();
            double other = isEast ? quality + 0.4 * noise(random) : 0.2 * quality + noise(random);
            double satisfied = isEast ? 0.8 * quality + 0.5 * noise(random) : noise(random) + 0.2 * quality;
            double loyal = isEast ? 0.8 * satisfied + 0.5 * noise(random) : 0.7 * (quality + other);
            picture.append("%d | customer | 2026Q3 | c%d | 1 | | %d, %d, %d, %d | %s | 50%n"
                    .formatted(
                            i,
                            i,
                            bounded(0, 100, 50 + 15 * quality),
                            bounded(0, 100, 50 + 15 * other),
                            bounded(1, 7, 4 + 1.5 * satisfied),
                            bounded(0, 10, 5 + 2 * loyal),
                            isEast ? "East" : "West"));
        }
        Questionnaire small = Surveys.questionnaire();
        SurveyModel.PathModel paths = satisfaction()
                .questionnaire()
                .model()
                .flatMap(SurveyModel::paths)
                .orElseThrow();
        SurveyModel.Drivers drivers = new SurveyModel.Drivers(List.of("o"), Map.of("goods", List.of("q1")), false);
        SurveyModel.PathModel corrected = new SurveyModel.PathModel(
                paths.constructs(), paths.paths(), SurveyModel.Scheme.PATH, true, true, false);
        Dataset<Row> figures = suppressed(
                Surveys.satisfaction(with(small, small.items(), corrected, drivers), 10), picture.toString());
        Dataset<Row> scores = new ConstructScore(AS_OF).from(table -> figures);
        Dataset<Row> validity = new ConstructValidity(AS_OF).from(table -> figures);

        assertThat(Audit.of(ConstructScore.TABLE, scores).breaches()).isEmpty();
        assertThat(Audit.of(ConstructValidity.TABLE, validity).breaches()).isEmpty();
        Row west = row(scores, "segment_value = 'West' and construct = 'quality'");
        assertThat(west.<Object>getAs("score")).isNull();
        assertThat(west.<Object>getAs("is_admissible")).isNull();
        assertThat(west.<String>getAs("reason")).contains("quality and loyalty correlate by 1.");
        Row east = row(scores, "segment_value = 'East' and construct = 'quality'");
        assertThat(east.<Double>getAs("score")).isCloseTo(50, within(5.0));
        assertThat(east.<Boolean>getAs("is_admissible")).isTrue();
    }

    /** Items that form quality have no reliability, in no replicate either: that is no failure of theirs. */
    @Test
    void whatAFormedConstructDoesNotHaveHasNotFailed() {
        StringBuilder picture = new StringBuilder(KEYS.formatted());
        for (int i = 0; i < 150; i++) {
            picture.append("%d | customer | 2026Q3 | c%d | 1 | | %s | East | 50%n".formatted(i, i, answers(i)));
        }
        Questionnaire small = Surveys.questionnaire();
        SurveyModel.PathModel formed = new SurveyModel.PathModel(
                List.of(
                        new SurveyModel.Construct("quality", List.of("q1", "q2"), true),
                        new SurveyModel.Construct("loyalty", List.of("r"), false)),
                List.of(new SurveyModel.Path("quality", "loyalty")),
                SurveyModel.Scheme.PATH,
                false,
                false,
                false);
        SurveyModel.Drivers drivers = new SurveyModel.Drivers(List.of("o"), Map.of("goods", List.of("q1")), false);
        Dataset<Row> figures =
                suppressed(Surveys.satisfaction(with(small, small.items(), formed, drivers), 10), picture.toString());
        Row quality =
                row(new ConstructScore(AS_OF).from(table -> figures), "segment = 'all' and construct = 'quality'");

        assertThat(quality.<Object>getAs("alpha")).isNull();
        assertThat(quality.<Double>getAs("ave")).isPositive();
        assertThat(quality.<Integer>getAs("replicates")).isEqualTo(20);
        assertThat(quality.<Integer>getAs("failed_replicates")).isZero();
    }

    /** A model with the constructs of {@link #satisfaction()} and other paths and ways. */
    private static Job.Satisfaction modelled(boolean isConsistent, boolean isPairwise, String... arrows) {
        Questionnaire small = Surveys.questionnaire();
        SurveyModel.PathModel known = satisfaction()
                .questionnaire()
                .model()
                .flatMap(SurveyModel::paths)
                .orElseThrow();
        List<SurveyModel.Path> paths = Stream.of(arrows)
                .map(arrow -> arrow.split(" -> "))
                .map(ends -> new SurveyModel.Path(ends[0], ends[1]))
                .toList();
        return Surveys.satisfaction(
                with(
                        small,
                        small.items(),
                        new SurveyModel.PathModel(
                                known.constructs(), paths, SurveyModel.Scheme.PATH, true, isConsistent, isPairwise),
                        new SurveyModel.Drivers(List.of("o"), Map.of("goods", List.of("q1")), false)),
                10);
    }

    /**
     * In West one item of quality goes with satisfaction and the other with loyalty, which have nothing in common: what
     * both have in common with quality, corrected, is more than can be.
     */
    @Test
    void constructsThatCannotBeToldApartAreSaidAndTheirFiguresStay() {
        Random random = new Random(11);
        StringBuilder picture = new StringBuilder(KEYS.formatted());
        for (int i = 0; i < 700; i++) {
            boolean isEast = i < 300;
            double satisfied = noise(random);
            double loyal = isEast ? 0.6 * satisfied + 0.8 * noise(random) : noise(random);
            double common = noise(random);
            double first = isEast ? 0.6 * satisfied + 0.7 * common : 0.8 * satisfied + 0.49 * common;
            double second = isEast ? 0.6 * satisfied + 0.7 * common : 0.8 * loyal + 0.49 * common;
            picture.append("%d | customer | 2026Q3 | c%d | 1 | | %d, %d, %d, %d | %s | 50%n"
                    .formatted(
                            i,
                            i,
                            bounded(0, 100, 50 + 15 * (first + 0.35 * noise(random))),
                            bounded(0, 100, 50 + 15 * (second + 0.35 * noise(random))),
                            bounded(1, 7, 4 + 1.2 * satisfied),
                            bounded(0, 10, 5 + 2 * loyal),
                            isEast ? "East" : "West"));
        }
        Dataset<Row> figures =
                suppressed(modelled(true, false, "quality -> satisfaction", "quality -> loyalty"), picture.toString());
        Dataset<Row> scores = new ConstructScore(AS_OF).from(table -> figures);

        assertThat(Audit.of(ConstructScore.TABLE, scores).breaches()).isEmpty();
        assertThat(picture(scores.where("segment = 'region'"), "segment_value", "construct", "is_admissible", "reason"))
                .isEqualTo("""
                segment_value | construct | is_admissible | reason
                East | loyalty | true |
                East | quality | true |
                East | satisfaction | true |
                West | loyalty | false |
                West | quality | false |
                West | satisfaction | false |
                """);
        assertThat(row(scores, "segment_value = 'West' and construct = 'quality'")
                        .<Double>getAs("score"))
                .isBetween(45.0, 55.0);
    }

    /** Weighted, one answer in seven missing, drawn as six branches of each of three strata, in two waves of two populations. */
    @Test
    void aWaveOfAPopulationStandsForItselfByItsStrataAndBranches() {
        Random random = new Random(17);
        StringBuilder picture = new StringBuilder(
                "response_key | population | wave | customer_id | weight | stratum | psu | answers | segments | csi\n");
        List<double[]> complete = new ArrayList<>();
        for (String population : List.of("customer", "dealer")) {
            for (String wave : List.of("2026Q3", "2026Q4")) {
                double acts = (population.equals("dealer") ? 0.2 : 0.6) + (wave.equals("2026Q4") ? 0.3 : 0);
                for (int i = 0; i < 180; i++) {
                    int stratum = i % 3;
                    int psu = i / 3 % 6;
                    double quality = noise(random) + 0.5 * psu / 6;
                    double satisfied = 0.7 * quality + 0.6 * noise(random);
                    long o = bounded(1, 7, 4 + 1.5 * satisfied);
                    long r = bounded(0, 10, 5 + 2 * (acts * satisfied + 0.6 * noise(random)));
                    double weight = 0.5 + stratum;
                    boolean isMissing = i % 7 == 0;
                    if (!isMissing && population.equals("dealer") && wave.equals("2026Q4")) {
                        complete.add(new double[] {weight, o, r});
                    }
                    picture.append("%d | %s | %s | %s%d | %s | s%d | b%d-%d | %d, %d, %d, %s | %s | 50%n"
                            .formatted(
                                    i,
                                    population,
                                    wave,
                                    population,
                                    i,
                                    weight,
                                    stratum,
                                    stratum,
                                    psu,
                                    bounded(0, 100, 50 + 15 * (quality + 0.5 * noise(random))),
                                    bounded(0, 100, 50 + 15 * (quality + 0.5 * noise(random))),
                                    o,
                                    isMissing ? "" : String.valueOf(r),
                                    i % 2 == 0 ? "East" : "West"));
                }
            }
        }
        LocalDate later = LocalDate.of(2027, 2, 1);
        Job.Satisfaction pairwise = modelled(false, true, "quality -> satisfaction", "satisfaction -> loyalty");
        Dataset<Row> figures = suppressed(later, pairwise, picture.toString());
        Dataset<Row> paths = new PathCoefficient(later).from(table -> figures);
        assertThat(Audit.of(PathCoefficient.TABLE, paths).breaches()).isEmpty();
        String loyalty = "to_construct = 'loyalty' and from_construct = 'satisfaction'";

        assertThat(picture(
                        paths.where(loyalty + " and coefficient is not null"),
                        "population",
                        "wave",
                        "segment_value",
                        "respondents",
                        "is_suppressed"))
                .isEqualTo("""
                population | wave | segment_value | respondents | is_suppressed
                customer | 2026Q3 | East | 90 | false
                customer | 2026Q3 | West | 90 | false
                customer | 2026Q3 | all | 180 | false
                customer | 2026Q4 | East | 90 | false
                customer | 2026Q4 | West | 90 | false
                customer | 2026Q4 | all | 180 | false
                dealer | 2026Q3 | East | 90 | false
                dealer | 2026Q3 | West | 90 | false
                dealer | 2026Q3 | all | 180 | false
                dealer | 2026Q4 | East | 90 | false
                dealer | 2026Q4 | West | 90 | false
                dealer | 2026Q4 | all | 180 | false
                """);
        Row dealers = row(paths, loyalty + " and segment = 'all' and population = 'dealer' and wave = '2026Q4'");
        double coefficient = dealers.<Double>getAs("coefficient");
        // an answer taken to be the mean would pull the correlation down by the root of one in seven
        assertThat(coefficient)
                .isCloseTo(correlation(complete), withinPercentage(3))
                .isBetween(0.3, 0.8);
        assertThat((fishers(dealers.getAs("high")) - fishers(coefficient))
                        * (1 - coefficient * coefficient)
                        / dealers.<Double>getAs("standard_error"))
                .as("18 branches less 3 strata, on the scale of a correlation")
                .isCloseTo(new TDistribution(15).inverseCumulativeProbability(0.975), within(1e-6));

        String mine = "dealer | 2026Q4";
        String alone = picture.toString()
                .lines()
                .filter(line -> line.startsWith("response_key") || line.contains(mine))
                .collect(Collectors.joining("\n"));
        Dataset<Row> itself = suppressed(later, pairwise, alone).where("segment = 'all'");
        assertThat(Digest.of(PathFigure.TABLE, itself))
                .isEqualTo(Digest.of(
                        PathFigure.TABLE,
                        figures.where("segment = 'all' and population = 'dealer' and wave = '2026Q4'")));
    }

    /** Of weight, first and second value. */
    private static double correlation(List<double[]> rows) {
        double[] sums = new double[6];
        for (double[] row : rows) {
            double[] terms = {1, row[1], row[2], row[1] * row[1], row[2] * row[2], row[1] * row[2]};
            for (int i = 0; i < sums.length; i++) {
                sums[i] += row[0] * terms[i];
            }
        }
        double n = sums[0];
        return (sums[5] / n - sums[1] * sums[2] / n / n)
                / StrictMath.sqrt(
                        (sums[3] / n - sums[1] * sums[1] / n / n) * (sums[4] / n - sums[2] * sums[2] / n / n));
    }

    @Test
    void knowsNoPartition() {
        Dataset<Row> responses = responses();
        String one = Digest.of(PathFigure.TABLE, figures(responses.repartition(1), SHOWN))
                .digest();
        assertThat(Digest.of(PathFigure.TABLE, figures(responses.repartition(5), SHOWN))
                        .digest())
                .isEqualTo(one);
    }

    @Test
    void saysWhyThereIsNoFit() {
        StringBuilder picture =
                new StringBuilder("response_key | population | wave | weight | answers | segments | csi\n");
        for (int i = 0; i < 20; i++) {
            picture.append("%d | customer | 2026Q3 | 1 | %d, %d, 4, %d | East | 50%n".formatted(i, i, 20 - i, i % 11));
        }
        Dataset<Row> figures = figures(rows(SurveyResponse.TABLE, picture.toString()), SHOWN);
        assertThat(row(figures, "segment = 'all' and measure = 'path' and of_end = 'quality'")
                        .<String>getAs("reason"))
                .contains("o");
        assertThat(row(figures, "segment = 'all' and measure = 'johnson' and of_end = 'goods'")
                        .<String>getAs("reason"))
                .isNotBlank();
    }

    private static double fishers(double correlation) {
        return StrictMath.log((1 + correlation) / (1 - correlation)) / 2;
    }
}

package manyi.math.survey;

import static manyi.math.pls.Measure.PATH;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.IntStream;
import manyi.math.moment.Moments;
import manyi.math.pls.Bootstrap;
import manyi.math.pls.Draws;
import manyi.math.pls.Figure;
import manyi.math.pls.Interval;
import manyi.math.pls.PathFit;
import manyi.math.pls.PathModel;
import manyi.math.pls.PathModel.Construct;
import manyi.math.pls.PathModel.Item;
import manyi.math.pls.PathModel.Mode;
import manyi.math.pls.Replicates;
import manyi.math.survey.SurveyedWorld.Cluster;
import manyi.math.survey.SurveyedWorld.Response;
import manyi.math.survey.SurveyedWorld.Survey;
import org.junit.jupiter.api.Test;

/**
 * Limits at 95 % hold the truth in 93.5 to 96.5 of 100 surveys with strata, clusters and unequal weights, from
 * {@value #BOUNDED} degrees of freedom on. {@code -Dmanyi.repetitions=4000} makes a study of it; the shares are then in
 * {@code target/coverage-survey-*.md}.
 */
class SurveyCoverageTest {

    private static final int REPETITIONS = Integer.getInteger("manyi.repetitions", 300);
    private static final int REPLICATES = 200;
    private static final int BOUNDED = 15;
    private static final List<Double> MODERATE = List.of(3., 4., 5., 6., 7.);

    private static final PathModel MODEL = new PathModel(
            IntStream.range(0, SurveyedWorld.ITEMS)
                    .mapToObj(item -> new Item("item " + item, 0, 10))
                    .toList(),
            List.of(
                    new Construct("Image", List.of(0, 1, 2), Mode.A),
                    new Construct("Quality", List.of(3, 4, 5), Mode.A),
                    new Construct("Satisfaction", List.of(6, 7, 8), Mode.A)),
            List.of(
                    new PathModel.Path("Image", "Quality"),
                    new PathModel.Path("Image", "Satisfaction"),
                    new PathModel.Path("Quality", "Satisfaction")));

    /** What one survey says of a figure. */
    private record Said(double truth, double estimate, double error, long degreesOfFreedom, double low, double high) {
        boolean holds() {
            return low <= truth && truth <= high;
        }
    }

    @Test
    void limitsHoldWithFiveStrataOfFourClusters() throws IOException {
        assertCoverage("5-strata-of-4", new SurveyedWorld(MODERATE, 4, 0.4), true);
    }

    @Test
    void limitsHoldWithFiveStrataOfSixClusters() throws IOException {
        assertCoverage("5-strata-of-6", new SurveyedWorld(MODERATE, 6, 0.4), true);
    }

    @Test
    void limitsHoldWithFiveStrataOfTwelveClusters() throws IOException {
        assertCoverage("5-strata-of-12", new SurveyedWorld(MODERATE, 12, 0.4), true);
    }

    /** Few clusters: reported, not bounded. */
    @Test
    void tellsHowOftenLimitsHoldWithFourStrataOfTwoClusters() throws IOException {
        assertCoverage("4-strata-of-2", new SurveyedWorld(MODERATE.subList(0, 4), 2, 0.4), false);
    }

    /** One stratum has four tenths of the customers and a fifth of the clusters: reported, not bounded. */
    @Test
    void tellsHowOftenLimitsHoldWithVeryUnequalWeights() throws IOException {
        assertCoverage("5-strata-of-6-steep", new SurveyedWorld(List.of(1., 1., 2., 4., 8.), 6, 0.4), false);
    }

    /** Strata that lie a standard deviation and a half apart: reported, not bounded. */
    @Test
    void tellsHowOftenLimitsHoldWithStrataFarApart() throws IOException {
        assertCoverage("5-strata-of-6-apart", new SurveyedWorld(MODERATE, 6, 1.5), false);
    }

    /** The truth by quadrature is what many answers say. */
    @Test
    void truthIsWhereLargeSurveysGo() {
        var world = new SurveyedWorld(MODERATE, 500, 0.4);
        Survey survey = world.draw(1);

        Map<String, Said> said = figures(world, survey);
        PathFit fit = (PathFit) MODEL.fit(
                Moments.sum(moments(survey.earlier()), ones(survey.earlier().size())));

        said.values().forEach(one -> assertThat(one.estimate()).isCloseTo(one.truth(), within(4 * one.error())));
        assertThat(fit.value(PATH, "Quality", "Satisfaction"))
                .isCloseTo(world.fit(MODEL).value(PATH, "Quality", "Satisfaction"), within(0.03));
        assertThat(fit.value(PATH, "Image", "Quality"))
                .isCloseTo(world.fit(MODEL).value(PATH, "Image", "Quality"), within(0.03));
    }

    private static void assertCoverage(String name, SurveyedWorld world, boolean isBounded) throws IOException {
        PathFit truth = world.fit(MODEL);
        List<Map<String, Said>> surveys = IntStream.range(0, REPETITIONS)
                .parallel()
                .mapToObj(repetition -> {
                    long seed = 1_000_003L * repetition + 17;
                    Survey survey = world.draw(seed);
                    Map<String, Said> said = figures(world, survey);
                    addPaths(said, truth, survey, world.shares().size(), seed);
                    return said;
                })
                .toList();
        StringBuilder report = new StringBuilder();
        report.append(
                "| %s | degrees of freedom | held | error over spread | bias over spread |%n|---|---|---|---|---|%n"
                        .formatted(name));
        // the binomial spread of a share of 0.95, three times, where it is wider than what a study has to keep
        double slack = StrictMath.max(0.015, 3 * StrictMath.sqrt(0.95 * 0.05 / REPETITIONS));
        Map<String, Double> shares = new LinkedHashMap<>();
        for (String figure : surveys.get(0).keySet()) {
            List<Said> all = surveys.stream().map(survey -> survey.get(figure)).toList();
            double held = all.stream().filter(Said::holds).count() / (double) REPETITIONS;
            double least =
                    all.stream().mapToDouble(Said::degreesOfFreedom).min().orElseThrow();
            double centre = all.stream()
                    .mapToDouble(one -> one.estimate() - one.truth())
                    .average()
                    .orElseThrow();
            double spread = StrictMath.sqrt(all.stream()
                    .mapToDouble(one -> StrictMath.pow(one.estimate() - one.truth() - centre, 2))
                    .average()
                    .orElseThrow());
            double error = StrictMath.sqrt(all.stream()
                    .mapToDouble(one -> one.error() * one.error())
                    .average()
                    .orElseThrow());
            report.append(String.format(
                    Locale.ROOT,
                    "| %s | %.0f | %.4f | %.3f | %.3f |%n",
                    figure,
                    least,
                    held,
                    error / spread,
                    centre / spread));
            if (isBounded && least >= BOUNDED) {
                shares.put(figure, held);
            }
        }
        Files.createDirectories(Path.of("target"));
        Files.writeString(Path.of("target/coverage-survey-" + name + ".md"), report);
        assertThat(shares.values()).as(report.toString()).allMatch(held -> StrictMath.abs(held - 0.95) <= slack);
        if (isBounded) {
            assertThat(shares).hasSizeGreaterThanOrEqualTo(4);
        }
    }

    /** The index of everybody and of the heavy users, and the change of everybody's, as the tables make them. */
    private static Map<String, Said> figures(SurveyedWorld world, Survey survey) {
        int strata = world.shares().size();
        List<Map<Integer, SamplingUnit>> earlier = units(survey.earlier(), strata, false);
        List<Map<Integer, SamplingUnit>> later = units(survey.later(), strata, false);
        List<Map<Integer, SamplingUnit>> heavy = units(survey.earlier(), strata, true);
        DesignSums first = new DesignSums(1);
        DesignSums second = new DesignSums(1);
        DesignSums ofHeavy = new DesignSums(1);
        ChangeSums change = new ChangeSums(1);
        SecondStage none = new SecondStage(0, 0);
        for (int stratum = 0; stratum < strata; stratum++) {
            DomainSums before = new DomainSums(1);
            DomainSums now = new DomainSums(1);
            DomainSums domain = new DomainSums(1);
            PairSums pairs = new PairSums(1);
            Map<Integer, SamplingUnit> then = earlier.get(stratum);
            Map<Integer, SamplingUnit> part = heavy.get(stratum);
            then.values().forEach(unit -> before.add(unit, none));
            part.forEach((name, unit) -> domain.add(unit, then.get(name), none));
            long both = 0;
            for (var unit : later.get(stratum).entrySet()) {
                now.add(unit.getValue(), none);
                if (then.containsKey(unit.getKey())) {
                    pairs.add(then.get(unit.getKey()), unit.getValue());
                    both++;
                }
            }
            first.add(before, before, new Stratum(then.size(), 0));
            second.add(now, now, new Stratum(later.get(stratum).size(), 0));
            ofHeavy.add(domain, before, new Stratum(then.size(), 0));
            change.add(before, now, pairs, then.size() + later.get(stratum).size() - both);
        }
        WeightedMean index = WeightedMean.of(first, 0);
        double truthBefore = world.index(0, false);
        Map<String, Said> said = new LinkedHashMap<>();
        said.put("index of everybody", said(truthBefore, index.estimate()));
        said.put(
                "index of the heavy users",
                said(world.index(0, true), WeightedMean.of(ofHeavy, 0).estimate()));
        said.put(
                "change of everybody's index",
                said(world.index(1, false) - truthBefore, change(index, WeightedMean.of(second, 0), change)));
        return said;
    }

    private static Said said(double truth, Estimate estimate) {
        return new Said(
                truth,
                estimate.mean(),
                estimate.standardError(),
                estimate.degreesOfFreedom(),
                estimate.low(),
                estimate.high());
    }

    /** The units by stratum and name; of the heavy users where asked so, those without one left out. */
    private static List<Map<Integer, SamplingUnit>> units(List<Cluster> clusters, int strata, boolean isOfHeavy) {
        List<Map<Integer, SamplingUnit>> units = new ArrayList<>();
        IntStream.range(0, strata).forEach(stratum -> units.add(new HashMap<>()));
        for (Cluster cluster : clusters) {
            for (Response response : cluster.responses()) {
                if (response.isHeavy() || !isOfHeavy) {
                    Answers customer = new Answers(1);
                    customer.add(0, billionths(response.weight()), billionths(response.index()));
                    units.get(cluster.stratum())
                            .computeIfAbsent(cluster.name(), any -> new SamplingUnit(1))
                            .add(customer, true);
                }
            }
        }
        return units;
    }

    private static Estimate change(WeightedMean earlier, WeightedMean later, ChangeSums sums) {
        WeightedMean before =
                with(earlier, sums, ChangeSums.Sum.EARLIER_AA, ChangeSums.Sum.EARLIER_AB, ChangeSums.Sum.EARLIER_BB);
        WeightedMean now = with(later, sums, ChangeSums.Sum.LATER_AA, ChangeSums.Sum.LATER_AB, ChangeSums.Sum.LATER_BB);
        var cross = new WeightedMean.Cross(
                sums.sum(0, ChangeSums.Sum.XAA),
                sums.sum(0, ChangeSums.Sum.XBA),
                sums.sum(0, ChangeSums.Sum.XAB),
                sums.sum(0, ChangeSums.Sum.XBB));
        return now.less(before, cross, sums.count(0, ChangeSums.Count.PSUS) - sums.count(0, ChangeSums.Count.STRATA));
    }

    private static WeightedMean with(
            WeightedMean mean, ChangeSums sums, ChangeSums.Sum aa, ChangeSums.Sum ab, ChangeSums.Sum bb) {
        return new WeightedMean(
                mean.psus(),
                mean.strata(),
                mean.total(),
                mean.weight(),
                sums.sum(0, aa),
                sums.sum(0, ab),
                sums.sum(0, bb),
                mean.isConstant(),
                false);
    }

    private static void addPaths(Map<String, Said> said, PathFit truth, Survey survey, int strata, long seed) {
        List<Moments> groups = moments(survey.earlier());
        List<Draws.Stratum> design = IntStream.range(0, strata)
                .mapToObj(stratum -> new Draws.Stratum("stratum " + stratum, (int) survey.earlier().stream()
                        .filter(cluster -> cluster.stratum() == stratum)
                        .count()))
                .toList();
        Draws draws = Draws.raoWu(seed, REPLICATES, design);
        PathFit fit = (PathFit) MODEL.fit(Moments.sum(groups, ones(groups.size())));
        Bootstrap bootstrap = Bootstrap.own(fit, Replicates.of(MODEL, groups, draws));
        for (PathModel.Path path : List.of(MODEL.paths().get(0), MODEL.paths().get(2))) {
            Interval interval = bootstrap.intervals().stream()
                    .filter(each -> each.figure().equals(new Figure(PATH, path.from(), path.to())))
                    .findFirst()
                    .orElseThrow();
            said.put(
                    "path from " + path.from() + " to " + path.to(),
                    new Said(
                            truth.value(PATH, path.from(), path.to()),
                            interval.estimate(),
                            interval.standardError(),
                            interval.degreesOfFreedom(),
                            interval.low(),
                            interval.high()));
        }
    }

    /** The moments of each cluster; clusters come stratum by stratum. */
    private static List<Moments> moments(List<Cluster> clusters) {
        return clusters.stream()
                .map(cluster -> Moments.of(
                        cluster.responses().stream()
                                .map(response -> Arrays.stream(response.answers())
                                        .mapToDouble(answer -> answer - 5)
                                        .toArray())
                                .toArray(double[][]::new),
                        cluster.responses().stream()
                                .mapToDouble(Response::weight)
                                .toArray()))
                .toList();
    }

    private static double[] ones(int count) {
        double[] ones = new double[count];
        Arrays.fill(ones, 1);
        return ones;
    }

    private static long billionths(double value) {
        return StrictMath.round(value * 1e9);
    }
}

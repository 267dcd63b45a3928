package manyi.math.pls;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.IntStream;
import manyi.math.moment.Moments;
import manyi.math.pls.PathModel.Construct;
import manyi.math.pls.PathModel.Item;
import manyi.math.pls.PathModel.Mode;
import org.junit.jupiter.api.Test;

/**
 * Surveys in which one of two regions answers too seldom, raked to the regions. Replicates draw groups of respondents by
 * their raked weights as they are: how far are their errors from those of replicates that are raked anew, and from the
 * truth?
 */
class RakedReplicatesTest {

    private static final int SURVEYS = Integer.getInteger("manyi.repetitions", 150);
    private static final int REPLICATES = 100;
    private static final int RESPONDENTS = 300;
    private static final int GROUPS = 60;

    private static final PathModel MODEL = new PathModel(
            IntStream.range(0, 4)
                    .mapToObj(item -> new Item("item " + item, 0, 10))
                    .toList(),
            List.of(
                    new Construct("Quality", List.of(0, 1), Mode.A),
                    new Construct("Satisfaction", List.of(2, 3), Mode.A)),
            List.of(new PathModel.Path("Quality", "Satisfaction")));

    private record Respondent(boolean isOfTheNorth, List<Double> answers) {}

    /** Errors over the spread of the estimates: of replicates as they are, and of such as are raked anew. */
    private record Ratio(double asTheyAre, double rakedAnew) {}

    /** The margins explain two fifths of the variance of satisfaction, and nothing of how it follows quality. */
    @Test
    void errorsAreTooLargeWhereTheMarginsExplainTheAnswers() {
        Map<String, Ratio> apart = ratios(2.5);

        assertThat(apart.get("index").asTheyAre()).as(apart.toString()).isBetween(1.15, 1.5);
        assertThat(apart.get("index").rakedAnew()).as(apart.toString()).isBetween(0.85, 1.15);
        assertThat(apart.get("path").asTheyAre()).as(apart.toString()).isBetween(0.85, 1.3);
        assertThat(apart.get("path").rakedAnew()).as(apart.toString()).isBetween(0.85, 1.15);
    }

    @Test
    void errorsAreRightWhereTheMarginsExplainNothing() {
        Map<String, Ratio> alike = ratios(0);

        alike.values()
                .forEach(ratio ->
                        assertThat(ratio.asTheyAre()).as(alike.toString()).isBetween(0.85, 1.15));
    }

    private static Map<String, Ratio> ratios(double apart) {
        Map<String, List<double[]>> said = new LinkedHashMap<>();
        for (int survey = 0; survey < SURVEYS; survey++) {
            List<Respondent> respondents = drawn(new Random(1_000_003L * survey + 17), apart);
            Draws draws = Draws.raoWu(survey, REPLICATES, List.of(new Draws.Stratum("all", GROUPS)));
            double[] ones = new double[GROUPS];
            Arrays.fill(ones, 1);
            double[] weights = raked(respondents, ones);
            List<Moments> groups = IntStream.range(0, GROUPS)
                    .mapToObj(group -> moments(
                            IntStream.range(0, RESPONDENTS)
                                    .filter(i -> i % GROUPS == group)
                                    .mapToObj(respondents::get)
                                    .toList(),
                            IntStream.range(0, RESPONDENTS)
                                    .filter(i -> i % GROUPS == group)
                                    .mapToDouble(i -> weights[i])
                                    .toArray()))
                    .toList();
            PathFit fit = (PathFit) MODEL.fit(Moments.sum(groups, ones));
            Bootstrap asTheyAre = Bootstrap.own(fit, Replicates.of(MODEL, groups, draws));
            List<PathFit> rakedAnew = IntStream.range(0, REPLICATES)
                    .mapToObj(replicate -> {
                        double[] factors = IntStream.range(0, GROUPS)
                                .mapToDouble(group -> draws.factor(replicate, group))
                                .toArray();
                        return (PathFit) MODEL.fit(moments(respondents, raked(respondents, factors)));
                    })
                    .toList();
            add(said, "index", new Figure(Measure.INDEX, "Satisfaction", ""), fit, asTheyAre, rakedAnew);
            add(said, "path", new Figure(Measure.PATH, "Quality", "Satisfaction"), fit, asTheyAre, rakedAnew);
        }
        Map<String, Ratio> ratios = new LinkedHashMap<>();
        said.forEach((figure, all) -> {
            double spread = spread(all.stream().mapToDouble(one -> one[0]).toArray());
            ratios.put(figure, new Ratio(error(all, 1) / spread, error(all, 2) / spread));
        });
        return ratios;
    }

    /** Estimate, error of replicates as they are, error of replicates raked anew. */
    private static void add(
            Map<String, List<double[]>> said,
            String name,
            Figure figure,
            PathFit fit,
            Bootstrap asTheyAre,
            List<PathFit> rakedAnew) {
        double error = asTheyAre.intervals().stream()
                .filter(interval -> interval.figure().measure() == figure.measure()
                        && interval.figure().of().equals(figure.of()))
                .findFirst()
                .orElseThrow()
                .standardError();
        said.computeIfAbsent(name, any -> new ArrayList<>()).add(new double[] {
            value(fit, figure),
            error,
            spread(rakedAnew.stream()
                    .mapToDouble(replicate -> value(replicate, figure))
                    .toArray())
        });
    }

    private static double value(PathFit fit, Figure figure) {
        return figure.measure() == Measure.PATH
                ? fit.value(figure.measure(), figure.of(), figure.on())
                : fit.value(figure.measure(), figure.of());
    }

    /** Half of the customers live in the North, where three of ten answers come from. */
    private static List<Respondent> drawn(Random random, double apart) {
        List<Respondent> respondents = new ArrayList<>();
        for (int i = 0; i < RESPONDENTS; i++) {
            boolean isOfTheNorth = random.nextInt(10) < 3;
            double quality = random.nextGaussian();
            double satisfaction = 1.2 * quality + 0.8 * random.nextGaussian() + (isOfTheNorth ? apart : 0);
            double[] answers = {quality, quality, satisfaction, satisfaction};
            for (int item = 0; item < answers.length; item++) {
                answers[item] += 0.5 * random.nextGaussian();
            }
            respondents.add(
                    new Respondent(isOfTheNorth, Arrays.stream(answers).boxed().toList()));
        }
        return respondents;
    }

    /** Weights that make half of the North, of respondents that weigh what their group does. */
    private static double[] raked(List<Respondent> respondents, double[] factors) {
        double north = 0;
        double all = 0;
        for (int i = 0; i < RESPONDENTS; i++) {
            north += respondents.get(i).isOfTheNorth() ? factors[i % GROUPS] : 0;
            all += factors[i % GROUPS];
        }
        double[] weights = new double[RESPONDENTS];
        for (int i = 0; i < RESPONDENTS; i++) {
            weights[i] =
                    factors[i % GROUPS] * RESPONDENTS / 2 / (respondents.get(i).isOfTheNorth() ? north : all - north);
        }
        return weights;
    }

    private static Moments moments(List<Respondent> respondents, double[] weights) {
        return Moments.of(
                respondents.stream()
                        .map(respondent -> respondent.answers().stream()
                                .mapToDouble(answer -> answer)
                                .toArray())
                        .toArray(double[][]::new),
                weights);
    }

    private static double error(List<double[]> said, int which) {
        return StrictMath.sqrt(said.stream()
                .mapToDouble(one -> one[which] * one[which])
                .average()
                .orElseThrow());
    }

    private static double spread(double[] values) {
        double mean = Arrays.stream(values).average().orElseThrow();
        return StrictMath.sqrt(Arrays.stream(values)
                .map(value -> (value - mean) * (value - mean))
                .average()
                .orElseThrow());
    }
}

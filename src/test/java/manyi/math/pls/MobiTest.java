package manyi.math.pls;

import static manyi.math.pls.Measure.ALPHA;
import static manyi.math.pls.Measure.AVE;
import static manyi.math.pls.Measure.CROSS_LOADING;
import static manyi.math.pls.Measure.F_SQUARED;
import static manyi.math.pls.Measure.HTMT;
import static manyi.math.pls.Measure.IMPACT;
import static manyi.math.pls.Measure.INDEX;
import static manyi.math.pls.Measure.INNER_VIF;
import static manyi.math.pls.Measure.LOADING;
import static manyi.math.pls.Measure.OUTER_VIF;
import static manyi.math.pls.Measure.PATH;
import static manyi.math.pls.Measure.RHO_A;
import static manyi.math.pls.Measure.RHO_C;
import static manyi.math.pls.Measure.R_SQUARED;
import static manyi.math.pls.Measure.SRMR_ESTIMATED;
import static manyi.math.pls.Measure.SRMR_OF_FACTORS_ESTIMATED;
import static manyi.math.pls.Measure.SRMR_OF_FACTORS_SATURATED;
import static manyi.math.pls.Measure.SRMR_SATURATED;
import static manyi.math.pls.Measure.TOTAL_EFFECT;
import static manyi.math.pls.Measure.WEIGHT;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import manyi.math.pls.PathModel.Missing;
import manyi.math.pls.PathModel.Scheme;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;

/**
 * The European index on 250 customers of mobile phones. Where no other authority is named, figures are those of a
 * computation on rows in a numerical language, written from the papers that the classes name and apart from this one; on
 * paths, loadings and R² it agrees with plspm 0.5.7 on standardised answers within 1e-10.
 */
class MobiTest {

    private static final Offset<Double> CLOSE = within(2e-9);

    /** The contract's check, itself as in seminr and Tenenhaus et al. (2005). */
    @Test
    void agreesWithThePublishedModelByThePathScheme() {
        PathFit fit = Survey.mobi().fit();

        assertThat(into(fit, "Satisfaction", "Image", "Expectation", "Quality", "Value"))
                .containsExactly(new double[] {.178739500, .062522870, .512023940, .194765104}, CLOSE);
        assertThat(fit.value(R_SQUARED, "Satisfaction")).isCloseTo(.681078291, CLOSE);
        assertThat(weights(fit, "Satisfaction", "CUSA1", "CUSA2", "CUSA3"))
                .containsExactly(new double[] {.364864858, .383156041, .450961201}, CLOSE);
        assertThat(fit.value(INDEX, "Satisfaction")).isCloseTo(72.454118, within(5e-7));
        assertThat(fit.rounds()).isEqualTo(7);
        assertThat(fit.rows()).isEqualTo(250);
    }

    @Test
    void findsTheOtherPathsWeightsAndLoadings() {
        PathFit fit = Survey.mobi().fit();

        assertThat(into(fit, "Loyalty", "Image", "Satisfaction", "Complaints"))
                .containsExactly(new double[] {.195755333, .485477624, .066926069}, CLOSE);
        assertThat(into(fit, "Value", "Expectation", "Quality"))
                .containsExactly(new double[] {.049988393, .558304379}, CLOSE);
        assertThat(fit.value(PATH, "Image", "Expectation")).isCloseTo(.504913934, CLOSE);
        assertThat(fit.value(R_SQUARED, "Loyalty")).isCloseTo(.456944455, CLOSE);
        assertThat(weights(fit, "Image", "IMAG1", "IMAG2", "IMAG3", "IMAG4", "IMAG5"))
                .containsExactly(new double[] {.301312155, .259691153, .217923053, .328503567, .324681406}, CLOSE);
        assertThat(fit.value(LOADING, "CUSL2", "Loyalty")).isCloseTo(.202021709, CLOSE);
        assertThat(fit.value(LOADING, "CUSCO", "Complaints")).isCloseTo(1, CLOSE);
        assertThat(fit.value(CROSS_LOADING, "CUSCO", "Satisfaction")).isCloseTo(.528066246, CLOSE);
    }

    @Test
    void givesIndicesAndImpactsOnTheScaleOfPoints() {
        PathFit fit = Survey.mobi().fit();

        assertThat(Survey.ECSI.stream()
                        .mapToDouble(name -> fit.value(INDEX, name))
                        .toArray())
                .containsExactly(
                        new double[] {
                            73.527981805,
                            72.473817549,
                            74.976566901,
                            62.34675726,
                            72.454117931,
                            67.422222222,
                            70.913853565
                        },
                        within(1e-8));
        assertThat(fit.value(TOTAL_EFFECT, "Image", "Loyalty")).isCloseTo(.398732384, CLOSE);
        assertThat(fit.value(IMPACT, "Image", "Loyalty")).isCloseTo(3.216107079, CLOSE);
        assertThat(fit.value(IMPACT, "Quality", "Satisfaction")).isCloseTo(3.198976414, CLOSE);
        assertThat(fit.withoutIndex()).isEmpty();
    }

    @Test
    void givesReliabilityAndValidity() {
        PathFit fit = Survey.mobi().fit();

        assertThat(constructs(fit, ALPHA))
                .containsExactly(
                        new double[] {.722834595, .451902556, .877010245, .823631979, .779195022, 1, .472398963},
                        CLOSE);
        assertThat(constructs(fit, RHO_A))
                .containsExactly(
                        new double[] {.740328516, .462054888, .884246471, .854996337, .789101576, 1, .745733724},
                        CLOSE);
        assertThat(constructs(fit, RHO_C))
                .containsExactly(
                        new double[] {.818878673, .733235559, .904692422, .917975411, .871253233, 1, .721705556},
                        CLOSE);
        assertThat(constructs(fit, AVE))
                .containsExactly(
                        new double[] {.478353944, .48044618, .576650003, .848439887, .693095056, 1, .517304726}, CLOSE);
        assertThat(fit.value(HTMT, "Image", "Expectation")).isCloseTo(.888030428, CLOSE);
        assertThat(fit.value(HTMT, "Complaints", "Value")).isCloseTo(.386767333, CLOSE);
        assertThat(fit.value(HTMT, "Satisfaction", "Loyalty")).isCloseTo(.956645675, CLOSE);
    }

    @Test
    void givesEffectSizesInflationAndResiduals() {
        PathFit fit = Survey.mobi().fit();

        assertThat(fit.value(F_SQUARED, "Quality", "Satisfaction")).isCloseTo(.289274471, CLOSE);
        assertThat(fit.value(F_SQUARED, "Image", "Expectation")).isCloseTo(.342170327, CLOSE);
        assertThat(fit.value(INNER_VIF, "Quality", "Satisfaction")).isCloseTo(2.841753112, CLOSE);
        assertThat(fit.value(INNER_VIF, "Image", "Expectation")).isCloseTo(1, CLOSE);
        assertThat(fit.value(OUTER_VIF, "CUSCO", "Complaints")).isEqualTo(1);
        assertThat(fit.value(SRMR_SATURATED, "")).isCloseTo(.057363077, CLOSE);
        assertThat(fit.value(SRMR_ESTIMATED, "")).isCloseTo(.123098503, CLOSE);
        assertThat(fit.value(SRMR_OF_FACTORS_SATURATED, "")).isCloseTo(.075132214, CLOSE);
        assertThat(fit.value(SRMR_OF_FACTORS_ESTIMATED, "")).isCloseTo(.132316168, CLOSE);
    }

    /** Two items: each inflates by 1/(1 − r²), and α = 2r/(1 + r). */
    @Test
    void inflatesTheItemsOfAPairByTheirCorrelation() {
        PathFit fit = Survey.mobi().fit();
        double alpha = fit.value(ALPHA, "Value");
        double r = alpha / (2 - alpha);

        assertThat(fit.value(OUTER_VIF, "PERV1", "Value")).isCloseTo(1 / (1 - r * r), CLOSE);
        assertThat(fit.value(OUTER_VIF, "PERV2", "Value")).isCloseTo(1 / (1 - r * r), CLOSE);
    }

    @Test
    void findsTheModelByTheCentroidScheme() {
        Survey mobi = Survey.mobi();
        PathFit fit = mobi.with(mobi.model().with(Scheme.CENTROID)).fit();

        assertThat(into(fit, "Satisfaction", "Image", "Expectation", "Quality", "Value"))
                .containsExactly(new double[] {.178833482, .064425339, .512545242, .191815664}, CLOSE);
        assertThat(fit.value(R_SQUARED, "Satisfaction")).isCloseTo(.680281095, CLOSE);
        assertThat(weights(fit, "Satisfaction", "CUSA1", "CUSA2", "CUSA3"))
                .containsExactly(new double[] {.377186841, .381567068, .441058717}, CLOSE);
        assertThat(fit.value(INDEX, "Satisfaction")).isCloseTo(72.5428023, within(5e-8));
    }

    @Test
    void findsTheModelByTheFactorialScheme() {
        Survey mobi = Survey.mobi();
        PathFit fit = mobi.with(mobi.model().with(Scheme.FACTORIAL)).fit();

        assertThat(into(fit, "Satisfaction", "Image", "Expectation", "Quality", "Value"))
                .containsExactly(new double[] {.178592672, .064943655, .5129747, .19144526}, CLOSE);
        assertThat(fit.value(R_SQUARED, "Loyalty")).isCloseTo(.456519591, CLOSE);
        assertThat(fit.value(INDEX, "Loyalty")).isCloseTo(70.709057919, within(5e-9));
    }

    @Test
    void findsTheModelWithAnImageThatIsFormed() {
        PathFit fit = Survey.mobi().formed(List.of("Image")).fit();

        assertThat(weights(fit, "Image", "IMAG1", "IMAG2", "IMAG3", "IMAG4", "IMAG5"))
                .containsExactly(new double[] {.241840514, .282033735, .135895485, .370155088, .380692198}, CLOSE);
        assertThat(into(fit, "Satisfaction", "Image", "Expectation", "Quality", "Value"))
                .containsExactly(new double[] {.183926535, .062112466, .50653014, .197350285}, CLOSE);
        assertThat(fit.value(INDEX, "Image")).isCloseTo(74.147186093, within(5e-9));
        assertThat(fit.value(ALPHA, "Image")).isNaN();
    }

    @Test
    void findsTheModelWithAllConstructsFormed() {
        Survey mobi = Survey.mobi().formed(Survey.ECSI);
        PathFit fit = mobi.with(mobi.model().with(Scheme.CENTROID)).fit();

        assertThat(weights(fit, "Loyalty", "CUSL1", "CUSL2", "CUSL3"))
                .containsExactly(new double[] {.196999813, .099466059, .864587031}, CLOSE);
        assertThat(into(fit, "Satisfaction", "Image", "Expectation", "Quality", "Value"))
                .containsExactly(new double[] {.19354291, .043475576, .50978229, .203219226}, CLOSE);
        assertThat(fit.value(R_SQUARED, "Satisfaction")).isCloseTo(.696406046, CLOSE);
    }

    @Test
    void correctsForUnreliabilityWherePathsAreToBeConsistent() {
        Survey mobi = Survey.mobi();
        PathFit fit = mobi.with(mobi.model().withConsistent(true)).fit();

        assertThat(into(fit, "Satisfaction", "Image", "Expectation", "Quality", "Value"))
                .containsExactly(new double[] {.149912929, .02674598, .669320354, .178265759}, CLOSE);
        assertThat(into(fit, "Loyalty", "Image", "Satisfaction", "Complaints"))
                .containsExactly(new double[] {-.090971979, .96152013, -.039225123}, CLOSE);
        assertThat(fit.value(R_SQUARED, "Satisfaction")).isCloseTo(.927318831, CLOSE);
        assertThat(fit.value(LOADING, "CUSA3", "Satisfaction")).isCloseTo(.828873034, CLOSE);
        assertThat(fit.value(AVE, "Expectation")).isCloseTo(.221739361, CLOSE);
        assertThat(fit.value(RHO_C, "Loyalty")).isCloseTo(.58678902, CLOSE);
        assertThat(fit.value(TOTAL_EFFECT, "Image", "Loyalty")).isCloseTo(.626414847, CLOSE);
        assertThat(fit.value(F_SQUARED, "Image", "Expectation")).isCloseTo(2.925805281, CLOSE);
        assertThat(fit.value(SRMR_SATURATED, "")).isCloseTo(.057259278, CLOSE);
        assertThat(fit.value(SRMR_ESTIMATED, "")).isCloseTo(.069183601, CLOSE);
        assertThat(fit.value(INDEX, "Satisfaction")).isCloseTo(72.454117931, within(1e-8));
    }

    @Test
    void weighsRespondents() {
        Survey mobi = Survey.mobi();
        PathFit fit = mobi.fit(
                mobi.moments(IntStream.range(0, 250).mapToDouble(r -> 1 + r % 3).toArray()));

        assertThat(into(fit, "Satisfaction", "Image", "Expectation", "Quality", "Value"))
                .containsExactly(new double[] {.181829294, .023852964, .522299505, .207688448}, CLOSE);
        assertThat(fit.value(INDEX, "Satisfaction")).isCloseTo(72.501725735, within(5e-9));
    }

    @Test
    void takesTheMeanForAMissingAnswer() {
        PathFit fit = Survey.mobi().without(17).fit();

        assertThat(into(fit, "Satisfaction", "Image", "Expectation", "Quality", "Value"))
                .containsExactly(new double[] {.178556961, .062219713, .514176729, .17428035}, CLOSE);
        assertThat(fit.value(R_SQUARED, "Satisfaction")).isCloseTo(.654649914, CLOSE);
        assertThat(fit.value(INDEX, "Satisfaction")).isCloseTo(72.45901661, within(5e-9));
    }

    /** Each covariance over those who answered both, over their number; deviations over those who answered the item. */
    @Test
    void leavesOutMissingAnswersPairByPair() {
        Survey mobi = Survey.mobi().without(17);
        PathFit fit = mobi.with(mobi.model().with(Missing.PAIRWISE)).fit();

        assertThat(into(fit, "Satisfaction", "Image", "Expectation", "Quality", "Value"))
                .containsExactly(new double[] {.1557616467, .0627251041, .5404475108, .1798050264}, CLOSE);
        assertThat(fit.value(R_SQUARED, "Satisfaction")).isCloseTo(.6804465515, CLOSE);
        assertThat(fit.value(INDEX, "Satisfaction")).isCloseTo(72.4503429054, within(5e-9));
    }

    private static double[] into(PathFit fit, String effect, String... causes) {
        return Arrays.stream(causes)
                .mapToDouble(cause -> fit.value(PATH, cause, effect))
                .toArray();
    }

    private static double[] weights(PathFit fit, String construct, String... items) {
        return Arrays.stream(items)
                .mapToDouble(item -> fit.value(WEIGHT, item, construct))
                .toArray();
    }

    private static double[] constructs(PathFit fit, Measure measure) {
        return Survey.ECSI.stream()
                .mapToDouble(name -> fit.value(measure, name))
                .toArray();
    }
}

package manyi.math.pls;

import static manyi.math.pls.Measure.IMPACT;
import static manyi.math.pls.Measure.INDEX;
import static manyi.math.pls.Measure.LOADING;
import static manyi.math.pls.Measure.PATH;
import static manyi.math.pls.Measure.R_SQUARED;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import manyi.math.pls.PathModel.Scheme;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;

/** Customers of a bank, men and women (Sanchez 2013). */
class BankTest {

    private static final Offset<Double> CLOSE = within(2e-9);

    /** plspm 0.5.7, given answers that were standardised item by item: its own scaling is by one deviation for all. */
    @Test
    void agreesWithPlspmOnSatisfactionOfMen() {
        PathFit fit = Survey.bank("male"::equals).fit();

        assertThat(fit.rows()).isEqualTo(102);
        assertThat(into(fit, "sat", "imag", "expe", "qual", "val"))
                .containsExactly(new double[] {.145846573, .087720704, .025879157, .67637721}, CLOSE);
        assertThat(into(fit, "loy", "imag", "sat")).containsExactly(new double[] {.082455702, .716009201}, CLOSE);
        assertThat(fit.value(R_SQUARED, "loy")).isCloseTo(.594273077, CLOSE);
    }

    @Test
    void agreesWithPlspmOnSatisfactionOfMenByTheCentroidScheme() {
        Survey men = Survey.bank("male"::equals);
        PathFit fit = men.with(men.model().with(Scheme.CENTROID)).fit();

        assertThat(into(fit, "sat", "imag", "expe", "qual", "val"))
                .containsExactly(new double[] {.144256547, .08002693, .029175064, .679444814}, CLOSE);
        assertThat(fit.value(R_SQUARED, "sat")).isCloseTo(.726810354, CLOSE);
    }

    /** Computed on rows in a numerical language. */
    @Test
    void differsForWomen() {
        PathFit fit = Survey.bank("female"::equals).fit();

        assertThat(into(fit, "sat", "imag", "expe", "qual", "val"))
                .containsExactly(new double[] {.238172055, -.047626283, .240685343, .475194069}, CLOSE);
        assertThat(fit.value(INDEX, "sat")).isCloseTo(70.222054157, within(5e-9));
    }

    /** Computed on rows: composites of raw answers by the weights of all 250, then regressions among men. */
    @Test
    void measuresMenByTheWeightsOfAll() {
        PathFit all = Survey.bank(gender -> true).fit();
        Survey men = Survey.bank("male"::equals);

        PathFit fit = men.fit(men.moments(), all.weights());

        assertThat(fit.isHeld()).isTrue();
        assertThat(into(fit, "sat", "imag", "expe", "qual", "val"))
                .containsExactly(new double[] {.1527110119, .1113407085, .0318883874, .6418563429}, within(1e-8));
        assertThat(fit.value(R_SQUARED, "sat")).isCloseTo(.7078951513, within(1e-8));
        assertThat(fit.value(INDEX, "sat")).isCloseTo(66.0773727139, within(1e-7));
        assertThat(fit.value(IMPACT, "val", "sat")).isCloseTo(3.3993194810, within(1e-7));
        assertThat(fit.value(LOADING, "sat1", "sat")).isCloseTo(.9350701865, within(1e-8));
    }

    private static double[] into(PathFit fit, String effect, String... causes) {
        return Arrays.stream(causes)
                .mapToDouble(cause -> fit.value(PATH, cause, effect))
                .toArray();
    }
}

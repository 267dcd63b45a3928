package manyi.math.clv;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import org.assertj.core.data.Percentage;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Histories at which published closed forms lose their digits: ten years, 500 purchases, a at and about 1, b of a hundred
 * million. Authority: mpmath 1.4.1 with 30 digits, from the definitions; E and F (the factorial moment) within t and the
 * discounted sums (δ = .0027, to 52 and from there on) are those of a customer who is alive.
 */
class ExtremeHistoriesTest {

    /** Ten digits. */
    private static final Percentage PRECISE = Percentage.withPercentage(1e-8);

    @ParameterizedTest
    @CsvSource({
        "BG, 0.243, 4.414, 0.793, 2.426, 2, 30.43, 38.86, 39, -9.45860630706627, 0.726578570080673, 1.68739930580531, 3.86201247539147, 2.0114779540515, 5.08531795830457",
        "MBG, 0.243, 4.414, 0.793, 2.426, 2, 30.43, 38.86, 39, -9.68718263624996, 0.774419242623646, 1.73097122942059, 4.09915990998611, 2.07389271795856, 5.64137743503535",
        "BG, 0.243, 4.414, 1.0, 2.426, 2, 30.43, 38.86, 39, -9.49988671056659, 0.678175614854404, 1.62514953634328, 3.50820976548997, 1.92073328209755, 4.01351982191497",
        "MBG, 0.243, 4.414, 1.0, 2.426, 2, 30.43, 38.86, 39, -9.77908402670651, 0.731354004561053, 1.67420238986617, 3.76852483834789, 1.99030657051514, 4.53232795580369",
        "BG, 0.243, 4.414, 1.0000001, 2.426, 0, 0, 522.0, 522, -1.16185752021892, 1.0, 0.207842981411338, 0.160695577381291, 0.0220154766947325, 0.120846676927018",
        "MBG, 0.243, 4.414, 1.0000001, 2.426, 0, 0, 522.0, 522, -0.66658758456635, 0.431529435447408, 0.214179577006382, 0.183516132186111, 0.0220995130408184, 0.125696542890047",
        "BG, 0.5, 2.0, 0.05, 0.3, 500, 520.0, 522.0, 522, -526.350725913462, 0.999321521544527, 489.087303634454, 242928.123807813, 46.2300110933279, 299.391962660186",
        "MBG, 0.5, 2.0, 0.05, 0.3, 500, 520.0, 522.0, 522, -526.350827204648, 0.999322876769476, 489.10220100272, 242937.494256822, 46.2302212191403, 299.403319339944",
        "BG, 0.5, 2.0, 5.0, 100000000.0, 500, 500.0, 522.0, 522, -521.214059961704, 0.00941510483002458, 498.583467541022, 249084.201606334, 46.3387999979188, 307.415179147958",
        "MBG, 0.5, 2.0, 5.0, 100000000.0, 500, 500.0, 522.0, 522, -521.21406002161, 0.00941510492328872, 498.583467541084, 249084.201606375, 46.3387999979193, 307.41517914802",
        "BG, 0.243, 4.414, 0.793, 2.426, 500, 5.0, 522.0, 522, 1473.31394212583, 3.97795432264744e-872, 370.753557421974, 167418.49154205, 44.4417319838494, 207.643340410359",
        "MBG, 0.243, 4.414, 0.793, 2.426, 500, 5.0, 522.0, 522, 1473.310372702, 3.98588760556984e-872, 370.918496721286, 167516.733981084, 44.4448491179892, 207.754216062984",
        "BG, 3.0, 0.2, 40.0, 7.0, 12, 1.5, 2.0, 5200, -5.16931183483595, 0.00932262822492519, 1.48717948717949, 1.48717948717949, 1.48623365771784, 1.50488238037038e-18",
        "MBG, 3.0, 0.2, 40.0, 7.0, 12, 1.5, 2.0, 5200, -6.35595973113146, 0.00983545799751366, 1.51282051282051, 1.59244264507422, 1.51184150844011, 2.01439116100113e-18",
        "BG, 0.243, 4.414, 0.793, 2.426, 0, 0, 0, 39, 0.0, 1.0, 1.19672319332082, 6.68337401843217, 1.36571156367474, 2.28209806646268",
        "MBG, 0.243, 4.414, 0.793, 2.426, 0, 0, 0, 39, 0.0, 0.753650201926064, 1.3151015299287, 8.10588561324374, 1.51434474015776, 2.80468506866699"
    })
    void staysExactForGeometricDropOut(
            String model,
            double r,
            double alpha,
            double a,
            double b,
            long x,
            double tx,
            double T,
            double t,
            double logLikelihood,
            double alive,
            double expected,
            double factorial,
            double discounted,
            double residual) {
        PurchaseModel m = model.equals("BG") ? new BgNbd(r, alpha, a, b) : new MbgNbd(r, alpha, a, b);

        assertThat(m.logLikelihood(x, tx, T))
                .isCloseTo(logLikelihood, within(1e-10 * (1e-4 + StrictMath.abs(logLikelihood))));
        assertThat(m.probabilityAlive(x, tx, T)).isCloseTo(alive, PRECISE);
        assertThat(m.future(x, T).expectedPurchases(t)).isCloseTo(expected, PRECISE);
        assertThat(m.future(x, T).factorialMoment(t)).isCloseTo(factorial, PRECISE);
        assertThat(m.future(x, T).discountedPurchases(.0027, 0, 52)).isCloseTo(discounted, PRECISE);
        // or to the last bit of the whole, where next to nothing is left
        assertThat(m.future(x, T).discountedPurchases(.0027, 52, Double.POSITIVE_INFINITY))
                .isCloseTo(residual, within(1e-10 * residual + 1e-16 * discounted));
        assertFinite(m.logLikelihoodGradient(x, tx, T));
    }

    /** DERT in closed form, by Tricomi's function: Fader, Hardie, Lee (2005), RFM and CLV. */
    @ParameterizedTest
    @CsvSource({
        "0.55, 10.58, 0.61, 11.67, 2, 30.43, 38.86, 39, -9.56198126084296, 0.868410917132092, 1.67014410595105, 6.43574802980348",
        "0.55, 10.58, 0.61, 11.67, 500, 520.0, 522.0, 522, -535.29339048573, 0.99325574963757, 391.982928796111, 266.386094041862",
        "0.55, 10.58, 0.61, 11.67, 0, 0, 522.0, 522, -0.657661937968942, 0.0217195697993498, 0.430707443487886, 0.00640054425723407",
        "0.05, 100.0, 30.0, 0.5, 3, 400.0, 522.0, 522, -221.607953557996, 0.000190754658942257, 0.0883482091689853, 1.60458077575977e-5",
        "20.0, 0.01, 0.02, 10000.0, 40, 100.0, 522.0, 522, -235.830623974961, 2.60433173800739e-38, 59.9695748213921, 1.10792253537868e-36",
        "0.55, 10.58, 1.0000001, 11.67, 26, 30.86, 31.0, 39, -39.6531267153081, 0.996568061346105, 17.6878447975911, 51.6666205878188",
        "0.55, 0.001, 0.61, 0.01, 1, 0.001, 522.0, 39, 2.89347277511644, 5.54075285142444e-11, 0.113266459882702, 4.67598878670494e-11"
    })
    void staysExactForParetoNbd(
            double r,
            double alpha,
            double s,
            double beta,
            long x,
            double tx,
            double T,
            double t,
            double logLikelihood,
            double alive,
            double expected,
            double dert) {
        var m = new ParetoNbd(r, alpha, s, beta);

        assertThat(m.logLikelihood(x, tx, T)).isCloseTo(logLikelihood, PRECISE);
        assertThat(m.probabilityAlive(x, tx, T)).isCloseTo(alive, PRECISE);
        assertThat(m.future(x, T).expectedPurchases(t)).isCloseTo(expected, PRECISE);
        assertThat(m.discountedPurchases(x, tx, T, .0027, 0, Double.POSITIVE_INFINITY))
                .isCloseTo(dert, PRECISE);
        assertThat(m.discountedPurchases(x, tx, T, .0027, 0, t)
                        + m.discountedPurchases(x, tx, T, .0027, t, Double.POSITIVE_INFINITY))
                .isCloseTo(dert, PRECISE);
        assertFinite(m.logLikelihoodGradient(x, tx, T));
    }

    private static void assertFinite(double[] gradient) {
        assertThat(Arrays.stream(gradient)).allMatch(Double::isFinite);
    }
}

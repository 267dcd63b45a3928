package manyi.math.clv;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import org.assertj.core.data.Percentage;
import org.junit.jupiter.api.Test;

/** Published fits on the one customer in ten of CDNOW, weeks, calibrated up to 1997-09-30. */
class CdnowTest {

    private static final Percentage FIVE_DIGITS = Percentage.withPercentage(1e-3);

    @Test
    void agreesWithFaderHardieLeeOnBgNbd() {
        var fit = BgNbd.fit(Cdnow.sample().cells());

        assertThat(fit.converged()).isTrue();
        assertThat(fit.cells()).isEqualTo(1016);
        assertThat(fit.customers()).isEqualTo(2357);
        // published to three digits (.243, 4.414, .793, 2.426, −9582.4); the exact maximum by lifetimes 0.11.3 refined
        assertParameters(fit, .2425945, 4.4136020, .7929220, 2.4259068);
        assertThat(fit.logLikelihood()).isCloseTo(-9582.429207, within(1e-6));
        assertThat(fit.bic()).isCloseTo(4 * StrictMath.log(2357) + 2 * 9582.429207, within(1e-5));
        // lifetimes 0.11.3, BetaGeoFitter.summary
        assertErrors(fit, .012557, .378224, .185734, .705414);
    }

    @Test
    void agreesWithLifetimesOnMbgNbd() {
        var fit = MbgNbd.fit(Cdnow.sample().cells());

        // lifetimes 0.11.3, ModifiedBetaGeoFitter, which stops at six digits
        assertParameters(fit, .524843, 6.183082, .891360, 1.614003);
        assertErrors(fit, .083268, .695620, .154790, .537495);
        assertThat(fit.logLikelihood()).isGreaterThan(-9582.1358);
    }

    @Test
    void agreesWithFaderHardieOnParetoNbd() {
        var fit = ParetoNbd.fit(Cdnow.sample().cells());

        // Fader, Hardie (2005), Implementing the Pareto/NBD Model (.553, 10.578, .606, 11.669), with more digits
        assertParameters(fit, .55328, 10.5777, .60624, 11.6687);
        assertThat(fit.logLikelihood()).isCloseTo(-9594.976, within(5e-4));
    }

    @Test
    void agreesWithFaderHardieOnGammaGamma() {
        var spends = Cdnow.sample().spends();

        var fit = GammaGamma.fit(spends);

        assertThat(fit.customers()).isEqualTo(946);
        // Fader, Hardie (2013), The Gamma-Gamma Model of Monetary Value
        assertThat(fit.model().p()).isCloseTo(6.25, within(.005));
        assertThat(fit.model().q()).isCloseTo(3.74, within(.005));
        assertThat(fit.model().gamma()).isCloseTo(15.44, within(.005));
        // Fader, Hardie, Lee (2005), RFM and CLV, section 4: about .11
        assertThat(GammaGamma.correlation(spends)).isCloseTo(.1139, within(5e-5));
    }

    @Test
    void forecastsAsHardiesNotes() {
        var model = new BgNbd(.243, 4.414, .793, 2.426);

        assertThat(model.probabilityAlive(2, 30.43, 38.86)).isCloseTo(.726579, within(5e-7));
        assertThat(model.expectedPurchases(2, 30.43, 38.86, 39)).isCloseTo(1.22603, within(5e-6));
    }

    @Test
    void forecastsAsLifetimes() {
        // lifetimes 0.11.3, all at the parameters given
        var bg = new BgNbd(.243, 4.414, .793, 2.426);
        assertThat(bg.expectedPurchases(2, 30.43, 38.86, 39)).isCloseTo(1.226028174767135, within(1e-12));
        assertThat(bg.expectedPurchases(39)).isCloseTo(1.1967231933207985, within(1e-12));
        var mbg = new MbgNbd(.5248431591063195, 6.183085279576131, .8913593907321928, 1.6140022401702085);
        assertThat(mbg.probabilityAlive(2, 30.43, 38.86)).isCloseTo(.70612569, within(5e-9));
        assertThat(mbg.expectedPurchases(2, 30.43, 38.86, 39)).isCloseTo(1.262669230944436, within(1e-12));
        assertThat(mbg.expectedPurchases(39)).isCloseTo(1.1822797511307752, within(1e-12));
        var pareto = new ParetoNbd(.55, 10.58, .61, 11.67);
        assertThat(pareto.probabilityAlive(2, 30.43, 38.86)).isCloseTo(.8684109171320921, within(1e-12));
        assertThat(pareto.expectedPurchases(2, 30.43, 38.86, 39)).isCloseTo(1.450371374791711, within(1e-12));
        assertThat(pareto.expectedPurchases(39)).isCloseTo(1.2023523628319928, within(1e-12));
        var spend = new GammaGamma(6.25, 3.74, 15.44);
        assertThat(spend.expectedSpend(2, 35)).isCloseTo(35.03937008, within(5e-9));
        assertThat(spend.expectedSpend(0, Double.NaN)).isCloseTo(35.2189781, within(5e-8));
        assertThat(spend.expectedSpend(10, 80)).isCloseTo(78.11925199, within(5e-9));
    }

    @Test
    void takesAllCustomersAsWellAsOneInTen() {
        assertThat(BgNbd.fit(Cdnow.master().cells()).converged()).isTrue();
        assertThat(ParetoNbd.fit(Cdnow.master().cells()).converged()).isTrue();
        // one repeat customer spent nothing and is left out
        var fit = GammaGamma.fit(Cdnow.master().spends());
        assertThat(fit.converged()).isTrue();
    }

    @Test
    void agreesWithFaderHardieShangOnDonations() {
        var fit = BgBb.fit(Reference.donations());

        assertThat(fit.customers()).isEqualTo(11_104);
        assertThat(fit.cells()).isEqualTo(22);
        // published: 1.204, .750, .657, 2.783, −33,225.6; the digits by lifetimes 0.11.3
        assertParameters(fit, 1.2035224, .7497164, .6567182, 2.7834420);
        assertThat(fit.logLikelihood()).isCloseTo(-33_225.58127, within(1e-5));
    }

    @Test
    void forecastsDonationsAsLifetimes() {
        var model = new BgBb(1.2035, .7497, .6567, 2.7834);

        assertThat(model.probabilityAlive(0, 0, 6)).isCloseTo(.10813708, within(5e-9));
        assertThat(model.probabilityAlive(1, 3, 6)).isCloseTo(.48136321, within(5e-9));
        assertThat(model.probabilityAlive(4, 5, 6)).isCloseTo(.69680446, within(5e-9));
        assertThat(model.probabilityAlive(6, 6, 6)).isCloseTo(.93043506, within(5e-9));
        assertThat(model.expectedPurchases(0, 0, 6, 5)).isCloseTo(.07286509, within(5e-9));
        assertThat(model.expectedPurchases(1, 3, 6, 5)).isCloseTo(.59386089, within(5e-9));
        assertThat(model.expectedPurchases(4, 5, 6, 5)).isCloseTo(2.0300431, within(5e-8));
        assertThat(model.expectedPurchases(6, 6, 6, 5)).isCloseTo(3.75256656, within(5e-9));
    }

    @Test
    void agreesWithFaderHardieOnContracts() {
        // published: .704 and 1.182 for the regular segment, .668 and 3.806 for the high end
        var regular = ShiftedBetaGeometric.fit(List.of(Reference.subscribers(1)));
        assertThat(regular.model().alpha()).isCloseTo(.7041, within(5e-5));
        assertThat(regular.model().beta()).isCloseTo(1.1820, within(5e-5));
        var highEnd = ShiftedBetaGeometric.fit(List.of(Reference.subscribers(2)));
        assertThat(highEnd.model().alpha()).isCloseTo(.668, within(5e-4));
        assertThat(highEnd.model().beta()).isCloseTo(3.806, within(5e-4));
    }

    private static void assertParameters(Fit<?> fit, double... published) {
        assertThat(fit.converged()).isTrue();
        for (int i = 0; i < published.length; i++) {
            assertThat(fit.parameters().get(i).value()).isCloseTo(published[i], FIVE_DIGITS);
        }
    }

    private static void assertErrors(Fit<?> fit, double... published) {
        for (int i = 0; i < published.length; i++) {
            assertThat(fit.parameters().get(i).standardError())
                    .isCloseTo(published[i], Percentage.withPercentage(0.01));
        }
    }
}

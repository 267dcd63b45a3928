package manyi.math.regression;

import static manyi.math.regression.Customers.NAMES;
import static manyi.math.regression.Customers.array;
import static manyi.math.regression.Customers.cells;
import static manyi.math.regression.Customers.design;
import static manyi.math.regression.Customers.errors;
import static manyi.math.regression.Family.LOGISTIC;
import static manyi.math.regression.Family.POISSON;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.function.Function;
import manyi.math.regression.Customers.Customer;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;

class RegressionTest {

    private static final Offset<Double> NINE = within(1e-9);
    private static final Offset<Double> EIGHT = within(1e-8);

    /** Figures by statsmodels 0.15, cov_type nonrobust, HC0 and cluster (without its correction for few clusters). */
    @Test
    void agreesWithStatsmodelsOnStaying() {
        var fit = Regression.of(LOGISTIC, design(customer -> customer.stay().inCluster(customer.id())));

        assertThat(array(fit.coefficients()))
                .containsExactly(new double[] {-1.349555307203, 0.256091722198, -0.026579728718}, NINE);
        assertThat(errors(fit, Errors.MODEL))
                .containsExactly(new double[] {0.314158737974, 0.044634056929, 0.061576597847}, NINE);
        assertThat(errors(fit, Errors.ROBUST))
                .containsExactly(new double[] {0.316949392, 0.044308317261, 0.062120838544}, NINE);
        assertThat(errors(fit, Errors.CLUSTERED))
                .containsExactly(new double[] {0.301013684171, 0.041222381329, 0.061690895204}, NINE);
        assertThat(fit.logLikelihood()).isCloseTo(-188.73498684600818, NINE);
        assertThat(fit.nullLogLikelihood()).isCloseTo(-207.27699279414543, NINE);
        assertThat(fit.aic()).isCloseTo(383.46997369201637, NINE);
        assertThat(fit.bic()).isCloseTo(394.58132111598496, NINE);
        assertThat(fit.rows()).isEqualTo(300);
        assertThat(fit.clusters()).isEqualTo(90);
        assertThat(fit.eventsPerCoefficient()).isEqualTo(70);
        assertThat(fit.names()).containsExactly("intercept", "satisfaction", "channel");
    }

    /** Point estimates by statsmodels 0.15 (freq_weights), errors by the sandwich in numpy. */
    @Test
    void countsAnAnswerWithItsDesignWeight() {
        var fit = Regression.of(LOGISTIC, design(customer -> customer.weighted().inCluster(customer.id())));

        assertThat(array(fit.coefficients()))
                .containsExactly(new double[] {-1.235477651199, 0.261275739193, -0.075739201197}, NINE);
        assertThat(errors(fit, Errors.MODEL))
                .containsExactly(new double[] {0.217267506384, 0.031881176397, 0.043972011009}, NINE);
        assertThat(errors(fit, Errors.ROBUST))
                .containsExactly(new double[] {0.329327069686, 0.046523456819, 0.066059279523}, NINE);
        assertThat(errors(fit, Errors.CLUSTERED))
                .containsExactly(new double[] {0.258172652594, 0.033772796701, 0.064959116214}, NINE);
        assertThat(fit.logLikelihood()).isCloseTo(-375.62611290275, NINE);
    }

    /** Figures by statsmodels 0.15 and the sandwich in numpy; an offset of ln 1 to ln 4. */
    @Test
    void agreesWithStatsmodelsOnSpendPerExposure() {
        var fit = Regression.of(
                POISSON,
                design(customer ->
                        customer.ofSpend().withOffset(customer.offset()).inCluster(customer.id())));

        assertThat(array(fit.coefficients()))
                .containsExactly(new double[] {1.313017508125, 0.260390227632, -0.010895175611}, NINE);
        assertThat(errors(fit, Errors.MODEL))
                .containsExactly(new double[] {0.029008129381, 0.003520016652, 0.004338153214}, NINE);
        assertThat(errors(fit, Errors.ROBUST))
                .containsExactly(new double[] {0.231878551748, 0.02869372796, 0.039733638079}, NINE);
        assertThat(errors(fit, Errors.CLUSTERED))
                .containsExactly(new double[] {0.211994114619, 0.025496439358, 0.040230822616}, NINE);
        assertThat(fit.logLikelihood()).isCloseTo(37559.4184471169, within(1e-6));
        assertThat(fit.logLikelihood() - fit.nullLogLikelihood()).isCloseTo(3197.673140651619, within(1e-6));
    }

    /** Figures by statsmodels 0.15, get_margeff. */
    @Test
    void agreesWithStatsmodelsOnAverageMarginalEffects() {
        Function<Customer, Cell> stays = customer -> customer.stay().inCluster(customer.id());
        var stay = Regression.of(LOGISTIC, design(stays));
        var effect = MarginalEffect.of(stay, design(stays), Slope.ofColumn(0));
        assertThat(effect.estimate()).isCloseTo(0.056143290572, NINE);
        assertThat(effect.modelError()).isCloseTo(0.007529252873, NINE);
        assertThat(effect.robustError()).isCloseTo(0.007491534514, NINE);
        assertThat(effect.clusteredError()).isCloseTo(0.006944969431, NINE);
        assertThat(effect.meanResponse()).isCloseTo(140 / 300.0, NINE);

        Function<Customer, Cell> spends = customer -> customer.ofSpend().inCluster(customer.id());
        var spend = Regression.of(POISSON, design(spends));
        effect = MarginalEffect.of(spend, design(spends), Slope.ofColumn(1));
        assertThat(effect.estimate()).isCloseTo(-0.761585588364, within(1e-8));
        assertThat(effect.standardError(Errors.MODEL)).isCloseTo(0.18851568056, within(1e-8));
        assertThat(effect.standardError(Errors.ROBUST)).isCloseTo(1.629176599368, within(1e-8));
        assertThat(effect.standardError(Errors.CLUSTERED)).isCloseTo(1.490053116901, within(1e-8));
    }

    /** Figures by scikit-learn 1.9, LogisticRegression(C = 1/25) after StandardScaler. */
    @Test
    void agreesWithScikitLearnOnRidge() {
        var fit = Regression.of(LOGISTIC, design(Customer::stay), 25, Set.of());

        assertThat(array(fit.coefficients()))
                .containsExactly(new double[] {-1.00391481793214, 0.182891227074, -0.017150242767}, EIGHT);
        assertThat(fit.degreesOfFreedom()).isBetween(2.0, 3.0);
        assertThat(fit.standardError(1, Errors.MODEL)).isLessThan(0.0446);
    }

    /** Cameron, Trivedi and Greene's example after Fair (1978); figures by statsmodels 0.15. */
    @Test
    void agreesWithGreeneOnAffairs() {
        var names = List.of("age", "yearsmarried", "religiousness", "occupation", "rating");
        var cells = Customers.rows("affairs/Affairs.csv").stream()
                .map(row -> {
                    double y = Double.parseDouble(row.get("affairs"));
                    return Cell.of(Sums.amount(1, y > 0 ? 1 : 0, y, y * y), Customers.numbers(row, names));
                })
                .toList();

        var fit = Regression.of(POISSON, Design.of(names, cells));

        assertThat(array(fit.coefficients()))
                .containsExactly(
                        new double[] {
                            2.533905281691,
                            -0.032255297498,
                            0.1156984318,
                            -0.354037139501,
                            0.079828241918,
                            -0.409442723909
                        },
                        NINE);
        assertThat(errors(fit, Errors.ROBUST))
                .containsExactly(
                        new double[] {
                            0.545951314797, 0.0156996525, 0.024606944039, 0.075952687485, 0.046753758453, 0.071291827943
                        },
                        NINE);
        // without −Σ ln y!, which is part of both
        assertThat(fit.logLikelihood() - fit.nullLogLikelihood()).isCloseTo(282.6853502308936, within(1e-8));
        assertThat(fit.rows()).isEqualTo(601);
        assertThat(fit.cells()).isEqualTo(458);
    }

    /** Two brands of orange juice (James et al., ISLR); figures by statsmodels 0.15. */
    @Test
    void agreesWithStatsmodelsOnOrangeJuice() {
        var rows = Customers.rows("orange-juice/OJ.csv");
        var names = List.of("LoyalCH", "PriceDiff");
        var design = Design.of(
                names,
                rows.stream()
                        .map(row -> Cell.of(citrusHill(row.get("Purchase")), Customers.numbers(row, names)))
                        .toList());
        var fit = Regression.of(LOGISTIC, design);

        assertThat(array(fit.coefficients()))
                .containsExactly(new double[] {-3.252184315469, 6.39639848937, 2.862123247428}, NINE);
        assertThat(errors(fit, Errors.MODEL))
                .containsExactly(new double[] {0.223311742788, 0.385836599433, 0.342625252648}, NINE);
        assertThat(errors(fit, Errors.ROBUST))
                .containsExactly(new double[] {0.239181604769, 0.401583061367, 0.347445378284}, NINE);
        assertThat(fit.logLikelihood()).isCloseTo(-420.173434311433, NINE);
        assertThat(fit.nullLogLikelihood()).isCloseTo(-715.4260824702587, NINE);
        var effect = MarginalEffect.of(fit, design, Slope.ofColumn(0));
        assertThat(effect.estimate()).isCloseTo(0.795419671731, NINE);
        assertThat(effect.modelError()).isCloseTo(0.016885666571, NINE);

        var spline = new NaturalSpline(List.of(.1, .4, .6, .9));
        var bent = Regression.of(
                LOGISTIC,
                Design.of(
                        List.of("loyalty", "loyalty'", "loyalty''", "PriceDiff"),
                        rows.stream()
                                .map(row -> {
                                    double[] curve = spline.basis(Double.parseDouble(row.get("LoyalCH")));
                                    double gap = Double.parseDouble(row.get("PriceDiff"));
                                    return Cell.of(citrusHill(row.get("Purchase")), curve[0], curve[1], curve[2], gap);
                                })
                                .toList()));
        assertThat(bent.logLikelihood()).isCloseTo(-420.15001644504014, NINE);
        assertThat(bent.test(1, 2, Errors.MODEL).statistic()).isCloseTo(0.04687121635447716, within(1e-7));
        assertThat(bent.test(1, 2, Errors.MODEL).p()).isCloseTo(0.9768368729505444, within(1e-8));
    }

    private static Sums citrusHill(String brand) {
        return brand.equals("CH") ? Sums.binary(1, 0) : Sums.binary(0, 1);
    }

    @Test
    void doesNotDependOnTheOrderOfCells() {
        List<Cell> cells = new ArrayList<>(cells(
                customer -> customer.weighted().withOffset(customer.offset()).inCluster(customer.id())));
        var fit = Regression.of(LOGISTIC, Design.of(NAMES, cells));
        for (int seed = 0; seed < 5; seed++) {
            Collections.shuffle(cells, new Random(seed));
            assertThat(Regression.of(LOGISTIC, Design.of(NAMES, cells))).isEqualTo(fit);
        }
    }

    @Test
    void takesACountForRepeatedRowsHoweverTheyAreSplit() {
        List<Cell> rows = new ArrayList<>();
        List<Cell> split = new ArrayList<>();
        List<Cell> counts = new ArrayList<>();
        for (int level = 0; level < 10; level++) {
            int yes = 5 + 3 * level;
            int no = 40 - 2 * level;
            double[] x = {level, level * level % 7};
            for (int i = 0; i < yes; i++) {
                rows.add(Cell.of(Sums.binary(1, 0), x));
            }
            for (int i = 0; i < no; i++) {
                rows.add(Cell.of(Sums.binary(0, 1), x));
            }
            split.add(Cell.of(Sums.binary(yes - 3, no - 2), x));
            split.add(Cell.of(Sums.binary(3, 2), x));
            counts.add(Cell.of(Sums.binary(yes, no), x));
        }
        var fit = Regression.of(LOGISTIC, Design.of(NAMES, counts));

        assertThat(Regression.of(LOGISTIC, Design.of(NAMES, rows))).isEqualTo(fit);
        assertThat(Regression.of(LOGISTIC, Design.of(NAMES, split))).isEqualTo(fit);
        assertThat(fit.cells()).isEqualTo(10);
    }

    @Test
    void isRobustAloneWhereEveryClusterHasOneRow() {
        List<Cell> own = new ArrayList<>();
        for (Customer customer : Customers.all()) {
            own.add(customer.weighted().inCluster(own.size()));
        }
        var fit = Regression.of(LOGISTIC, Design.of(NAMES, own));
        var condensed = Regression.of(LOGISTIC, design(Customer::weighted));

        assertThat(fit.clusters()).isEqualTo(300);
        assertThat(condensed.clusters()).isEqualTo(300);
        assertThat(array(fit.clustered().values()))
                .containsExactly(array(condensed.robust().values()), within(1e-12));
        assertThat(condensed.clustered()).isEqualTo(condensed.robust());
    }

    @Test
    void shrinksWithThePenaltyAndNotWithoutOne() {
        var design = design(Customer::ofSpend);
        var without = Regression.of(POISSON, design, 0, Set.of());
        var little = Regression.of(POISSON, design, 1e-9, Set.of());
        var much = Regression.of(POISSON, design, 1e9, Set.of());

        assertThat(without).isEqualTo(Regression.of(POISSON, design));
        assertThat(array(little.coefficients())).containsExactly(array(without.coefficients()), NINE);
        assertThat(much.coefficients().get(1)).isCloseTo(0, within(1e-4));
        assertThat(much.logLikelihood()).isCloseTo(without.nullLogLikelihood(), within(1.0));
    }

    @Test
    void knowsNoUnitOfACovariate() {
        var fit = Regression.of(LOGISTIC, design(Customer::stay));
        var other = Regression.of(
                LOGISTIC, design(customer -> customer.stay(1e6 + 1e3 * customer.satisfaction(), customer.channel())));

        assertThat(other.coefficients().get(1) * 1e3)
                .isCloseTo(fit.coefficients().get(1), NINE);
        assertThat(other.standardError(1, Errors.ROBUST) * 1e3).isCloseTo(fit.standardError(1, Errors.ROBUST), NINE);
        assertThat(other.logLikelihood()).isCloseTo(fit.logLikelihood(), NINE);
    }

    @Test
    void refusesWhatTheDataCannotTell() {
        assertThatThrownBy(() -> Regression.of(LOGISTIC, design(customer -> cell(9, 0, customer))))
                .isInstanceOf(RefusedRegression.class)
                .hasMessage("All 2700 rows have the same answer, so nothing can be said of what moves it.");
        assertThatThrownBy(() -> Regression.of(POISSON, design(customer -> cell(0, 9, customer))))
                .hasMessage("All 2700 rows have a response of 0, so nothing can be said of what moves it.");
        assertThatThrownBy(() -> design(customer -> customer.stay(customer.satisfaction(), 4)))
                .hasMessage("channel is the same in all rows. Leave it out.");
        assertThatThrownBy(() -> Regression.of(
                        LOGISTIC, design(customer -> customer.stay(customer.channel(), 3 - .1 * customer.channel()))))
                .hasMessage("channel follows from satisfaction, so their effects cannot be told apart. Leave one out.");
        assertThatThrownBy(() -> Regression.of(
                        LOGISTIC, Design.of(NAMES, cells(Customer::stay).subList(0, 35))))
                .hasMessageStartingWith("17 events for 2 coefficients, fewer than 10 each.");
        assertThatThrownBy(() -> Design.of(NAMES, List.of())).hasMessage("There are no rows.");
    }

    private static Cell cell(long positives, long negatives, Customer customer) {
        return Cell.of(Sums.binary(positives, negatives), customer.satisfaction(), customer.channel());
    }

    @Test
    void refusesSeparatedAnswersWithoutARidge() {
        // all above 5 stay
        Function<Customer, Cell> perfect =
                customer -> cell(customer.satisfaction() > 5 ? 1 : 0, customer.satisfaction() > 5 ? 0 : 1, customer);
        assertThatThrownBy(() -> Regression.of(LOGISTIC, design(perfect)))
                .isInstanceOf(RefusedRegression.class)
                .hasMessageContaining("satisfaction")
                .hasMessageContaining("(separation)");
        // one channel in which nobody stays
        Function<Customer, Cell> quasi = customer -> {
            boolean first = customer.channel() == 0;
            return Cell.of(first ? Sums.binary(0, 1) : customer.stay().sums, customer.satisfaction(), first ? 1 : 0);
        };
        assertThatThrownBy(() -> Regression.of(LOGISTIC, design(quasi)))
                .hasMessage("channel: some values go with one answer alone (separation), so there is no finite"
                        + " coefficient. Set a ridge penalty, merge values or leave it out.");
        // one channel in which nobody spends
        Function<Customer, Cell> counts = customer -> {
            boolean first = customer.channel() == 0;
            return Cell.of(
                    first ? Sums.amount(1, 0, 0, 0) : customer.ofSpend().sums, customer.satisfaction(), first ? 1 : 0);
        };
        assertThatThrownBy(() -> Regression.of(POISSON, design(counts)))
                .hasMessageStartingWith("channel: some values go with a response of 0 alone (separation)");
        for (Function<Customer, Cell> cell : List.of(perfect, quasi)) {
            var fit = Regression.of(LOGISTIC, design(cell), 1, Set.of());
            assertThat(fit.gradient()).isLessThan(1e-9);
        }
        assertThat(Regression.of(POISSON, design(counts), 1, Set.of()).gradient())
                .isLessThan(1e-9);
    }

    @Test
    void findsPlantedEffectsOfSpendOverManyOrdersOfMagnitude() {
        var random = new Random(7);
        List<Cell> cells = new ArrayList<>();
        for (int i = 0; i < 20_000; i++) {
            double[] x = {random.nextGaussian(), random.nextGaussian()};
            double y = StrictMath.exp(5 + 1.5 * x[0] - 2 * x[1] + random.nextGaussian()) * (i % 3);
            cells.add(Cell.of(Sums.amount(1, y > 0 ? 1 : 0, y, y * y), x));
        }
        var fit = Regression.of(POISSON, Design.of(NAMES, cells));

        assertThat(fit.coefficients().get(1)).isCloseTo(1.5, within(4 * fit.standardError(1, Errors.ROBUST)));
        assertThat(fit.coefficients().get(2)).isCloseTo(-2, within(4 * fit.standardError(2, Errors.ROBUST)));
        assertThat(fit.standardError(1, Errors.ROBUST)).isGreaterThan(10 * fit.standardError(1, Errors.MODEL));
    }
}

package manyi.math.driver;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.function.ToDoubleFunction;
import java.util.stream.IntStream;
import manyi.math.driver.Drivers.Driver;
import manyi.math.moment.Moments;
import manyi.testing.ReferenceData;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;

class DriversTest {

    private static final Offset<Double> EIGHT = within(1e-8);
    private static final List<String> BLOCKS = List.of("IMAG", "CUEX", "PERQ", "PERV");

    /** The customers of mobile phones (ECSI); LMG, coefficients and VIF recomputed independently (numpy, all 24 orders). */
    @Test
    void dividesTheSatisfactionOfMobilePhoneCustomers() {
        var drivers = Drivers.of(BLOCKS, blocks());

        assertThat(drivers.rSquared()).isCloseTo(.6694413095, EIGHT);
        assertThat(column(drivers, Driver::relativeWeight))
                .containsExactly(new double[] {.16564365, .08149925, .28145359, .14084482}, EIGHT);
        assertThat(column(drivers, Driver::lmg))
                .containsExactly(new double[] {.16481702, .07688155, .29543367, .13230907}, EIGHT);
        assertThat(column(drivers, Driver::standardised))
                .containsExactly(
                        new double[] {.15927820379390698, .06151300008715873, .5285666499645251, .1937814207981317},
                        EIGHT);
        assertThat(column(drivers, Driver::vif))
                .containsExactly(
                        new double[] {2.245832862201882, 1.4758242191011433, 2.602822388630841, 1.512317839473821},
                        EIGHT);
    }

    /** The first twelve items; recomputed independently (numpy, all 4,096 subsets). */
    @Test
    void looksAtEverySubsetOfTwelve() {
        double[][] all = Combinations.means(24, List.of(List.of(17, 18, 19)));
        double[][] rows = new double[13][24];
        for (int i = 0; i < 12; i++) {
            rows[i][i] = 1;
        }
        rows[12] = all[0];
        var drivers = Drivers.of(names(12), Combinations.covariance(rows, mobi().covariance()));

        assertThat(drivers.rSquared()).isCloseTo(.652496623204255, EIGHT);
        assertThat(column(drivers, Driver::lmg))
                .containsExactly(
                        new double[] {
                            0.06346041736694705, 0.025450093567401605, 0.019414791166606153, 0.06454357145540447,
                            0.04946161118412599, 0.02265099964522735, 0.023850061357927846, 0.017546247642132185,
                            0.11923186815715439, 0.05128794787256017, 0.10829021220935588, 0.08730880157941211
                        },
                        EIGHT);
    }

    /** Fertility of Swiss provinces, the example of relative importance in R; recomputed independently (numpy). */
    @Test
    void dividesTheFertilityOfSwissProvinces() {
        double[][] rows = rows("swiss/swiss.csv", 1);
        double[][] shifted = Arrays.stream(rows)
                .map(row -> new double[] {row[1], row[2], row[3], row[4], row[5], row[0]})
                .toArray(double[][]::new);
        var drivers = Drivers.of(names(5), moments(shifted).covariance());

        assertThat(drivers.rSquared()).isCloseTo(.7067350015927253, EIGHT);
        assertThat(column(drivers, Driver::lmg))
                .containsExactly(
                        new double[] {
                            0.05709122076809124,
                            0.1711730289002343,
                            0.2601346786243844,
                            0.10557015037349345,
                            0.11276592292652182
                        },
                        EIGHT);
    }

    @Test
    void dividesAllThatIsExplainedAndNothingMore() {
        for (int size = 1; size <= 13; size++) {
            var drivers = Drivers.of(names(size), randomCovariance(size + 1, size));

            assertThat(Arrays.stream(column(drivers, Driver::relativeWeight)).sum())
                    .isCloseTo(drivers.rSquared(), within(1e-10));
            if (size <= Drivers.MOST_FOR_LMG) {
                assertThat(Arrays.stream(column(drivers, Driver::lmg)).sum())
                        .isCloseTo(drivers.rSquared(), within(1e-10));
            } else {
                assertThat(column(drivers, Driver::lmg)).containsOnly(Double.NaN);
            }
            assertThat(drivers.drivers()).allMatch(driver -> driver.vif() >= 1 - 1e-12);
        }
    }

    @Test
    void knowsNoUnitAndNoOrder() {
        double[][] covariance = randomCovariance(6, 4);
        double[] units = {100, .01, -1, 7, 3, 12};
        int[] order = {3, 1, 4, 0, 2, 5};
        double[][] other = new double[6][6];
        for (int i = 0; i < 6; i++) {
            for (int j = 0; j < 6; j++) {
                other[i][j] = covariance[order[i]][order[j]] * units[i] * units[j];
            }
        }
        var drivers = Drivers.of(names(5), covariance);
        var turned = Drivers.of(names(5), other);

        for (int i = 0; i < 5; i++) {
            assertThat(turned.drivers().get(i).lmg())
                    .isCloseTo(drivers.drivers().get(order[i]).lmg(), within(1e-12));
            assertThat(turned.drivers().get(i).relativeWeight())
                    .isCloseTo(drivers.drivers().get(order[i]).relativeWeight(), within(1e-12));
        }
    }

    @Test
    void givesIndependentDriversTheirSquaredCorrelations() {
        var drivers = Drivers.of(List.of("a", "b"), new double[][] {{4, 0, 1}, {0, 9, 1.5}, {1, 1.5, 1}});

        assertThat(drivers.rSquared()).isCloseTo(.5, EIGHT);
        assertThat(drivers.drivers()).allSatisfy(driver -> {
            assertThat(driver.lmg()).isCloseTo(.25, EIGHT);
            assertThat(driver.relativeWeight()).isCloseTo(.25, EIGHT);
            assertThat(driver.correlation()).isCloseTo(.5, EIGHT);
            assertThat(driver.vif()).isCloseTo(1, EIGHT);
        });
    }

    @Test
    void namesTheItemWhoseAnswersAreAllAlike() {
        assertThatThrownBy(() ->
                        Drivers.of(List.of("price", "image"), new double[][] {{4, 0, 1}, {0, 1e-14, 0}, {1, 0, 1}}))
                .isInstanceOf(RefusedDrivers.class)
                .hasMessage("All answers to image are alike, so nothing can be said of it.");
        assertThatThrownBy(() -> Drivers.of(List.of("price"), new double[][] {{4, 0}, {0, 0}}))
                .hasMessageContaining("the outcome");
    }

    @Test
    void namesTheItemsThatFollowFromEachOther() {
        // quality is price + 2·service; image stands apart
        double[][] items = randomCovariance(4, 9);
        double[][] rows = {{1, 0, 0, 0}, {0, 1, 0, 0}, {1, 0, 2, 0}, {0, 0, 1, 0}, {0, 0, 0, 1}};
        double[][] covariance = Combinations.covariance(rows, items);

        assertThatThrownBy(() -> Drivers.of(List.of("price", "image", "quality", "service"), covariance))
                .isInstanceOf(RefusedDrivers.class)
                .hasMessage("One of price, quality, service follows from the others, so their importance cannot be told"
                        + " apart. Leave one out.");
    }

    @Test
    void refusesCovariancesOfNoAnswers() {
        assertThatThrownBy(() -> Drivers.of(
                        List.of("a", "b", "c"),
                        new double[][] {{1, .9, -.9, .1}, {.9, 1, .9, .1}, {-.9, .9, 1, .1}, {.1, .1, .1, 1}}))
                .isInstanceOf(RefusedDrivers.class)
                .hasMessageContaining("no set of answers");
        assertThatThrownBy(() -> Drivers.of(List.of("a", "b"), new double[][] {{1, 0, .9}, {0, 1, .9}, {.9, .9, 1}}))
                .isInstanceOf(RefusedDrivers.class)
                .hasMessageContaining("more than all");
        assertThatThrownBy(() -> Drivers.of(List.of("a"), new double[][] {{1, Double.NaN}, {Double.NaN, 1}}))
                .isInstanceOf(RefusedDrivers.class)
                .hasMessageContaining("Nobody answered a");
        double[][] ofOne = Moments.of(new double[][] {{1, 2}}, new double[] {1}).covariance();
        assertThatThrownBy(() -> Drivers.of(List.of("a"), ofOne)).hasMessage("Fewer than two respondents answered a.");
    }

    @Test
    void takesBlocksOfItemsForOne() {
        double[][] means = Combinations.means(3, List.of(List.of(0, 2), List.of(1)));

        assertThat(means).isDeepEqualTo(new double[][] {{.5, 0, .5}, {0, 1, 0}});
        assertThat(Combinations.values(means, new double[] {2, 5, 8})).containsExactly(5, 5);
        assertThat(Combinations.covariance(means, new double[][] {{4, 1, 2}, {1, 9, 3}, {2, 3, 16}}))
                .isDeepEqualTo(new double[][] {{6, 2}, {2, 9}});
        assertThatThrownBy(() -> Combinations.means(3, List.of(List.of()))).hasMessageContaining("block 0");
    }

    @Test
    void saysWhatToDoAboutADriver() {
        assertThat(Quadrant.of(.3, 80, .2, 70).words()).isEqualTo("keep up");
        assertThat(Quadrant.of(.3, 60, .2, 70).words()).isEqualTo("concentrate here");
        assertThat(Quadrant.of(.1, 60, .2, 70).words()).isEqualTo("low priority");
        assertThat(Quadrant.of(.1, 70, .2, 70).words()).isEqualTo("possible overkill");
        assertThatThrownBy(() -> Quadrant.of(.1, Double.NaN, .2, 70)).hasMessageContaining("NaN");
    }

    @Test
    void cutsAtTheMeans() {
        assertThat(Quadrant.atTheMeans(List.of(.4, .3, .1, .0), List.of(90.0, 50.0, 40.0, 80.0)))
                .containsExactly(
                        Quadrant.KEEP_UP, Quadrant.CONCENTRATE_HERE, Quadrant.LOW_PRIORITY, Quadrant.POSSIBLE_OVERKILL);
    }

    private static double[][] blocks() {
        double[][] means = Combinations.means(
                24,
                List.of(
                        List.of(0, 1, 2, 3, 4),
                        List.of(5, 6, 7),
                        List.of(8, 9, 10, 11, 12, 13, 14),
                        List.of(15, 16),
                        List.of(17, 18, 19)));
        return Combinations.covariance(means, mobi().covariance());
    }

    private static Moments mobi() {
        double[][] rows = rows("mobi/mobi.csv", 0);
        for (double[] row : rows) {
            for (int i = 0; i < row.length; i++) {
                row[i] -= 5.5;
            }
        }
        return moments(rows);
    }

    private static Moments moments(double[][] rows) {
        double[] weights = new double[rows.length];
        Arrays.fill(weights, 1);
        return Moments.of(rows, weights);
    }

    private static double[][] rows(String file, int from) {
        try (var lines = Files.lines(ReferenceData.of(file))) {
            return lines.skip(1)
                    .map(line -> Arrays.stream(line.split(","))
                            .skip(from)
                            .mapToDouble(Double::parseDouble)
                            .toArray())
                    .toArray(double[][]::new);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static double[][] randomCovariance(int size, long seed) {
        var random = new Random(seed);
        double[][] rows = new double[60][size];
        for (double[] row : rows) {
            double common = random.nextGaussian();
            for (int i = 0; i < size; i++) {
                row[i] = common + random.nextGaussian();
            }
        }
        return moments(rows).covariance();
    }

    private static List<String> names(int size) {
        List<String> names = new ArrayList<>();
        IntStream.range(0, size).forEach(i -> names.add("item " + i));
        return names;
    }

    private static double[] column(Drivers drivers, ToDoubleFunction<Driver> figure) {
        return drivers.drivers().stream().mapToDouble(figure).toArray();
    }
}

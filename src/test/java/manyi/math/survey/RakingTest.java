package manyi.math.survey;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;
import manyi.math.survey.Raking.Cell;
import manyi.math.survey.Raking.Centre;
import manyi.math.survey.Raking.Margin;
import manyi.math.survey.Raking.Trimming;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;

class RakingTest {

    private static final Offset<Double> NINE = within(1e-9);

    private static final List<Margin> SCHOOLS = List.of(
            margin("stype", Map.of("E", 4421.0, "H", 755.0, "M", 1018.0)),
            margin("sch.wide", Map.of("No", 1072.0, "Yes", 5122.0)));

    @Test
    void fitsATwoByTwoTableByHand() {
        // where only one cell of four is empty, the margins leave a single solution
        var raked = Raking.to(List.of(
                        margin("region", Map.of("East", 60.0, "West", 40.0)),
                        margin("tier", Map.of("Gold", 30.0, "Basic", 70.0))))
                .fit(List.of(cell(10, 1, "East", "Gold"), cell(10, 1, "East", "Basic"), cell(20, 2, "West", "Basic")));

        assertThat(raked.factors().get(0)).isCloseTo(3, NINE);
        assertThat(raked.factors().get(1)).isCloseTo(3, NINE);
        assertThat(raked.factors().get(2)).isCloseTo(1, NINE);
        assertThat(raked.marginError()).isLessThanOrEqualTo(Raking.TOLERANCE);
        // weights 3 and 3 for ten each, 2 for twenty: 40·(90 + 90 + 80)/100²
        assertThat(raked.designEffect()).isCloseTo(1.04, NINE);
        assertThat(raked.trimmed()).isZero();
    }

    /** Factors recomputed independently (numpy, iterated until nothing moved). */
    @Test
    void agreesWithAnIndependentComputationOnTheSchools() {
        var raked = Raking.to(SCHOOLS).fit(cells(Schools.clusters()));

        assertThat(raked.factors().get(0)).isCloseTo(1.1770390461, NINE);
        assertThat(raked.factors().get(1)).isCloseTo(0.8825207183, NINE);
        assertThat(raked.factors().get(2)).isCloseTo(1.9832049093, NINE);
        assertThat(raked.factors().get(3)).isCloseTo(1.4869680210, NINE);
        assertThat(raked.factors().get(4)).isCloseTo(1.4497319561, NINE);
        assertThat(raked.factors().get(5)).isCloseTo(1.0869804969, NINE);
        assertThat(raked.designEffect()).isCloseTo(1.0516566957, NINE);
    }

    /**
     * R's survey package prints 641.23 and 23.704 for the raked mean of api00 in its own tests (rakecheck); the further
     * digits were recomputed independently (numpy).
     */
    @Test
    void agreesWithSurveyForR() {
        var schools = Schools.clusters();
        var cells = cells(schools);
        var raking = Raking.to(SCHOOLS);
        var factors = raking.fit(cells).factors();
        var byLevels = new TreeMap<String, Double>();
        for (int i = 0; i < cells.size(); i++) {
            byLevels.put(cells.get(i).levels().toString(), factors.get(i));
        }
        double weights = 0;
        double total = 0;
        for (var school : schools) {
            double weight = school.weight() * byLevels.get(school.levels().toString());
            weights += weight;
            total += weight * school.performance();
        }
        double mean = total / weights;
        assertThat(mean).isCloseTo(641.23032092682, within(1e-7));

        double[] products = new double[raking.indicators().size()];
        for (var school : schools) {
            for (int column : raking.columns(school.levels())) {
                products[column] += school.weight() * (school.performance() - mean);
            }
        }
        double[] beta = raking.regression(cells).coefficients(products);
        var districts = new TreeMap<String, Double>();
        for (var school : schools) {
            double residual = school.performance() - mean;
            for (int column : raking.columns(school.levels())) {
                residual -= beta[column];
            }
            double weight = school.weight() * byLevels.get(school.levels().toString());
            districts.merge(school.district(), weight * residual / weights, Double::sum);
        }
        double centre = districts.values().stream().mapToDouble(z -> z).sum() / 15;
        double squares = districts.values().stream()
                .mapToDouble(z -> (z - centre) * (z - centre))
                .sum();
        assertThat(districts).hasSize(15);
        assertThat(Math.sqrt(squares * 15 / 14 * (1 - 15 / 757.0))).isCloseTo(23.703616887921733, within(1e-7));
    }

    @Test
    void knowsNoOrderOfCells() {
        var raking = new Raking(SCHOOLS, Optional.of(new Trimming(0.5, 1.7, Centre.MEDIAN)));
        List<Cell> cells = new ArrayList<>();
        var random = new Random(3);
        for (String type : List.of("E", "H", "M")) {
            for (String wide : List.of("No", "Yes")) {
                for (int i = 0; i < 5; i++) {
                    cells.add(Cell.of(List.of(type, wide), 1 + random.nextInt(40), 20 + 30 * random.nextDouble()));
                }
            }
        }
        var factors = new TreeMap<String, Double>();
        var first = raking.fit(cells);
        for (int i = 0; i < cells.size(); i++) {
            factors.put(cells.get(i).toString(), first.factors().get(i));
        }
        Collections.shuffle(cells, random);
        var second = raking.fit(cells);

        for (int i = 0; i < cells.size(); i++) {
            assertThat(second.factors().get(i))
                    .isEqualTo(factors.get(cells.get(i).toString()));
        }
        assertThat(second.designEffect()).isEqualTo(first.designEffect());
    }

    @Test
    void doesNothingToWeightsThatFit() {
        var cells = cells(Schools.clusters());
        var once = Raking.to(SCHOOLS).fit(cells);
        List<Cell> fitting = new ArrayList<>();
        for (int i = 0; i < cells.size(); i++) {
            double each = cells.get(i).weight()
                    / cells.get(i).respondents()
                    * once.factors().get(i);
            fitting.add(Cell.of(cells.get(i).levels(), cells.get(i).respondents(), each));
        }
        var twice = Raking.to(SCHOOLS).fit(fitting);

        assertThat(twice.rounds()).isLessThanOrEqualTo(1);
        assertThat(twice.factors()).allSatisfy(factor -> assertThat(factor).isCloseTo(1, within(1e-9)));
    }

    @Test
    void givesTheSameWeightsWhateverTheScaleOfTheBaseWeights() {
        var cells = cells(Schools.clusters());
        var small = cells.stream()
                .map(cell -> Cell.of(cell.levels(), cell.respondents(), cell.weight() / cell.respondents() / 1024))
                .toList();
        var factors = Raking.to(SCHOOLS).fit(cells).factors();
        var of = Raking.to(SCHOOLS).fit(small).factors();

        for (int i = 0; i < cells.size(); i++) {
            assertThat(of.get(i) / 1024).isCloseTo(factors.get(i), within(1e-12));
        }
    }

    /** Recomputed independently (numpy). */
    @Test
    void keepsTrimmedWeightsWithinBoundsAndTheMarginsToo() {
        var raked =
                new Raking(SCHOOLS, Optional.of(new Trimming(0.5, 1.7, Centre.MEAN))).fit(cells(Schools.clusters()));

        assertThat(raked.marginError()).isLessThanOrEqualTo(Raking.TOLERANCE);
        assertThat(raked.factors().get(0)).isCloseTo(1.2224552285, within(1e-7));
        assertThat(raked.factors().get(2)).isCloseTo(1.6999999110, within(1e-7));
        assertThat(raked.factors().get(5)).isCloseTo(1.0690616259, within(1e-7));
        assertThat(raked.designEffect()).isCloseTo(1.0519250080, within(1e-7));
        assertThat(raked.trimmed()).isEqualTo(3);
    }

    @Test
    void saysHowFarTheMarginsAreMissedWhereTheBoundsAreTooNarrow() {
        var raked =
                new Raking(SCHOOLS, Optional.of(new Trimming(0.85, 1.3, Centre.MEAN))).fit(cells(Schools.clusters()));

        assertThat(raked.marginError()).isCloseTo(0.1840856947, within(1e-7));
        assertThat(raked.rounds()).isLessThan(Raking.ROUNDS);
        assertThat(raked.factors()).allSatisfy(factor -> assertThat(factor).isBetween(0.8499, 1.3001));
    }

    @Test
    void trimsAroundTheMedianOfRespondents() {
        // raked weights 1 (three respondents), 2 and 10: the median is 1, ten is beyond five of it
        var raking = new Raking(
                List.of(margin("tier", Map.of("Basic", 3.0, "Silver", 2.0, "Gold", 10.0))),
                Optional.of(new Trimming(0, 5, Centre.MEDIAN)));
        var raked = raking.fit(List.of(cell(3, 1, "Basic"), cell(1, 1, "Silver"), cell(1, 1, "Gold")));

        assertThat(raked.factors().get(2)).isEqualTo(5);
        assertThat(raked.trimmed()).isEqualTo(1);
        assertThat(raked.marginError()).isCloseTo(0.5, NINE);
    }

    @Test
    void namesTheMarginsThatContradictEachOther() {
        var raking = Raking.to(
                List.of(margin("region", Map.of("East", 60.0)), margin("tier", Map.of("Gold", 30.0, "Basic", 70.0))));

        assertThatThrownBy(() -> raking.fit(List.of(cell(1, 1, "East", "Gold"), cell(1, 1, "East", "Basic"))))
                .isInstanceOf(RefusedRaking.class)
                .hasMessage("The margins contradict each other: region sums to 60, tier to 100");
    }

    @Test
    void namesEveryLevelThatIsMissingOnOneSide() {
        var raking = Raking.to(List.of(margin("region", Map.of("East", 60.0, "West", 40.0, "North", 0.0))));

        assertThatThrownBy(() -> raking.fit(List.of(cell(7, 1, "East"), cell(3, 1, "unknown"), cell(2, 1, "North"))))
                .isInstanceOf(RefusedRaking.class)
                .hasMessage("region = North has 0 in the margin and 2 respondents; region = West has 40 in the margin"
                        + " and no respondent; region = unknown has 3 respondents and is not in the margin");
    }

    @Test
    void saysWhichMarginCannotBeHeld() {
        // everybody in the East is Gold, so the margins of region and tier would have to agree
        var raking = Raking.to(List.of(
                margin("region", Map.of("East", 60.0, "West", 40.0)),
                margin("tier", Map.of("Gold", 30.0, "Basic", 70.0))));

        assertThatThrownBy(() -> raking.fit(List.of(cell(1, 1, "East", "Gold"), cell(1, 1, "West", "Basic"))))
                .isInstanceOf(RefusedRaking.class)
                .hasMessageContaining("After 1,000 rounds region = West still misses 40 by 75 %")
                .hasMessageContaining("region, tier");
    }

    @Test
    void refusesToTrimWeightsThatItCannotSee() {
        var raking = new Raking(
                List.of(margin("region", Map.of("East", 60.0))), Optional.of(new Trimming(0.2, 5, Centre.MEAN)));

        assertThatThrownBy(() -> raking.fit(List.of(new Cell(List.of("East"), 2, 4, 10))))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("[East]");
    }

    /** Nested margins make the regression even less determined; what it fits is still the projection. */
    @Test
    void leavesNothingOfAFigureThatTheMarginsFix() {
        var raking = Raking.to(List.of(
                margin("country", Map.of("A", 3.0, "B", 4.0)),
                margin("region", Map.of("A1", 1.0, "A2", 2.0, "B1", 4.0))));
        var cells = List.of(cell(2, 1, "A", "A1"), cell(3, 2, "A", "A2"), cell(5, 1, "B", "B1"));
        double[] figure = {10, -4, 7};
        double[] products = new double[5];
        for (int i = 0; i < 3; i++) {
            for (int column : raking.columns(cells.get(i).levels())) {
                products[column] += cells.get(i).weight() * figure[i];
            }
        }
        double[] beta = raking.regression(cells).coefficients(products);

        for (int i = 0; i < 3; i++) {
            double fitted = 0;
            for (int column : raking.columns(cells.get(i).levels())) {
                fitted += beta[column];
            }
            assertThat(fitted).isCloseTo(figure[i], NINE);
        }
    }

    /** Types E, H, M, each without and with the school-wide target. */
    private static List<Cell> cells(List<Schools.School> schools) {
        var counts = new TreeMap<String, Long>();
        schools.forEach(school -> counts.merge(school.type() + " " + school.schoolWide(), 1L, Long::sum));
        double weight = schools.get(0).weight();
        return counts.entrySet().stream()
                .map(entry -> Cell.of(List.of(entry.getKey().split(" ")), entry.getValue(), weight))
                .toList();
    }

    private static Cell cell(long respondents, double eachWeight, String... levels) {
        return Cell.of(List.of(levels), respondents, eachWeight);
    }

    private static Margin margin(String attribute, Map<String, Double> totals) {
        return new Margin(attribute, new TreeMap<>(totals));
    }
}

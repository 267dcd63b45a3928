package manyi.mart.survey;

import java.io.Serializable;
import java.util.BitSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import manyi.math.survey.DomainSums.Answers;
import manyi.math.survey.DomainSums.Unit;
import manyi.math.survey.RespondentIndex;

/**
 * What is condensed, and how it is shared out.
 *
 * @param waves the consecutive waves of each population
 * @param split the strata that are shared out over partitions, by {@link #stratum}; all where the sample has no design.
 *     The others lie whole in one partition
 * @param margins that weights are raked to
 */
record Plan(
        RespondentIndex index,
        List<Figure> figures,
        Segments segments,
        Map<String, List<Waves>> waves,
        Set<String> split,
        boolean hasDesign,
        Margins margins)
        implements Serializable {
    private static final long serialVersionUID = 1L;
    private static final int SUMS_IN_MEMORY = 4096;
    private static final int LEVELS_OF_ONE_SIZE = 2;

    /** Two consecutive waves. */
    record Waves(String earlier, String later) implements Serializable {
        private static final long serialVersionUID = 1L;
    }

    Plan {
        figures = List.copyOf(figures);
        waves = Map.copyOf(waves);
        split = Set.copyOf(split);
    }

    static String stratum(String population, String stratum) {
        return population + "\n" + stratum;
    }

    boolean isSplit(String population, String stratum) {
        return !hasDesign || split.contains(stratum(population, stratum));
    }

    List<Waves> pairs(String population) {
        return waves.getOrDefault(population, List.of());
    }

    /** The figures of pairs, whose error knows no finite correction: who stands aside is a second phase of sampling. */
    BitSet withReplacement() {
        BitSet places = new BitSet();
        for (int place = 0; place < figures.size(); place++) {
            places.set(place, figures.get(place).isOfPairs());
        }
        return places;
    }

    /** The figures that are of use in the cells of a dimension: pairs are told in those of their own view alone. */
    BitSet summed(int dimension) {
        String own = Figure.BEFORE_AND_AFTER + segments.name(dimension);
        BitSet places = new BitSet();
        for (int place = 0; place < figures.size(); place++) {
            Figure figure = figures.get(place);
            places.set(place, !figure.isOfPairs() || figure.name().equals(own));
        }
        return places;
    }

    /** The figures that are compared between waves, which is all but pairs. */
    BitSet compared() {
        BitSet places = withReplacement();
        places.flip(0, figures.size());
        return places;
    }

    /** Answers to no figure yet. */
    Answers answers() {
        return new Answers(figures.size(), margins.levels());
    }

    /** A sampling unit without a customer yet. */
    Unit unit() {
        return new Unit(figures.size(), margins.levels());
    }

    /** How many sums of cells are held in memory before they are passed on; raked ones are larger. */
    int mostSums() {
        return SUMS_IN_MEMORY * LEVELS_OF_ONE_SIZE / (LEVELS_OF_ONE_SIZE + margins.levels());
    }

    /** Adds what a response says of every figure. */
    void measure(ResponseView response, Answers sums) {
        if (sums.levels() > 0) {
            sums.turn(response.weight(), response.baseWeight(), response.columns(margins));
        }
        for (int place = 0; place < figures.size(); place++) {
            figures.get(place).reading().add(response, sums, place);
        }
    }
}

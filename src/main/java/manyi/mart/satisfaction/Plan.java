package manyi.mart.satisfaction;

import java.io.Serializable;
import java.util.List;
import java.util.Map;
import java.util.Set;
import manyi.math.survey.DomainSums.Answers;
import manyi.math.survey.RespondentIndex;

/**
 * What is condensed, and how it is shared out.
 *
 * @param waves the consecutive waves of each population
 * @param split the strata that are shared out over partitions, by {@link #stratum}; all where the sample has no design.
 *     The others lie whole in one partition
 */
record Plan(
        RespondentIndex index,
        List<Figure> figures,
        Segments segments,
        Map<String, List<Waves>> waves,
        Set<String> split,
        boolean hasDesign)
        implements Serializable {
    private static final long serialVersionUID = 1L;

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

    /** Adds what a response says of every figure. */
    void measure(Answered response, Answers sums) {
        for (int place = 0; place < figures.size(); place++) {
            figures.get(place).reading().add(response, sums, place);
        }
    }
}

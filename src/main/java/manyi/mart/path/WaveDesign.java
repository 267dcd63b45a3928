package manyi.mart.path;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import manyi.math.moment.MomentGroups;
import manyi.math.moment.Moments;
import manyi.math.pls.Draws;

/**
 * The groups of sampling units of a population and wave in their strata, and the draws that all of its segments share.
 * Strata with one group, whose spread cannot be told, are taken together as one.
 */
final class WaveDesign {

    private static final String LONE = "strata of one group";

    /** A group of sampling units and its sums. */
    record Group(String stratum, int number, MomentGroups sums) {
        static Group of(String stratum, int number, int items, double[] packed) {
            return new Group(stratum, number, new MomentGroups(items, List.of(packed)));
        }

        private String name() {
            return stratum + "\n" + number;
        }
    }

    private final Map<String, Integer> places = new LinkedHashMap<>();
    private final Draws draws;

    /**
     * The design of a wave.
     *
     * @param groups of all respondents
     */
    WaveDesign(String population, String wave, List<Group> groups, FitPlan plan) {
        Map<String, List<Group>> strata = new TreeMap<>();
        groups.forEach(group -> strata.computeIfAbsent(group.stratum(), any -> new ArrayList<>())
                .add(group));
        List<Group> lone = new ArrayList<>();
        strata.values().removeIf(members -> members.size() == 1 && lone.add(members.get(0)));
        List<Draws.Stratum> drawn = new ArrayList<>();
        strata.forEach((name, members) -> add(population + "\n" + wave + "\n" + name, members, drawn));
        if (!lone.isEmpty()) {
            add(population + "\n" + wave + "\n" + LONE, lone, drawn);
        }
        draws = Draws.raoWu(plan.seed(), plan.replicates(), drawn);
    }

    private void add(String name, List<Group> members, List<Draws.Stratum> drawn) {
        members.forEach(group -> places.put(group.name(), places.size()));
        drawn.add(new Draws.Stratum(name, members.size()));
    }

    Draws draws() {
        return draws;
    }

    /** The moments of each group of the design in a cell; none where the cell has nobody of the group. */
    List<Moments> aligned(int items, List<Group> groups) {
        Moments none = Moments.none(items);
        List<Moments> aligned = new ArrayList<>();
        places.keySet().forEach(name -> aligned.add(none));
        groups.forEach(
                group -> aligned.set(places.get(group.name()), group.sums().all()));
        return aligned;
    }

    /** Where the groups of a cell stand in the design. */
    int[] places(List<Group> groups) {
        return groups.stream().mapToInt(group -> places.get(group.name())).toArray();
    }

    /** The factors of groups in a replicate, by their places. */
    double[] factors(int replicate, int[] placesOfGroups) {
        double[] factors = new double[placesOfGroups.length];
        for (int group = 0; group < factors.length; group++) {
            factors[group] = draws.factor(replicate, placesOfGroups[group]);
        }
        return factors;
    }

    /** Groups of a cell less their strata. */
    long degreesOfFreedom(List<Group> groups) {
        boolean[] has = new boolean[places.size()];
        for (int place : places(groups)) {
            has[place] = true;
        }
        long degrees = 0;
        int from = 0;
        for (Draws.Stratum stratum : draws.strata()) {
            int with = 0;
            for (int place = from; place < from + stratum.groups(); place++) {
                with += has[place] ? 1 : 0;
            }
            degrees += StrictMath.max(0, with - 1);
            from += stratum.groups();
        }
        return degrees;
    }
}

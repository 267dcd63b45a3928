package manyi.math.pls;

import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import manyi.math.moment.Moments;

/**
 * Constructs measured by items, and the paths between them, to be estimated by partial least squares.
 *
 * <p>Fitting: outer weights begin at 1 in each block and are scaled so that each composite has variance 1; inner weights
 * by the scheme; new outer weights by each construct's mode; until the weights move by less than 1e-7 in sum, at most
 * 300 rounds. Paths are then regressions among the composites. A construct's sign is such that its loadings sum above 0.
 *
 * @param items in the order of the moments' items; those of no construct are not looked at
 * @param constructs at least two
 * @param paths at least one at each construct, without a cycle
 * @param scheme of the inner weights
 * @param missing what stands for a missing answer
 * @param consistent whether correlations of constructs and loadings are corrected for the unreliability of the
 *     composites in mode A (PLSc)
 * @see "Lohmöller (1989), Latent Variable Path Modeling with Partial Least Squares, ch. 2; Tenenhaus, Esposito Vinzi,
 *     Chatelin, Lauro (2005), Computational Statistics and Data Analysis 48(1); Dijkstra, Henseler (2015), MIS Quarterly
 *     39(2)"
 */
public record PathModel(
        List<Item> items,
        List<Construct> constructs,
        List<Path> paths,
        Scheme scheme,
        Missing missing,
        boolean consistent) {

    /** How a construct's neighbours are weighed for its inner estimate. */
    public enum Scheme {
        /** Each by the sign of its correlation. */
        CENTROID,
        /** Each by its correlation. */
        FACTORIAL,
        /** Causes by the regression on them, effects by their correlation. */
        PATH
    }

    /** How outer weights follow from the inner estimate. */
    public enum Mode {
        /** Correlation weights: the items reflect the construct. */
        A,
        /** Regression weights: the items form the construct. */
        B
    }

    /** What stands for a missing answer. */
    public enum Missing {
        /** The item's mean in the set the model is fitted on. */
        MEAN,
        /** Nothing: each covariance is over those who answered both items. */
        PAIRWISE
    }

    /**
     * A question.
     *
     * @param name for people
     * @param low the lowest answer on its scale
     * @param high the highest answer
     */
    public record Item(String name, double low, double high) {
        public Item {
            if (name.isBlank() || !(low < high) || Double.isInfinite(high - low)) {
                throw new IllegalArgumentException("item '" + name + "' on a scale from " + low + " to " + high);
            }
        }
    }

    /**
     * What is not asked but measured by items.
     *
     * @param name for people
     * @param items indices of its items
     * @param mode of its outer weights
     */
    public record Construct(String name, List<Integer> items, Mode mode) {
        public Construct {
            items = List.copyOf(items);
            if (name.isBlank()) {
                throw new IllegalArgumentException("a construct without a name");
            }
            if (items.isEmpty()) {
                throw new IllegalArgumentException("construct " + name + " has no item");
            }
        }
    }

    /** One construct is a cause of another. */
    public record Path(String from, String to) {}

    public PathModel {
        items = List.copyOf(items);
        constructs = List.copyOf(constructs);
        paths = List.copyOf(paths);
        distinct("item", items.stream().map(Item::name).toList());
        distinct("construct", constructs.stream().map(Construct::name).toList());
        refuseStrangeItems(items, constructs);
        refuseStrangePaths(constructs, paths);
        refuseCycles(constructs, paths);
    }

    /** A model by the path scheme with mean replacement, not consistent. */
    public PathModel(List<Item> items, List<Construct> constructs, List<Path> paths) {
        this(items, constructs, paths, Scheme.PATH, Missing.MEAN, false);
    }

    public PathModel with(Scheme other) {
        return new PathModel(items, constructs, paths, other, missing, consistent);
    }

    public PathModel with(Missing other) {
        return new PathModel(items, constructs, paths, scheme, other, consistent);
    }

    public PathModel withConsistent(boolean correct) {
        return new PathModel(items, constructs, paths, scheme, missing, correct);
    }

    /**
     * Estimates the model with its own outer weights.
     *
     * @param moments of {@link #items()}, values less the middle of each item's scale
     * @return a {@link PathFit}, or a {@link Refusal} where the answers cannot carry the model
     */
    public PathOutcome fit(Moments moments) {
        return PathFit.own(new Structure(this), moments);
    }

    /**
     * Estimates paths and indices with outer weights that are given, those of a pooled base, so that segments and waves
     * are measured by one rule.
     *
     * @param moments of the segment
     * @param weights for all items of this model
     */
    public PathOutcome fit(Moments moments, OuterWeights weights) {
        return PathFit.held(new Structure(this), moments, weights);
    }

    private static void distinct(String kind, List<String> names) {
        Set<String> seen = new HashSet<>();
        for (String name : names) {
            if (!seen.add(name)) {
                throw new IllegalArgumentException("two of the name " + kind + " " + name);
            }
        }
    }

    private static void refuseStrangeItems(List<Item> items, List<Construct> constructs) {
        Map<Integer, String> owners = new HashMap<>();
        for (Construct construct : constructs) {
            for (int item : construct.items()) {
                if (item < 0 || item >= items.size()) {
                    throw new IllegalArgumentException(
                            "construct " + construct.name() + " has item " + item + " of " + items.size());
                }
                String other = owners.put(item, construct.name());
                if (other != null) {
                    throw new IllegalArgumentException("item " + items.get(item).name() + " is in construct " + other
                            + " and again in " + construct.name());
                }
            }
        }
    }

    private static void refuseStrangePaths(List<Construct> constructs, List<Path> paths) {
        Set<String> names = constructs.stream().map(Construct::name).collect(Collectors.toSet());
        Set<String> connected = new HashSet<>();
        Set<Path> seen = new HashSet<>();
        for (Path path : paths) {
            for (String end : List.of(path.from(), path.to())) {
                if (!names.contains(end)) {
                    throw new IllegalArgumentException(
                            "path from " + path.from() + " to " + path.to() + ": there is no construct " + end);
                }
                connected.add(end);
            }
            if (!seen.add(path)) {
                throw new IllegalArgumentException("path from " + path.from() + " to " + path.to() + " is there twice");
            }
        }
        for (Construct construct : constructs) {
            if (!connected.contains(construct.name())) {
                throw new IllegalArgumentException("construct " + construct.name() + " has no path");
            }
        }
    }

    private static void refuseCycles(List<Construct> constructs, List<Path> paths) {
        Set<String> open = constructs.stream().map(Construct::name).collect(Collectors.toSet());
        boolean moved = true;
        while (moved) {
            Set<String> caused = paths.stream()
                    .filter(path -> open.contains(path.from()) && open.contains(path.to()))
                    .map(Path::to)
                    .collect(Collectors.toSet());
            moved = open.removeIf(name -> !caused.contains(name));
        }
        if (!open.isEmpty()) {
            throw new IllegalArgumentException("paths go in a circle through constructs "
                    + String.join(", ", open.stream().sorted().toList()));
        }
    }
}

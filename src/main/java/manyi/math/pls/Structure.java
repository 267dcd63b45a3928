package manyi.math.pls;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;
import manyi.math.pls.PathModel.Construct;
import manyi.math.pls.PathModel.Mode;
import manyi.math.pls.PathModel.Path;

/**
 * A path model as estimation wants it: only the items in use, block after block (so item q of the structure is item
 * {@code source[q]} of the model), constructs as numbers, and the figures in a fixed order.
 */
final class Structure {

    final PathModel model;
    final int items;
    final int constructs;
    /** The model's item of each item here. */
    final int[] source;
    /** Block j is the items from start[j] up to start[j + 1]. */
    final int[] start;
    /** The construct of each item. */
    final int[] owner;
    /** Causes and effects of each construct, ascending. */
    final int[][] causes;

    final int[][] effects;
    /** Constructs without causes, then the others, causes before effects. */
    final int[] order;

    /** Whether one construct (first) is before another (second) on a directed path. */
    final boolean[][] leads;

    /** Width of each item's scale. */
    final double[] range;

    private final List<Figure> replicated;
    private final List<Figure> all;

    Structure(PathModel model) {
        this.model = model;
        constructs = model.constructs().size();
        source = model.constructs().stream()
                .flatMap(construct -> construct.items().stream())
                .mapToInt(Integer::intValue)
                .toArray();
        items = source.length;
        start = new int[constructs + 1];
        owner = new int[items];
        for (int j = 0; j < constructs; j++) {
            start[j + 1] = start[j] + model.constructs().get(j).items().size();
            for (int q = start[j]; q < start[j + 1]; q++) {
                owner[q] = j;
            }
        }
        range = IntStream.of(source)
                .mapToObj(model.items()::get)
                .mapToDouble(item -> item.high() - item.low())
                .toArray();
        List<String> names = model.constructs().stream().map(Construct::name).toList();
        causes = new int[constructs][];
        effects = new int[constructs][];
        for (int j = 0; j < constructs; j++) {
            String name = names.get(j);
            causes[j] = ends(
                    model.paths().stream()
                            .filter(path -> path.to().equals(name))
                            .map(Path::from)
                            .toList(),
                    names);
            effects[j] = ends(
                    model.paths().stream()
                            .filter(path -> path.from().equals(name))
                            .map(Path::to)
                            .toList(),
                    names);
        }
        order = order();
        leads = new boolean[constructs][constructs];
        for (int to : order) {
            for (int cause : causes[to]) {
                leads[cause][to] = true;
                for (int from = 0; from < constructs; from++) {
                    leads[from][to] |= leads[from][cause];
                }
            }
        }
        replicated = replicated();
        all = all();
    }

    private static int[] ends(List<String> ends, List<String> names) {
        return ends.stream().mapToInt(names::indexOf).sorted().toArray();
    }

    private int[] order() {
        List<Integer> placed = new ArrayList<>();
        IntStream.range(0, constructs).filter(j -> causes[j].length == 0).forEach(placed::add);
        while (placed.size() < constructs) {
            for (int j = 0; j < constructs; j++) {
                if (!placed.contains(j) && IntStream.of(causes[j]).allMatch(placed::contains)) {
                    placed.add(j);
                }
            }
        }
        return placed.stream().mapToInt(Integer::intValue).toArray();
    }

    int size(int construct) {
        return start[construct + 1] - start[construct];
    }

    String name(int construct) {
        return model.constructs().get(construct).name();
    }

    String itemName(int item) {
        return model.items().get(source[item]).name();
    }

    boolean isFormed(int construct) {
        return model.constructs().get(construct).mode() == Mode.B;
    }

    /** Whether a block may stand for a common factor: several items in mode A. */
    boolean isFactor(int construct) {
        return !isFormed(construct) && size(construct) > 1;
    }

    /** Weights of the structure's items as those of the model's. */
    OuterWeights weights(double[] raw) {
        double[] all = new double[model.items().size()];
        for (int q = 0; q < items; q++) {
            all[source[q]] = raw[q];
        }
        return new OuterWeights(DoubleStream.of(all).boxed().toList());
    }

    /**
     * Whether a figure is a correlation: an item's with its construct, of two constructs, of an effect and its only cause.
     * Corrected for unreliability it is one no more.
     */
    boolean isCorrelation(Figure figure) {
        if (model.consistent()) {
            return false;
        }
        return switch (figure.measure()) {
            case LOADING, CORRELATION -> true;
            case PATH, TOTAL_EFFECT ->
                model.paths().stream()
                        .filter(path -> path.to().equals(figure.on()))
                        .map(Path::from)
                        .toList()
                        .equals(List.of(figure.of()));
            default -> false;
        };
    }

    /** Whether a figure is 1 by definition: the weight, loading and reliabilities of a single item. */
    boolean isOne(Figure figure) {
        String construct = switch (figure.measure()) {
            case WEIGHT, LOADING -> figure.on();
            case ALPHA, RHO_A, RHO_C, AVE -> figure.of();
            default -> "";
        };
        return model.constructs().stream()
                .anyMatch(one -> one.name().equals(construct) && one.items().size() == 1);
    }

    /** The figures, those that are replicated first. */
    List<Figure> figures(boolean whole) {
        return whole ? all : replicated;
    }

    /** In the order in which {@link Estimation#values(boolean)} gives them. */
    private List<Figure> replicated() {
        List<Figure> figures = new ArrayList<>();
        ofItems(figures, Measure.WEIGHT);
        ofItems(figures, Measure.LOADING);
        ofPaths(figures, Measure.PATH);
        for (int j = 0; j < constructs; j++) {
            if (causes[j].length > 0) {
                figures.add(new Figure(Measure.R_SQUARED, name(j), ""));
            }
        }
        ofEffects(figures, Measure.TOTAL_EFFECT);
        ofConstructs(figures, Measure.INDEX);
        ofEffects(figures, Measure.IMPACT);
        ofPairs(figures, Measure.CORRELATION);
        ofConstructs(figures, Measure.ALPHA);
        ofConstructs(figures, Measure.RHO_A);
        ofConstructs(figures, Measure.RHO_C);
        ofConstructs(figures, Measure.AVE);
        ofPairs(figures, Measure.HTMT);
        ofPaths(figures, Measure.F_SQUARED);
        return List.copyOf(figures);
    }

    private List<Figure> all() {
        List<Figure> figures = new ArrayList<>(replicated);
        for (int q = 0; q < items; q++) {
            for (int j = 0; j < constructs; j++) {
                if (j != owner[q]) {
                    figures.add(new Figure(Measure.CROSS_LOADING, itemName(q), name(j)));
                }
            }
        }
        ofPaths(figures, Measure.INNER_VIF);
        ofItems(figures, Measure.OUTER_VIF);
        figures.add(new Figure(Measure.SRMR_SATURATED, "", ""));
        figures.add(new Figure(Measure.SRMR_ESTIMATED, "", ""));
        figures.add(new Figure(Measure.SRMR_OF_FACTORS_SATURATED, "", ""));
        figures.add(new Figure(Measure.SRMR_OF_FACTORS_ESTIMATED, "", ""));
        return List.copyOf(figures);
    }

    private void ofItems(List<Figure> figures, Measure measure) {
        for (int q = 0; q < items; q++) {
            figures.add(new Figure(measure, itemName(q), name(owner[q])));
        }
    }

    private void ofConstructs(List<Figure> figures, Measure measure) {
        for (int j = 0; j < constructs; j++) {
            figures.add(new Figure(measure, name(j), ""));
        }
    }

    private void ofPaths(List<Figure> figures, Measure measure) {
        for (int to = 0; to < constructs; to++) {
            for (int from : causes[to]) {
                figures.add(new Figure(measure, name(from), name(to)));
            }
        }
    }

    private void ofEffects(List<Figure> figures, Measure measure) {
        for (int to = 0; to < constructs; to++) {
            for (int from = 0; from < constructs; from++) {
                if (leads[from][to]) {
                    figures.add(new Figure(measure, name(from), name(to)));
                }
            }
        }
    }

    private void ofPairs(List<Figure> figures, Measure measure) {
        for (int first = 0; first < constructs; first++) {
            for (int second = first + 1; second < constructs; second++) {
                figures.add(new Figure(measure, name(first), name(second)));
            }
        }
    }
}

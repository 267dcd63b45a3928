package manyi.math.pls;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.function.Predicate;
import java.util.stream.IntStream;
import manyi.math.moment.Moments;
import manyi.math.pls.PathModel.Construct;
import manyi.math.pls.PathModel.Item;
import manyi.math.pls.PathModel.Mode;
import manyi.testing.ReferenceData;

/**
 * Answers with the model they are for.
 *
 * @param model by the path scheme in mode A
 * @param answers respondents × items, NaN where missing
 */
@SuppressWarnings("ArrayRecordComponent") // a picture for tests, never compared
record Survey(PathModel model, double[][] answers) {

    /** The constructs of the European Customer Satisfaction Index (Tenenhaus et al. 2005), causes before effects. */
    static final List<String> ECSI =
            List.of("Image", "Expectation", "Quality", "Value", "Satisfaction", "Complaints", "Loyalty");

    /** Mobile phones, 250 customers, 24 items on 1 to 10 (Tenenhaus et al. 2005). */
    static Survey mobi() {
        Map<String, String> prefixes = Map.of(
                "Image", "IMAG",
                "Expectation", "CUEX",
                "Quality", "PERQ",
                "Value", "PERV",
                "Satisfaction", "CUSA",
                "Complaints", "CUSCO",
                "Loyalty", "CUSL");
        List<PathModel.Path> paths = List.of(
                new PathModel.Path("Image", "Expectation"),
                new PathModel.Path("Image", "Satisfaction"),
                new PathModel.Path("Image", "Loyalty"),
                new PathModel.Path("Expectation", "Quality"),
                new PathModel.Path("Expectation", "Value"),
                new PathModel.Path("Expectation", "Satisfaction"),
                new PathModel.Path("Quality", "Value"),
                new PathModel.Path("Quality", "Satisfaction"),
                new PathModel.Path("Value", "Satisfaction"),
                new PathModel.Path("Satisfaction", "Complaints"),
                new PathModel.Path("Satisfaction", "Loyalty"),
                new PathModel.Path("Complaints", "Loyalty"));
        return read("mobi/mobi.csv", 1, prefixes, paths, row -> true);
    }

    /** A bank's 250 customers, 27 items on 0 to 10 (Sanchez 2013). */
    static Survey bank(Predicate<String> gender) {
        Map<String, String> prefixes = new HashMap<>();
        for (String name : List.of("imag", "expe", "qual", "val", "sat", "loy")) {
            prefixes.put(name, name);
        }
        return read(
                "satisfaction/satisfaction.csv",
                0,
                prefixes,
                List.of(
                        new PathModel.Path("imag", "expe"),
                        new PathModel.Path("imag", "sat"),
                        new PathModel.Path("imag", "loy"),
                        new PathModel.Path("expe", "qual"),
                        new PathModel.Path("expe", "val"),
                        new PathModel.Path("expe", "sat"),
                        new PathModel.Path("qual", "val"),
                        new PathModel.Path("qual", "sat"),
                        new PathModel.Path("val", "sat"),
                        new PathModel.Path("sat", "loy")),
                gender);
    }

    private static Survey read(
            String file,
            double low,
            Map<String, String> prefixes,
            List<PathModel.Path> paths,
            Predicate<String> lastColumn) {
        List<String> lines;
        try {
            lines = Files.readAllLines(ReferenceData.of(file));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        List<String> names = Arrays.stream(lines.get(0).split(","))
                .filter(name -> !name.equals("gender"))
                .toList();
        List<Item> items = names.stream().map(name -> new Item(name, low, 10)).toList();
        List<Construct> constructs = new ArrayList<>();
        for (String prefix : prefixes.values().stream()
                .sorted((a, b) -> first(names, a) - first(names, b))
                .toList()) {
            String name = prefixes.entrySet().stream()
                    .filter(entry -> entry.getValue().equals(prefix))
                    .findFirst()
                    .orElseThrow()
                    .getKey();
            constructs.add(new Construct(
                    name,
                    IntStream.range(0, names.size())
                            .filter(i -> names.get(i).matches(prefix + "\\d?"))
                            .boxed()
                            .toList(),
                    Mode.A));
        }
        double[][] answers = lines.stream()
                .skip(1)
                .map(line -> line.split(","))
                .filter(row -> lastColumn.test(row[row.length - 1]))
                .map(row -> IntStream.range(0, names.size())
                        .mapToDouble(i -> Double.parseDouble(row[i]))
                        .toArray())
                .toArray(double[][]::new);
        return new Survey(new PathModel(items, constructs, paths), answers);
    }

    private static int first(List<String> names, String prefix) {
        return IntStream.range(0, names.size())
                .filter(i -> names.get(i).startsWith(prefix))
                .findFirst()
                .orElseThrow();
    }

    /** Answers of three constructs in a row, Image → Quality → Satisfaction, of three items on 0 to 10 each. */
    static Survey simulated(long seed, int respondents, double loadingOfFirst) {
        List<Item> items = new ArrayList<>();
        for (String name : List.of("a1", "a2", "a3", "b1", "b2", "b3", "c1", "c2", "c3")) {
            items.add(new Item(name, 0, 10));
        }
        var model = new PathModel(
                items,
                List.of(
                        new Construct("Image", List.of(0, 1, 2), Mode.A),
                        new Construct("Quality", List.of(3, 4, 5), Mode.A),
                        new Construct("Satisfaction", List.of(6, 7, 8), Mode.A)),
                List.of(new PathModel.Path("Image", "Quality"), new PathModel.Path("Quality", "Satisfaction")));
        var random = new SplittableRandom(seed);
        double[][] answers = new double[respondents][9];
        for (double[] row : answers) {
            double a = normal(random);
            double b = 0.6 * a + 0.8 * normal(random);
            double c = 0.6 * b + 0.8 * normal(random);
            double[] factors = {a, b, c};
            for (int item = 0; item < 9; item++) {
                double loading = item == 3 ? loadingOfFirst : 0.8;
                double value = loading * factors[item / 3] + StrictMath.sqrt(1 - loading * loading) * normal(random);
                row[item] = StrictMath.max(0, StrictMath.min(10, StrictMath.rint(5 + 2 * value)));
            }
        }
        return new Survey(model, answers);
    }

    private static double normal(SplittableRandom random) {
        double sum = 0;
        for (int i = 0; i < 12; i++) {
            sum += random.nextDouble();
        }
        return sum - 6;
    }

    Survey with(PathModel other) {
        return new Survey(other, answers);
    }

    /** The same model with these constructs in mode B. */
    Survey formed(List<String> names) {
        return with(new PathModel(
                model.items(),
                model.constructs().stream()
                        .map(construct -> names.contains(construct.name())
                                ? new Construct(construct.name(), construct.items(), Mode.B)
                                : construct)
                        .toList(),
                model.paths(),
                model.scheme(),
                model.missing(),
                model.consistent()));
    }

    /** Answers where every so manieth is missing, counted row by row from the first. */
    Survey without(int every) {
        double[][] holed = new double[answers.length][];
        for (int row = 0; row < holed.length; row++) {
            holed[row] = answers[row].clone();
            for (int item = 0; item < holed[row].length; item++) {
                if ((row * holed[row].length + item) % every == 0) {
                    holed[row][item] = Double.NaN;
                }
            }
        }
        return new Survey(model, holed);
    }

    Moments moments() {
        double[] ones = new double[answers.length];
        Arrays.fill(ones, 1);
        return moments(ones);
    }

    Moments moments(double[] weights) {
        return moments(IntStream.range(0, answers.length).toArray(), weights);
    }

    private Moments moments(int[] rows, double[] weights) {
        if (rows.length == 0) {
            return Moments.none(model.items().size());
        }
        double[][] x = new double[rows.length][];
        for (int row = 0; row < x.length; row++) {
            x[row] = answers[rows[row]].clone();
            for (int item = 0; item < x[row].length; item++) {
                Item scale = model.items().get(item);
                x[row][item] -= (scale.low() + scale.high()) / 2;
            }
        }
        return Moments.of(
                x, Arrays.stream(rows).mapToDouble(row -> weights[row]).toArray());
    }

    /** Respondent r is in group r modulo the number of groups; only those whom the filter lets through. */
    List<Moments> groups(int groups, Predicate<Integer> respondents) {
        double[] ones = new double[answers.length];
        Arrays.fill(ones, 1);
        return IntStream.range(0, groups)
                .mapToObj(group -> moments(
                        IntStream.range(0, answers.length)
                                .filter(row -> row % groups == group && respondents.test(row))
                                .toArray(),
                        ones))
                .toList();
    }

    PathFit fit() {
        return fit(moments());
    }

    PathFit fit(Moments moments) {
        PathOutcome outcome = model.fit(moments);
        assertThat(outcome).isInstanceOf(PathFit.class);
        return (PathFit) outcome;
    }

    PathFit fit(Moments moments, OuterWeights weights) {
        PathOutcome outcome = model.fit(moments, weights);
        assertThat(outcome).isInstanceOf(PathFit.class);
        return (PathFit) outcome;
    }
}

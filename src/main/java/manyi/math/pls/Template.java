package manyi.math.pls;

import java.util.List;
import java.util.Map;
import manyi.math.pls.PathModel.Construct;
import manyi.math.pls.PathModel.Item;
import manyi.math.pls.PathModel.Mode;
import manyi.math.pls.PathModel.Path;

/**
 * Constructs and paths that wait for items.
 *
 * @param name of the model
 * @param constructs causes before effects
 * @param paths between them
 */
public record Template(String name, List<String> constructs, List<Path> paths) {
    /**
     * American Customer Satisfaction Index.
     *
     * @see "Fornell, Johnson, Anderson, Cha, Bryant (1996), Journal of Marketing 60(4), fig. 1"
     */
    public static final Template ACSI = new Template(
            "ACSI",
            List.of("Expectation", "Quality", "Value", "Satisfaction", "Complaints", "Loyalty"),
            List.of(
                    new Path("Expectation", "Quality"),
                    new Path("Expectation", "Value"),
                    new Path("Expectation", "Satisfaction"),
                    new Path("Quality", "Value"),
                    new Path("Quality", "Satisfaction"),
                    new Path("Value", "Satisfaction"),
                    new Path("Satisfaction", "Complaints"),
                    new Path("Satisfaction", "Loyalty"),
                    new Path("Complaints", "Loyalty")));

    /**
     * European Customer Satisfaction Index, with the paths from the image that are usual for mobile phones.
     *
     * @see "Tenenhaus, Esposito Vinzi, Chatelin, Lauro (2005), Computational Statistics and Data Analysis 48(1), fig. 1"
     */
    public static final Template ECSI = new Template(
            "ECSI",
            List.of("Image", "Expectation", "Quality", "Value", "Satisfaction", "Complaints", "Loyalty"),
            List.of(
                    new Path("Image", "Expectation"),
                    new Path("Image", "Satisfaction"),
                    new Path("Image", "Loyalty"),
                    new Path("Expectation", "Quality"),
                    new Path("Expectation", "Value"),
                    new Path("Expectation", "Satisfaction"),
                    new Path("Quality", "Value"),
                    new Path("Quality", "Satisfaction"),
                    new Path("Value", "Satisfaction"),
                    new Path("Satisfaction", "Complaints"),
                    new Path("Satisfaction", "Loyalty"),
                    new Path("Complaints", "Loyalty")));

    public Template {
        constructs = List.copyOf(constructs);
        paths = List.copyOf(paths);
    }

    /**
     * The model over these items, all in mode A, by the path scheme.
     *
     * @param blocks the indices of the items of each construct; a construct that is not there was not asked for, and is
     *     left out with its paths
     */
    public PathModel bind(List<Item> items, Map<String, List<Integer>> blocks) {
        for (String construct : blocks.keySet()) {
            if (!constructs.contains(construct)) {
                throw new IllegalArgumentException("construct " + construct + " is not in " + name + ", which has "
                        + String.join(", ", constructs));
            }
        }
        return new PathModel(
                items,
                constructs.stream()
                        .filter(blocks::containsKey)
                        .map(construct -> new Construct(construct, blocks.get(construct), Mode.A))
                        .toList(),
                paths.stream()
                        .filter(path -> blocks.containsKey(path.from()) && blocks.containsKey(path.to()))
                        .toList());
    }
}

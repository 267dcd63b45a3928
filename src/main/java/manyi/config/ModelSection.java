package manyi.config;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import manyi.config.Section.Value;
import manyi.config.SurveyModel.Construct;
import manyi.config.SurveyModel.Drivers;
import manyi.config.SurveyModel.Path;
import manyi.config.SurveyModel.PathModel;
import manyi.config.SurveyModel.Scheme;
import manyi.config.YamlTree.Mapping;
import manyi.config.YamlTree.Node;

/** Reads the blocks {@code model}, {@code drivers} and {@code bootstrap} of a questionnaire. */
final class ModelSection {

    private static final String GROUPS = "groups";
    private static final String ARROW = "->";

    /**
     * Fornell et al. (1996), Journal of Marketing 60(4), figure 1; Tenenhaus et al. (2005), Computational Statistics &amp;
     * Data Analysis 48, figure 2.
     */
    private static final Map<String, Map<String, List<String>>> TEMPLATES =
            Map.of("acsi", template(false), "ecsi", template(true));

    private final Section root;
    private final Faults faults;
    private final Set<String> items;

    ModelSection(Section root, Faults faults, Set<String> items) {
        this.root = root;
        this.faults = faults;
        this.items = items;
    }

    private static Map<String, List<String>> template(boolean hasImage) {
        Map<String, List<String>> paths = new LinkedHashMap<>();
        if (hasImage) {
            paths.put("image", List.of("expectation", "satisfaction", "loyalty"));
        }
        paths.put("expectation", List.of("quality", "value", "satisfaction"));
        paths.put("quality", List.of("value", "satisfaction"));
        paths.put("value", List.of("satisfaction"));
        paths.put("satisfaction", List.of("complaints", "loyalty"));
        paths.put("complaints", List.of("loyalty"));
        return paths;
    }

    /** What the blocks say; empty where neither a model nor drivers are asked for. */
    Optional<SurveyModel> model(
            List<Questionnaire.Item> read, Map<String, Map<String, List<String>>> groupings, boolean isEveryItemRead) {
        Optional<PathModel> paths = root.section("model").map(this::pathModel);
        Optional<Drivers> drivers =
                root.section("drivers").map(section -> drivers(section, read, groupings, isEveryItemRead));
        Section bootstrap = root.block("bootstrap");
        int replicates = bootstrap.whole("replicates");
        int seed = bootstrap.whole("seed");
        bootstrap.end();
        if (root.has("bootstrap")) {
            if (paths.isEmpty() && drivers.isEmpty()) {
                root.fault("bootstrap", "there is neither a model nor drivers to draw replicates for");
            }
        }
        return paths.isEmpty() && drivers.isEmpty()
                ? Optional.empty()
                : Optional.of(new SurveyModel(paths, drivers, replicates, seed));
    }

    private PathModel pathModel(Section section) {
        Optional<String> template = section.word("template");
        List<Construct> constructs = constructs(section);
        Set<String> names =
                constructs.stream().map(Construct::name).collect(Collectors.toCollection(LinkedHashSet::new));
        List<Path> paths = new ArrayList<>();
        int before = faults.count();
        if (template.isPresent()) {
            if (section.isNamed("paths")) {
                section.fault("paths", "cannot stand beside template, which has paths of its own; keep one of the two");
            }
            Map<String, List<String>> known = TEMPLATES.get(template.get());
            refuseStrangers(section, template.get(), names);
            known.forEach((from, targets) -> targets.stream()
                    .filter(to -> names.contains(from) && names.contains(to))
                    .forEach(to -> paths.add(new Path(from, to))));
        } else if (!section.isNamed("template")) {
            paths.addAll(paths(section, names));
        }
        refuseCircles(section, paths);
        // where paths could not be read, nothing is said of constructs that seem to have none
        boolean isEveryPathRead = faults.count() == before;
        if (!paths.isEmpty() && isEveryPathRead) {
            refuseLoneConstructs(section, names, paths);
        } else if (!names.isEmpty() && template.isPresent() && isEveryPathRead) {
            section.fault("constructs", "no path of " + template.get() + " runs between the constructs given");
        }
        String scheme = section.word("scheme").orElseThrow();
        boolean hasOwnWeights = section.word("weights").orElseThrow().equals("own");
        boolean isConsistent = section.flag("consistent");
        boolean isPairwise = isPairwise(section);
        section.end();
        return new PathModel(
                constructs,
                paths,
                Stream.of(Scheme.values())
                        .filter(each -> each.key().equals(scheme))
                        .findFirst()
                        .orElse(Scheme.PATH),
                hasOwnWeights,
                isConsistent,
                isPairwise);
    }

    private static boolean isPairwise(Section section) {
        return section.word("missing").orElseThrow().equals("pairwise");
    }

    private List<Construct> constructs(Section section) {
        List<Construct> constructs = new ArrayList<>();
        Optional<Section> block = section.requiredSection("constructs");
        if (block.isEmpty()) {
            return constructs;
        }
        Map<String, String> ownerOfItem = new HashMap<>();
        for (String name : block.get().keys()) {
            boolean isFormative = false;
            List<String> members;
            Optional<Section> detailed = block.get().blockOf(name);
            if (detailed.isPresent()) {
                members = members(detailed.get(), "items", ownerOfItem, name);
                isFormative = detailed.get().word("mode").orElseThrow().equals("B");
                detailed.get().end();
            } else {
                members = members(block.get(), name, ownerOfItem, name);
            }
            constructs.add(new Construct(name, members, isFormative));
        }
        if (constructs.size() < 2) {
            section.fault("constructs", "a path model has at least two constructs");
        }
        return constructs;
    }

    /** The items at a key; each belongs to one owner. */
    private List<String> members(Section section, String key, Map<String, String> ownerOfItem, String owner) {
        List<String> members = new ArrayList<>();
        for (Value item : section.texts(key)) {
            if (!items.contains(item.text())) {
                faults.add(
                        item.line(),
                        section.path(key) + ": there is no item '" + item.text() + "'"
                                + Nearest.hint(item.text(), items));
            }
            String other = ownerOfItem.putIfAbsent(item.text(), owner);
            if (other != null) {
                faults.add(
                        item.line(),
                        section.path(key) + ": the item '" + item.text() + "' already belongs to '" + other
                                + "'; an item measures one thing");
            }
            members.add(item.text());
        }
        if (section.elements(key).isEmpty()) {
            section.fault(key, "has no items");
        }
        return members;
    }

    private void refuseStrangers(Section section, String template, Set<String> names) {
        Set<String> known = new LinkedHashSet<>(TEMPLATES.get(template).keySet());
        known.add("loyalty");
        section.section("constructs").ifPresent(block -> {
            for (String name : names) {
                if (!known.contains(name)) {
                    block.fault(name, "is not a construct of " + template + Nearest.hintOrAll(name, known));
                }
            }
        });
    }

    /** Either from → its targets, or sentences like {@code image -> expectation, satisfaction}. */
    private List<Path> paths(Section section, Set<String> names) {
        List<Path> paths = new ArrayList<>();
        Optional<Node> node = section.node("paths");
        if (node.isEmpty()) {
            section.fault(
                    "paths",
                    "is missing; write it like 'image: [expectation, satisfaction]', or use the paths of an index: 'template: ecsi'");
            return paths;
        }
        if (node.get() instanceof Mapping) {
            section.section("paths").ifPresent(block -> {
                for (String from : block.keys()) {
                    for (Value to : block.texts(from)) {
                        add(paths, names, block.line(from), from, to.line(), to.text());
                    }
                }
            });
            return paths;
        }
        for (Value sentence : section.texts("paths")) {
            String[] ends = sentence.text().split(ARROW, -1);
            if (ends.length != 2) {
                faults.add(
                        sentence.line(),
                        section.path("paths") + ": '" + sentence.text()
                                + "' is not a path; write it like 'image -> expectation, satisfaction'");
                continue;
            }
            for (String to : ends[1].split(",", -1)) {
                add(paths, names, sentence.line(), ends[0].strip(), sentence.line(), to.strip());
            }
        }
        return paths;
    }

    private void add(List<Path> paths, Set<String> names, int fromLine, String from, int toLine, String to) {
        boolean isFromKnown = isConstruct(names, fromLine, from);
        boolean isKnown = isConstruct(names, toLine, to) && isFromKnown;
        Path path = new Path(from, to);
        if (isKnown && from.equals(to)) {
            faults.add(toLine, "model.paths: '" + from + "' cannot act on itself");
        } else if (isKnown && paths.contains(path)) {
            faults.add(toLine, "model.paths: the path from '" + from + "' to '" + to + "' is a duplicate");
        } else if (isKnown) {
            paths.add(path);
        }
    }

    private boolean isConstruct(Set<String> names, int line, String name) {
        if (!names.contains(name) && !names.isEmpty()) {
            faults.add(line, "model.paths: there is no construct '" + name + "'" + Nearest.hintOrAll(name, names));
        }
        return names.contains(name);
    }

    private void refuseLoneConstructs(Section section, Set<String> names, List<Path> paths) {
        Set<String> connected = new TreeSet<>();
        paths.forEach(path -> connected.addAll(List.of(path.from(), path.to())));
        section.section("constructs")
                .ifPresent(block -> names.stream()
                        .filter(name -> !connected.contains(name))
                        .forEach(name -> block.fault(name, "no path begins or ends here; add one, or leave it out")));
    }

    private static void refuseCircles(Section section, List<Path> paths) {
        List<Path> left = new ArrayList<>(paths);
        int before = -1;
        while (before != left.size()) {
            before = left.size();
            Set<String> targets = left.stream().map(Path::to).collect(Collectors.toSet());
            left.removeIf(path -> !targets.contains(path.from()));
        }
        if (!left.isEmpty()) {
            section.fault(
                    "paths",
                    "form a cycle: "
                            + left.stream()
                                    .map(path -> path.from() + " -> " + path.to())
                                    .collect(Collectors.joining(", "))
                            + "; remove one of them");
        }
    }

    private Drivers drivers(
            Section section,
            List<Questionnaire.Item> read,
            Map<String, Map<String, List<String>>> groupings,
            boolean isEveryItemRead) {
        Map<String, String> ownerOfItem = new HashMap<>();
        List<String> outcome = new ArrayList<>();
        if (section.has("outcome")) {
            outcome.addAll(members(section, "outcome", ownerOfItem, "the outcome"));
        } else {
            read.stream()
                    .filter(item -> item.roles().contains(Questionnaire.Role.OVERALL))
                    .forEach(item -> outcome.add(item.id()));
            if (outcome.isEmpty() && isEveryItemRead) {
                section.fault("outcome", "is missing, and no item has the role overall");
            }
        }
        Map<String, List<String>> predictors = predictors(section, read, groupings, ownerOfItem);
        // items that were named one by one have been asked whose they are
        predictors.forEach((name, members) -> members.stream()
                .filter(item ->
                        outcome.contains(item) && section.blockOf("predictors").isEmpty())
                .forEach(item -> section.fault(
                        "predictors", "the item '" + item + "' of '" + name + "' is the outcome too; leave one out")));
        if (predictors.isEmpty() && isEveryItemRead) {
            section.fault("predictors", "there are none");
        }
        boolean isPairwise = isPairwise(section);
        section.end();
        return new Drivers(outcome, predictors, isPairwise);
    }

    private Map<String, List<String>> predictors(
            Section section,
            List<Questionnaire.Item> read,
            Map<String, Map<String, List<String>>> groupings,
            Map<String, String> ownerOfItem) {
        Map<String, List<String>> predictors = new LinkedHashMap<>();
        Optional<Section> block = section.blockOf("predictors");
        if (block.isPresent()) {
            for (String name : block.get().keys()) {
                predictors.put(name, members(block.get(), name, ownerOfItem, name));
            }
            return predictors;
        }
        Set<String> ways = new LinkedHashSet<>(groupings.keySet());
        ways.add(GROUPS);
        String way = section.oneOf("predictors", ways).orElse(GROUPS);
        if (groupings.containsKey(way)) {
            predictors.putAll(groupings.get(way));
        } else {
            for (Questionnaire.Item item : read) {
                item.group()
                        .ifPresent(group -> predictors
                                .computeIfAbsent(group, any -> new ArrayList<>())
                                .add(item.id()));
            }
        }
        return predictors;
    }
}

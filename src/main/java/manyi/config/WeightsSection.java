package manyi.config;

import java.math.BigDecimal;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import manyi.config.Questionnaire.Item;
import manyi.config.Questionnaire.Role;
import manyi.config.Questionnaire.Wave;
import manyi.config.Section.Value;
import manyi.config.SurveyModel.Construct;
import manyi.config.SurveyModel.DerivedWeights;
import manyi.config.SurveyModel.Path;
import manyi.config.SurveyModel.WeightSource;

/** Reads the block {@code weights} of a questionnaire: weights λ that are derived from answers. */
final class WeightsSection {

    private static final String KEY = "weights";

    private final Section root;
    private final Faults faults;
    private final List<Item> indicators;
    private final List<Wave> waves;

    WeightsSection(Section root, Faults faults, List<Item> items, List<Wave> waves) {
        this.root = root;
        this.faults = faults;
        this.indicators = items.stream()
                .filter(item -> item.roles().contains(Role.INDICATOR))
                .toList();
        this.waves = waves;
    }

    /** The model with the block's weights; as it is where there is no such block. */
    Optional<SurveyModel> weighed(Optional<SurveyModel> model, boolean isEveryItemRead) {
        boolean isWhole = faults.count() == 0 && isEveryItemRead;
        Optional<DerivedWeights> weights = root.section(KEY).flatMap(section -> weights(section, model, isWhole));
        return weights.isEmpty()
                ? model
                : model.map(
                        read -> new SurveyModel(read.paths(), read.drivers(), read.replicates(), read.seed(), weights));
    }

    private Optional<DerivedWeights> weights(Section section, Optional<SurveyModel> model, boolean isWhole) {
        Optional<Value> written = section.requiredText("derived");
        Optional<WeightSource> source = section.word("derived")
                .flatMap(word -> Stream.of(WeightSource.values())
                        .filter(each -> each.key().equals(word))
                        .findFirst());
        Optional<Value> construct = source.equals(Optional.of(WeightSource.PATH))
                ? section.requiredText("construct")
                : section.text("construct");
        List<String> base = base(section);
        section.end();
        if (root.has("groups")) {
            root.fault(
                    "groups",
                    "gives weights, while those of the block 'weights' are derived; leave one of the two out");
        }
        if (written.isEmpty() || source.isEmpty() || !isWhole) {
            return Optional.empty();
        }
        if (source.get() == WeightSource.PATH) {
            construct.ifPresent(target -> requirePaths(section, model, target.text()));
        } else {
            if (construct.isPresent()) {
                section.fault("construct", "is for derived: path; the outcome of drivers is in the block 'drivers'");
            }
            requireDrivers(section, model);
        }
        return Optional.of(new DerivedWeights(source.get(), construct.map(Value::text), base));
    }

    private List<String> base(Section section) {
        List<String> names = waves.stream().map(Wave::name).toList();
        Set<String> base = new HashSet<>();
        for (Value wave : section.texts("waves")) {
            if (!names.contains(wave.text()) && !names.isEmpty()) {
                faults.add(
                        wave.line(),
                        section.path("waves") + ": there is no wave '" + wave.text() + "'"
                                + Nearest.hintOrAll(wave.text(), names));
            }
            if (!base.add(wave.text())) {
                faults.add(wave.line(), section.path("waves") + ": the wave '" + wave.text() + "' is a duplicate");
            }
        }
        if (section.elements("waves").isEmpty()) {
            section.fault("waves", "is missing; name the waves whose answers the weights come from");
        }
        return names.stream().filter(base::contains).toList();
    }

    private void requirePaths(Section section, Optional<SurveyModel> model, String target) {
        if (model.flatMap(SurveyModel::paths).isEmpty()) {
            section.fault("derived", "there is no block 'model' to derive weights from");
            return;
        }
        SurveyModel.PathModel paths = model.get().paths().get();
        List<String> names = paths.constructs().stream().map(Construct::name).toList();
        if (!names.contains(target)) {
            section.fault("construct", "there is no construct '" + target + "'" + Nearest.hintOrAll(target, names));
            return;
        }
        Set<String> leading = leading(paths, target);
        Set<String> inTarget = itemsOf(paths, Set.of(target));
        Set<String> inCauses = itemsOf(paths, leading);
        boolean areOfTarget = indicators.stream().anyMatch(item -> inTarget.contains(item.id()));
        for (Item item : indicators) {
            if (areOfTarget && !inTarget.contains(item.id())) {
                section.fault(
                        "construct",
                        "the indicator '" + item.id() + "' is not an item of '" + target
                                + "', while others are; either all indicators measure it, or all measure what leads to"
                                + " it");
            } else if (!areOfTarget && !inCauses.contains(item.id())) {
                section.fault(
                        "construct",
                        "the indicator '" + item.id() + "' is an item of no construct that leads to '" + target
                                + "', so the model says nothing about its weight; write 'roles: []' if it is"
                                + " not an indicator");
            }
            if (item.weight().compareTo(BigDecimal.ONE) != 0) {
                section.fault(
                        "derived",
                        "the indicator '" + item.id()
                                + "' has a weight of its own, while the path model gives all weights;"
                                + " leave one of the two out");
            }
        }
    }

    /** The constructs from which paths lead to one. */
    private static Set<String> leading(SurveyModel.PathModel paths, String target) {
        Set<String> leading = new HashSet<>();
        int before = -1;
        while (before != leading.size()) {
            before = leading.size();
            paths.paths().stream()
                    .filter(path -> path.to().equals(target) || leading.contains(path.to()))
                    .map(Path::from)
                    .forEach(leading::add);
        }
        return leading;
    }

    private static Set<String> itemsOf(SurveyModel.PathModel paths, Set<String> constructs) {
        return paths.constructs().stream()
                .filter(construct -> constructs.contains(construct.name()))
                .flatMap(construct -> construct.items().stream())
                .collect(Collectors.toSet());
    }

    private void requireDrivers(Section section, Optional<SurveyModel> model) {
        if (model.flatMap(SurveyModel::drivers).isEmpty()) {
            section.fault("derived", "there is no block 'drivers' to derive weights from");
            return;
        }
        Set<String> ids = indicators.stream().map(Item::id).collect(Collectors.toSet());
        Set<String> weightless = indicators.stream()
                .filter(item -> item.weight().signum() == 0)
                .map(Item::id)
                .collect(Collectors.toSet());
        Set<String> weighed = new HashSet<>();
        model.get().drivers().get().predictors().forEach((name, members) -> {
            weighed.addAll(members);
            List<String> others =
                    members.stream().filter(item -> !ids.contains(item)).toList();
            if (!others.isEmpty() && others.size() < members.size()) {
                section.fault(
                        "derived",
                        "the predictor '" + name + "' has items that are not indicators (" + String.join(", ", others)
                                + ") and some that are, so its weight would be that of neither; split it");
            }
        });
        model.get().drivers().get().predictors().forEach((name, members) -> {
            if (weightless.containsAll(members)) {
                section.fault(
                        "derived",
                        "all indicators of the predictor '" + name + "' have weight 0, so none can take its share");
            }
        });
        for (Item item : indicators) {
            if (!weighed.contains(item.id())) {
                section.fault(
                        "derived",
                        "the indicator '" + item.id() + "' is in no predictor of the block 'drivers', so"
                                + " nothing is known of its weight");
            }
        }
    }
}

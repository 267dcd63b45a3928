package manyi.config;

import java.math.BigDecimal;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import manyi.config.Questionnaire.Group;
import manyi.config.Questionnaire.Item;
import manyi.config.Questionnaire.Role;
import manyi.config.Questionnaire.Wave;
import manyi.config.Section.Value;

/** Reads a questionnaire from its YAML file and lists all its faults at once. {@code docs/job.md} is the reference. */
public final class QuestionnaireFile {

    /** The group of all indicators where no indicator names one. */
    public static final String DEFAULT_GROUP = "indicators";

    private static final Pattern ID = Pattern.compile("[\\p{L}\\p{N}][\\p{L}\\p{M}\\p{N}_.-]{0,63}");
    private static final LocalDate BEGINNING = LocalDate.of(1, 1, 1);
    private static final Set<String> ROLES =
            Stream.of(Role.values()).map(Role::key).collect(Collectors.toCollection(LinkedHashSet::new));
    private static final BigDecimal MOST_RISES = BigDecimal.valueOf(100);
    /** Roles that any number of items may have; each other names one item. */
    private static final Set<Role> SHARED_ROLES =
            EnumSet.of(Role.INDICATOR, Role.EXPECTED, Role.PERCEIVED, Role.COMPLAINT);
    /** Raw answers are kept as DECIMAL(9,4). */
    private static final BigDecimal ANSWER_LIMIT = new BigDecimal("99999.9999");

    private static final int ANSWER_SCALE = 4;

    private record Scale(BigDecimal low, BigDecimal high) {}

    private final Section root;
    private final Faults faults;
    private final Map<String, Integer> lines = new LinkedHashMap<>();
    /** Where an item could not be read, nothing is said of what seems to be missing. */
    private boolean isEveryItemRead;

    private QuestionnaireFile(Section root, Faults faults) {
        this.root = root;
        this.faults = faults;
    }

    /**
     * Reads the file.
     *
     * @param environment fills in {@code ${NAME}}
     * @throws manyi.table.Failure of kind USAGE, with every fault and its line
     */
    public static Questionnaire read(Path file, Map<String, String> environment) {
        Faults faults = new Faults(file.toString());
        Optional<Questionnaire> questionnaire = read(file, environment, faults);
        Faults.end("The questionnaire", faults);
        return questionnaire.orElseThrow(() -> new IllegalStateException("no questionnaire and no fault: " + file));
    }

    /** The questionnaire; empty where it has faults. */
    static Optional<Questionnaire> read(Path file, Map<String, String> environment, Faults faults) {
        return YamlTree.read(file, environment, faults)
                .flatMap(mapping -> new QuestionnaireFile(
                                new Section("", 1, mapping, QuestionnaireKeys.QUESTIONNAIRE, faults), faults)
                        .questionnaire());
    }

    private Optional<Questionnaire> questionnaire() {
        Optional<Value> name = root.requiredText("questionnaire");
        Optional<Scale> scale = scale(root, Optional.empty());
        List<BigDecimal> missing = numbers(root, "missing");
        Map<String, BigDecimal> weights = groupWeights();
        List<Item> items = items(scale, missing);
        Set<String> ids = lines.keySet();
        Map<String, Map<String, List<String>>> groupings = groupings(ids);
        List<Wave> waves = waves();
        ExpectationSection expectation = new ExpectationSection(root, faults, items, isEveryItemRead);
        List<Questionnaire.Gap> gaps = expectation.gaps();
        Optional<DeliveredValue> deliveredValue = expectation.deliveredValue();
        List<Item> grouped = inGroups(items, weights);
        Optional<SurveyModel> model = new ModelSection(root, faults, ids).model(grouped, groupings, isEveryItemRead);
        model = new WeightsSection(root, faults, grouped, waves).weighed(model, isEveryItemRead);
        root.end();
        List<Group> groups = groups(grouped, weights);
        if (faults.count() > 0) {
            return Optional.empty();
        }
        return Optional.of(new Questionnaire(
                name.map(Value::text).orElse(""),
                grouped,
                groups,
                groupings,
                waves,
                gaps,
                deliveredValue,
                Canonical.digest(Canonical.of(grouped, groups, groupings)),
                model));
    }

    private Map<String, BigDecimal> groupWeights() {
        Map<String, BigDecimal> weights = new LinkedHashMap<>();
        root.section("groups").ifPresent(section -> {
            for (String group : section.keys()) {
                section.decimal(group).ifPresent(weight -> weights.put(group, weight));
                if (!section.has(group)) {
                    section.fault(group, "has no weight; write 1 where all groups weigh the same");
                }
            }
            if (!weights.isEmpty() && weights.values().stream().allMatch(weight -> weight.signum() == 0)) {
                root.fault("groups", "all weights are 0; at least one must be above");
            }
        });
        return weights;
    }

    private List<Item> items(Optional<Scale> scale, List<BigDecimal> missing) {
        List<Item> items = new ArrayList<>();
        if (!root.has("items")) {
            root.fault("items", "a questionnaire needs at least one item");
            return items;
        }
        Map<Role, String> single = new HashMap<>();
        for (Section section : root.blocks("items")) {
            item(section, scale, missing, single).ifPresent(items::add);
        }
        isEveryItemRead = items.size() == root.elements("items").size();
        if (isEveryItemRead && items.stream().noneMatch(QuestionnaireFile::isIndicator)) {
            root.fault("items", "no item has the role indicator; a satisfaction index needs at least one");
        }
        return items;
    }

    private Optional<Item> item(
            Section section, Optional<Scale> scale, List<BigDecimal> missing, Map<Role, String> single) {
        int before = faults.count();
        Optional<Value> id = section.requiredText("id");
        id.ifPresent(value -> nameItem(section, value.text()));
        Optional<Value> text = section.requiredText("text");
        Optional<Scale> own = scale(section, scale);
        if (own.isEmpty() && !section.has("scale") && !root.has("scale")) {
            faults.add(section.line(), "the key 'scale' is missing in " + section.name() + "; write it like [1, 10]");
        }
        boolean isReversed = section.word("direction").orElseThrow().equals("lower_is_better");
        List<BigDecimal> codes = section.has("missing") ? numbers(section, "missing") : missing;
        own.ifPresent(lowHigh -> refuseCodesOnScale(section, codes, lowHigh));
        Optional<String> group = section.notBlank("group");
        Optional<BigDecimal> weight = section.decimal("weight");
        Set<Role> roles = roles(section, single, id.map(Value::text).orElse("?"));
        if (roles.contains(Role.PRICE_TOLERANCE)) {
            own.ifPresent(asked -> refuseEndlessRises(section, asked));
        }
        if (!roles.contains(Role.INDICATOR)) {
            for (String key : List.of("group", "weight")) {
                if (section.has(key)) {
                    section.fault(key, "is for indicators; add indicator to the roles, or leave it out");
                }
            }
        }
        section.end();
        if (faults.count() > before || id.isEmpty() || text.isEmpty() || own.isEmpty()) {
            return Optional.empty();
        }
        return Optional.of(new Item(
                id.get().text(),
                text.get().text(),
                own.get().low(),
                own.get().high(),
                isReversed,
                codes,
                group,
                weight.orElse(BigDecimal.ONE),
                roles));
    }

    private void nameItem(Section section, String id) {
        if (!ID.matcher(id).matches()) {
            section.fault(
                    "id",
                    "'" + id + "' is not a valid item name; a name has letters, digits, '_', '.' and '-', at most 64");
        }
        if (SourceKind.SURVEY.names().contains(id)) {
            section.fault("id", "'" + id + "' is the name of a survey field; give the item another name");
        }
        Integer first = lines.putIfAbsent(id, section.line("id"));
        if (first != null) {
            section.fault("id", "the item '" + id + "' is a duplicate; the first is on line " + first);
        }
    }

    private Optional<Scale> scale(Section section, Optional<Scale> otherwise) {
        if (!section.has("scale")) {
            return otherwise;
        }
        List<BigDecimal> ends = numbers(section, "scale");
        int given = section.elements("scale").size();
        if (given == 2 && ends.size() == 2) {
            if (ends.get(0).compareTo(ends.get(1)) < 0) {
                return Optional.of(new Scale(ends.get(0), ends.get(1)));
            }
            section.fault(
                    "scale",
                    "the lowest answer " + ends.get(0) + " is not below the highest " + ends.get(1)
                            + "; where a high answer is bad, write direction: lower_is_better");
        } else if (given != 2) {
            section.fault("scale", "has " + given + " numbers; write the lowest and the highest answer, like [1, 10]");
        }
        return Optional.empty();
    }

    private List<BigDecimal> numbers(Section section, String key) {
        List<BigDecimal> numbers = new ArrayList<>();
        for (Value value : section.texts(key)) {
            section.decimal(section.path(key), value).ifPresent(number -> {
                if (number.abs().compareTo(ANSWER_LIMIT) > 0
                        || number.stripTrailingZeros().scale() > ANSWER_SCALE) {
                    section.fault(
                            key, "answers have at most 5 digits before the point and 4 after it, not " + value.text());
                } else {
                    numbers.add(number);
                }
            });
        }
        return numbers;
    }

    private void refuseCodesOnScale(Section section, List<BigDecimal> codes, Scale scale) {
        for (BigDecimal code : codes) {
            if (code.compareTo(scale.low()) >= 0 && code.compareTo(scale.high()) <= 0) {
                section.fault(
                        "missing",
                        "the missing code " + code.toPlainString() + " lies on the scale from "
                                + scale.low().toPlainString() + " to "
                                + scale.high().toPlainString()
                                + ", where it is an answer");
            }
        }
    }

    /** Each whole step of the rises is a figure of every segment. */
    private void refuseEndlessRises(Section section, Scale scale) {
        if (scale.low().signum() < 0 || scale.high().subtract(scale.low()).compareTo(MOST_RISES) > 0) {
            faults.add(
                    section.line(),
                    section.name() + ": the scale of the price tolerance is from "
                            + scale.low().toPlainString() + " to "
                            + scale.high().toPlainString() + "; it must start at 0 or above and span at most "
                            + MOST_RISES.toPlainString());
        }
    }

    private Set<Role> roles(Section section, Map<Role, String> single, String id) {
        boolean isGiven = section.isNamed("role") || section.isNamed("roles");
        List<Value> words = new ArrayList<>(section.texts("role"));
        words.addAll(section.texts("roles"));
        if (section.isNamed("role") && section.isNamed("roles")) {
            section.fault("roles", "cannot stand beside role; keep one of the two");
        }
        Set<Role> roles = EnumSet.noneOf(Role.class);
        for (Value word : words) {
            if (!ROLES.contains(word.text())) {
                faults.add(
                        word.line(),
                        section.path("role") + ": '" + word.text() + "' is not a role"
                                + Nearest.hintOrAll(word.text(), ROLES));
                roles.add(Role.INDICATOR);
                continue;
            }
            Role role = Role.valueOf(word.text().toUpperCase(Locale.ROOT));
            roles.add(role);
            String other = SHARED_ROLES.contains(role) ? null : single.putIfAbsent(role, id);
            if (other != null) {
                faults.add(
                        word.line(),
                        section.path("role") + ": the role " + word.text() + " is for one item only, and '" + other
                                + "' has it");
            }
        }
        return isGiven ? roles : EnumSet.of(Role.INDICATOR);
    }

    private static boolean isIndicator(Item item) {
        return item.roles().contains(Role.INDICATOR);
    }

    /** Indicators without a group share one where none has any; a mixture is a fault. */
    private List<Item> inGroups(List<Item> items, Map<String, BigDecimal> weights) {
        boolean hasGroups = !weights.isEmpty()
                || items.stream().anyMatch(item -> item.group().isPresent());
        List<Item> grouped = new ArrayList<>();
        for (Item item : items) {
            if (!isIndicator(item) || item.group().isPresent()) {
                grouped.add(item);
            } else if (hasGroups) {
                faults.add(
                        lines.get(item.id()),
                        "the indicator '" + item.id() + "' has no group, while others have one; name its group, or"
                                + " write 'roles: []' if it is not an indicator");
            } else {
                grouped.add(new Item(
                        item.id(),
                        item.text(),
                        item.low(),
                        item.high(),
                        item.isReversed(),
                        item.missing(),
                        Optional.of(DEFAULT_GROUP),
                        item.weight(),
                        item.roles()));
            }
        }
        return grouped;
    }

    private List<Group> groups(List<Item> items, Map<String, BigDecimal> weights) {
        Map<String, List<Item>> byGroup = new LinkedHashMap<>();
        weights.keySet().forEach(group -> byGroup.put(group, new ArrayList<>()));
        for (Item item : items) {
            item.group().ifPresent(group -> {
                if (!weights.isEmpty() && !weights.containsKey(group)) {
                    faults.add(
                            lines.get(item.id()),
                            "the group '" + group + "' of item '" + item.id() + "' is not among the groups"
                                    + Nearest.hintOrAll(group, weights.keySet()));
                } else {
                    byGroup.computeIfAbsent(group, name -> new ArrayList<>()).add(item);
                }
            });
        }
        List<Group> groups = new ArrayList<>();
        byGroup.forEach((name, members) -> {
            if (members.isEmpty() && isEveryItemRead) {
                root.fault("groups", "the group '" + name + "' has no indicator");
            } else if (!members.isEmpty()
                    && members.stream().allMatch(item -> item.weight().signum() == 0)) {
                faults.add(
                        lines.get(members.get(0).id()),
                        "all indicators of the group '" + name + "' have weight 0; at least one must be above");
            }
            groups.add(new Group(name, weights.getOrDefault(name, BigDecimal.ONE)));
        });
        return groups;
    }

    private Map<String, Map<String, List<String>>> groupings(Set<String> ids) {
        Map<String, Map<String, List<String>>> groupings = new LinkedHashMap<>();
        root.section("groupings").ifPresent(all -> {
            for (String name : all.keys()) {
                Map<String, List<String>> groups = new LinkedHashMap<>();
                all.section(name).ifPresent(section -> {
                    Map<String, String> groupOfItem = new HashMap<>();
                    for (String group : section.keys()) {
                        groups.put(group, members(section, group, ids, groupOfItem));
                    }
                });
                groupings.put(name, groups);
            }
        });
        return groupings;
    }

    private List<String> members(Section section, String group, Set<String> ids, Map<String, String> groupOfItem) {
        List<String> members = new ArrayList<>();
        for (Value item : section.texts(group)) {
            if (!ids.contains(item.text())) {
                faults.add(
                        item.line(),
                        section.path(group) + ": there is no item '" + item.text() + "'"
                                + Nearest.hint(item.text(), ids));
            }
            String other = groupOfItem.putIfAbsent(item.text(), group);
            if (other != null) {
                faults.add(
                        item.line(),
                        section.path(group) + ": the item '" + item.text() + "' is in '" + other
                                + "' already; a grouping has each item once");
            }
            members.add(item.text());
        }
        if (section.elements(group).isEmpty()) {
            section.fault(group, "has no items");
        }
        return members;
    }

    private List<Wave> waves() {
        List<Wave> waves = new ArrayList<>();
        if (root.elements("waves").isEmpty()) {
            root.fault("waves", "a questionnaire needs at least one wave, with name and end");
        }
        for (Section section : root.blocks("waves")) {
            wave(section, waves).ifPresent(waves::add);
        }
        return waves;
    }

    private Optional<Wave> wave(Section section, List<Wave> before) {
        Optional<Value> name = section.requiredText("name");
        Optional<LocalDate> end = section.requiredDay("end");
        Optional<LocalDate> start = section.day("start");
        int grace = section.whole("grace_days");
        section.end();
        if (name.isEmpty() || end.isEmpty() || (section.has("start") && start.isEmpty())) {
            return Optional.empty();
        }
        Optional<Wave> previous = before.isEmpty() ? Optional.empty() : Optional.of(before.get(before.size() - 1));
        LocalDate first =
                start.orElse(previous.map(wave -> wave.end().plusDays(1)).orElse(BEGINNING));
        Wave wave = new Wave(name.get().text(), first, end.get(), grace);
        if (previous.isPresent()) {
            refuseDisorder(section, wave, previous.get(), start.isPresent());
        } else if (first.isAfter(wave.end())) {
            section.fault("start", first + " is after the wave's end " + wave.end());
        }
        return Optional.of(wave);
    }

    private void refuseDisorder(Section section, Wave wave, Wave previous, boolean hasStart) {
        if (wave.name().equals(previous.name())) {
            section.fault("name", "the wave '" + wave.name() + "' is a duplicate");
        } else if (wave.name().compareTo(previous.name()) < 0) {
            section.fault(
                    "name",
                    "'" + wave.name() + "' sorts before '" + previous.name()
                            + "', the wave above it; name waves so that they sort in time, like 2026Q3");
        }
        if (!wave.end().isAfter(previous.end())) {
            section.fault(
                    "end",
                    wave.end() + " is not after " + previous.end() + ", the end of wave '" + previous.name()
                            + "' above it; list waves in order of time");
        } else if (hasStart && !wave.start().isAfter(previous.end())) {
            section.fault(
                    "start",
                    wave.start() + " overlaps wave '" + previous.name() + "', which ends on " + previous.end()
                            + "; an answer belongs to one wave");
        } else if (wave.start().isAfter(wave.end())) {
            section.fault("start", wave.start() + " is after the wave's end " + wave.end());
        }
    }
}

package manyi.config;

import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.DateTimeException;
import java.time.LocalDate;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Currency;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import manyi.config.Questionnaire.Role;
import manyi.config.Section.Value;
import manyi.config.YamlTree.Mapping;
import manyi.config.YamlTree.Node;
import manyi.config.YamlTree.Sequence;
import manyi.table.Failure;

/** Reads a job document from its YAML file and lists all its faults at once. {@code docs/job.md} is the reference. */
public final class JobFile {

    private static final int MOST_DIMENSIONS = 20;

    private static final String WEIGHTING = "weighting";
    private static final String DOCUMENT = "The job document";
    private static final List<String> READ_KINDS =
            SourceKind.all().stream().map(SourceKind::key).toList();

    /** A dimension as written. */
    private record Written(int line, List<String> attributes) {}

    private final Path file;
    private final Map<String, String> environment;
    private final AllowedRoots roots;
    private final Faults faults;
    private final Section root;
    /** All attributes that some source gives. */
    private final Set<String> attributes = new TreeSet<>();

    private Faults questionnaireFaults = new Faults("");

    private JobFile(Path file, Map<String, String> environment, Section root, Faults faults) {
        this.file = file;
        this.environment = environment;
        this.roots = AllowedRoots.of(environment);
        this.root = root;
        this.faults = faults;
    }

    /**
     * Reads the document and its questionnaire. Paths stay as they are written: relative ones are relative to the
     * working directory.
     *
     * @param environment fills in {@code ${NAME}}, and names the allowed roots
     * @throws manyi.table.Failure of kind USAGE, with every fault and its line
     */
    public static Job read(Path file, Map<String, String> environment) {
        if (!Files.isRegularFile(file)) {
            throw new Failure(
                    Failure.Kind.USAGE,
                    "There is no job document " + file + " (looked from "
                            + Path.of("").toAbsolutePath() + "); name the YAML file of the job.");
        }
        Faults faults = new Faults(file.toString());
        Optional<Mapping> mapping = YamlTree.read(file, environment, faults);
        if (mapping.isEmpty()) {
            Faults.end(DOCUMENT, faults);
        }
        JobFile reading =
                new JobFile(file, environment, new Section("", 1, mapping.orElseThrow(), JobKeys.JOB, faults), faults);
        Optional<Job> job = reading.job();
        Faults.end(DOCUMENT, faults, reading.questionnaireFaults);
        return job.orElseThrow(() -> new IllegalStateException("no job and no fault: " + file));
    }

    private Optional<Job> job() {
        Optional<Value> name = root.requiredText("job");
        name.filter(value -> !SourceSection.NAME.matcher(value.text()).matches())
                .ifPresent(value -> root.fault(
                        "job",
                        "'" + value.text()
                                + "' is not a valid name; a name has letters, digits, '_', '.' and '-', at most 64"));
        Optional<Value> warehouse = root.requiredText("warehouse");
        warehouse.flatMap(value -> roots.refusal(value.text())).ifPresent(refusal -> root.fault("warehouse", refusal));
        warehouse
                .filter(value -> value.text().indexOf('\0') >= 0)
                .ifPresent(value -> root.fault("warehouse", "contains a NUL character, which no path can"));
        Optional<ZoneId> zone = timeZone();
        Optional<String> currency = currency();
        Optional<LocalDate> asOf = root.day("as_of");
        List<Written> written = segments();
        List<Dimension> dimensions = written.stream()
                .map(dimension -> new Dimension(dimension.attributes()))
                .toList();
        Optional<Job.Satisfaction> satisfaction = satisfaction(dimensions);
        Section rejects = root.block("quality");
        double share = rejects.number("maximum_rejected_share");
        rejects.end();
        Set<String> named = new HashSet<>();
        written.forEach(dimension -> named.addAll(dimension.attributes()));
        List<Source> sources = sources(share, satisfaction.map(Job.Satisfaction::questionnaire), named);
        refuseUnknownAttributes(written);
        satisfaction = weighted(satisfaction, dimensions, sources);
        Optional<LifetimeValue> lifetimeValue =
                root.section("lifetime_value").map(section -> LifetimeValue.of(section, dimensions));
        Job.Cohorts cohorts = cohorts();
        Optional<Job.Loyalty> loyalty = root.section("loyalty").map(LoyaltySection::read);
        Job.Retention retention = retention();
        Job.CustomerKey customerKey = customerKey();
        root.end();
        if (faults.count() > 0 || questionnaireFaults.count() > 0) {
            return Optional.empty();
        }
        Job job = new Job(
                name.orElseThrow().text(),
                file,
                warehouse.orElseThrow().text(),
                zone.orElseThrow(),
                currency.orElseThrow(),
                asOf,
                sources,
                dimensions,
                satisfaction,
                lifetimeValue,
                cohorts,
                loyalty,
                retention,
                customerKey,
                "");
        return Optional.of(job.withDigest(Canonical.digest(Canonical.of(job))));
    }

    private Optional<ZoneId> timeZone() {
        Optional<Value> zone = root.requiredText("time_zone");
        if (zone.isEmpty()) {
            return Optional.empty();
        }
        try {
            return Optional.of(ZoneId.of(zone.get().text()));
        } catch (DateTimeException unknown) {
            root.fault(
                    "time_zone",
                    "'" + zone.get().text() + "' is not a valid time zone, for example Europe/London"
                            + Nearest.hint(zone.get().text(), new TreeSet<>(ZoneId.getAvailableZoneIds())));
            return Optional.empty();
        }
    }

    private Optional<String> currency() {
        Optional<Value> currency = root.requiredText("currency");
        if (currency.isEmpty()) {
            return Optional.empty();
        }
        String code = currency.get().text();
        Set<String> codes = Currency.getAvailableCurrencies().stream()
                .map(Currency::getCurrencyCode)
                .collect(Collectors.toCollection(TreeSet::new));
        if (!codes.contains(code)) {
            String upper = code.toUpperCase(Locale.ROOT);
            root.fault(
                    "currency",
                    "'" + code + "' is not a valid ISO 4217 currency, for example EUR"
                            + (codes.contains(upper) ? "; did you mean '" + upper + "'?" : ""));
            return Optional.empty();
        }
        return Optional.of(code);
    }

    private List<Written> segments() {
        List<Written> segments = new ArrayList<>();
        Set<List<String>> seen = new HashSet<>();
        for (Node node : root.elements("segments")) {
            List<String> attributes =
                    root.textsOf("segments", node).stream().map(Value::text).toList();
            if (attributes.isEmpty()) {
                if (node instanceof Sequence) {
                    faults.add(
                            node.line(),
                            "segments: a combined dimension names its attributes, like [country, channel]");
                }
                continue;
            }
            if (attributes.contains(Dimension.ALL)) {
                faults.add(node.line(), "segments: '" + Dimension.ALL + "' is always there; leave it out");
            }
            if (new HashSet<>(attributes).size() < attributes.size()) {
                faults.add(node.line(), "segments: " + attributes + " names an attribute twice");
            }
            if (!seen.add(attributes)) {
                faults.add(
                        node.line(),
                        "segments: the dimension " + String.join(Dimension.CROSS, attributes) + " is a duplicate");
            }
            segments.add(new Written(node.line(), attributes));
        }
        if (segments.size() > MOST_DIMENSIONS) {
            root.fault("segments", segments.size() + " dimensions; at most " + MOST_DIMENSIONS + " are allowed");
        }
        return segments;
    }

    private void refuseUnknownAttributes(List<Written> segments) {
        for (Written dimension : segments) {
            for (String attribute : dimension.attributes()) {
                if (attributes.contains(attribute) || attribute.equals(Dimension.ALL)) {
                    continue;
                }
                Optional<String> nearest = Nearest.to(attribute, attributes);
                String advice;
                if (nearest.isPresent()) {
                    advice = "; did you mean '" + nearest.get() + "'?";
                } else if (SourceKind.PURCHASES.attributeFields().contains(attribute)) {
                    advice = "; map it under columns of a purchases or customers source";
                } else {
                    advice = "; map it under columns of a customers source"
                            + (attributes.isEmpty() ? "" : " (mapped: " + String.join(", ", attributes) + ")");
                }
                faults.add(dimension.line(), "segments: no source has the attribute '" + attribute + "'" + advice);
            }
        }
    }

    private List<Source> sources(double share, Optional<Questionnaire> questionnaire, Set<String> segmentAttributes) {
        List<Source> sources = new ArrayList<>();
        Optional<Section> kinds = root.requiredSection("sources");
        if (kinds.isEmpty()) {
            return sources;
        }
        if (kinds.get().keys().isEmpty()) {
            root.fault(
                    "sources",
                    "is empty; add at least one source of a kind it can have: " + String.join(", ", READ_KINDS));
        }
        for (String key : kinds.get().keys()) {
            Optional<SourceKind> kind = SourceKind.of(key);
            if (kind.isPresent()) {
                sources(kinds.get(), kind.get(), share, questionnaire, segmentAttributes, sources);
            } else if (SourceKind.RESERVED.contains(key)) {
                faults.add(
                        kinds.get().line(key),
                        "sources of the kind '" + key + "' are not read by this version; leave them out (supported: "
                                + String.join(", ", READ_KINDS) + ")");
            } else {
                faults.add(
                        kinds.get().line(key),
                        "unknown kind of source '" + key + "'" + Nearest.hintOrAll(key, READ_KINDS));
            }
        }
        return sources;
    }

    private void sources(
            Section kinds,
            SourceKind kind,
            double share,
            Optional<Questionnaire> questionnaire,
            Set<String> segmentAttributes,
            List<Source> sources) {
        List<Node> entries = kinds.elements(kind.key());
        if (entries.isEmpty()) {
            kinds.fault(kind.key(), "has no entry; give one with path and columns, or leave the kind out");
        }
        if (kind.equals(SourceKind.SURVEY) && !root.has("satisfaction")) {
            kinds.fault(kind.key(), "a survey needs its questionnaire; add satisfaction: {questionnaire: FILE}");
        }
        Map<String, Integer> names = new LinkedHashMap<>();
        for (int i = 0; i < entries.size(); i++) {
            String number = entries.size() > 1 ? "[" + (i + 1) + "]" : "";
            String path = kinds.path(kind.key()) + number;
            Optional<Section> entry = kinds.blockIn(kind.key(), number, entries.get(i));
            if (entry.isEmpty()) {
                continue;
            }
            String name = entry.get().notBlank("name").orElse("");
            if (!name.isEmpty() && !SourceSection.NAME.matcher(name).matches()) {
                entry.get()
                        .fault(
                                "name",
                                "'" + name
                                        + "' is not a valid name; a name has letters, digits, '_', '.' and '-', at most 64");
            }
            Integer first = names.putIfAbsent(name, entry.get().line());
            if (first != null) {
                faults.add(
                        entry.get().line("name"),
                        name.isEmpty()
                                ? path + " has no name, nor has the source on line " + first
                                        + "; only one of a kind may be without a name"
                                : path + ": the name '" + name + "' is taken by the source on line " + first);
            }
            Optional<Section> columns = entry.get().blockOf("columns");
            columns.ifPresent(block -> attributes.addAll(kind.segmentAttributesAmong(block.keys(), questionnaire)));
            new SourceSection(kind, entry.get(), faults, questionnaire, segmentAttributes)
                    .source(name.isEmpty() ? kind.key() : kind.key() + ":" + name, share, roots)
                    .ifPresent(sources::add);
        }
    }

    private Optional<Job.Satisfaction> satisfaction(List<Dimension> dimensions) {
        return root.section("satisfaction").flatMap(section -> satisfaction(section, dimensions));
    }

    private Optional<Job.Satisfaction> satisfaction(Section section, List<Dimension> dimensions) {
        Optional<Questionnaire> questionnaire =
                section.requiredText("questionnaire").flatMap(path -> questionnaire(section, path.text()));
        int respondents = section.whole("minimum_respondents");
        double answered = section.number("minimum_answered_weight");
        Section states = section.block("states");
        double very = states.number("very_satisfied_from");
        double satisfied = states.number("satisfied_from");
        if (very < satisfied) {
            section.fault(
                    "states",
                    "very_satisfied_from " + Section.plain(very) + " is below satisfied_from "
                            + Section.plain(satisfied));
        }
        states.end();
        Section nps = section.block("nps");
        double promoters = nps.number("promoters_from");
        double detractors = nps.number("detractors_to");
        if (detractors >= promoters) {
            section.fault(
                    "nps",
                    "detractors_to " + Section.plain(detractors) + " is not below promoters_from "
                            + Section.plain(promoters));
        }
        nps.end();
        Optional<Double> csatFrom = section.decimal("csat_from").map(BigDecimal::doubleValue);
        Optional<Double> intentionFrom = section.decimal("intention_from").map(BigDecimal::doubleValue);
        ResponseRules quality = ResponseRules.of(section.block("quality"));
        List<Value> restated = restated(section);
        Job.Decimals decimals = decimals(section);
        List<SatisfactionTarget> targets = targets(section, dimensions);
        // the weighting is read once the sources are known, since these say what customers can be counted by
        section.end();
        questionnaire.ifPresent(known -> {
            refuseBoundsOffTheScale(section, known, promoters, detractors);
            refuseUnknownWaves(section, known, restated);
            refuseOffTheScale(section, "csat_from", known, Role.OVERALL, csatFrom);
            refuseOffTheScale(section, "intention_from", known, Role.INTENTION, intentionFrom);
        });
        return questionnaire.map(known -> new Job.Satisfaction(
                known,
                respondents,
                answered,
                very,
                satisfied,
                promoters,
                detractors,
                restated.stream().map(Value::text).toList(),
                csatFrom,
                intentionFrom,
                targets,
                quality,
                Optional.empty(),
                decimals));
    }

    private static Job.Decimals decimals(Section section) {
        return section.word("decimals").filter(Job.Decimals.FULL.key()::equals).isPresent()
                ? Job.Decimals.FULL
                : Job.Decimals.ROUNDED;
    }

    /** The waves that are revised, each as often as its revision says. */
    private static List<Value> restated(Section section) {
        if (section.blockOf("restate_waves").isEmpty()) {
            return section.texts("restate_waves");
        }
        Section revisions = section.blockOf("restate_waves").get();
        List<Value> restated = new ArrayList<>();
        for (String wave : revisions.keys()) {
            if (revisions.requiredText(wave).isPresent()) {
                Value named = new Value(revisions.line(wave), wave);
                restated.addAll(Collections.nCopies(revisions.whole(wave), named));
            }
        }
        revisions.end();
        return restated;
    }

    private Optional<Job.Satisfaction> weighted(
            Optional<Job.Satisfaction> satisfaction, List<Dimension> dimensions, List<Source> sources) {
        Optional<Section> section = root.blockOf("satisfaction").flatMap(block -> block.section(WEIGHTING));
        if (section.isEmpty()) {
            return satisfaction;
        }
        Set<String> ofAnswers = new HashSet<>();
        for (Source source : sources) {
            if (source.kind().equals(SourceKind.SURVEY)) {
                ofAnswers.addAll(source.columns().keySet());
            }
        }
        boolean hasCustomers = sources.stream()
                .anyMatch(source ->
                        Set.of(SourceKind.PURCHASES, SourceKind.CUSTOMERS).contains(source.kind()));
        Optional<Weighting> weighting = new WeightingSection(section.get(), dimensions).read(ofAnswers, hasCustomers);
        return satisfaction.map(known -> known.raked(weighting));
    }

    private static void refuseOffTheScale(
            Section section, String key, Questionnaire questionnaire, Role role, Optional<Double> bound) {
        if (bound.isEmpty()) {
            return;
        }
        Optional<Questionnaire.Item> item = questionnaire.item(role);
        if (item.isEmpty()) {
            section.fault(key, "no item of the questionnaire has the role " + role.key() + "; leave it out");
        } else if (bound.get() < item.get().low().doubleValue()
                || bound.get() > item.get().high().doubleValue()) {
            section.fault(
                    key,
                    Section.plain(bound.get()) + " is off the scale of the item '"
                            + item.get().id() + "', " + item.get().low().toPlainString() + " to "
                            + item.get().high().toPlainString());
        }
    }

    private List<SatisfactionTarget> targets(Section section, List<Dimension> dimensions) {
        List<SatisfactionTarget> targets = new ArrayList<>();
        Set<String> segments = new LinkedHashSet<>(List.of(Dimension.ALL));
        dimensions.forEach(dimension -> segments.add(dimension.name()));
        for (Section target : section.blocks("targets")) {
            Optional<String> measure = target.requiredText("measure").flatMap(given -> target.word("measure"));
            String segment = target.oneOf("segment", segments).orElse(Dimension.ALL);
            String value = target.notBlank("segment_value").orElse(Dimension.ALL);
            Optional<BigDecimal> atLeast = target.requiredText("at_least").flatMap(given -> target.decimal("at_least"));
            target.end();
            if (measure.isPresent() && atLeast.isPresent()) {
                targets.add(new SatisfactionTarget(
                        measure.get(), segment, value, atLeast.get().doubleValue()));
            }
        }
        return targets;
    }

    private static void refuseBoundsOffTheScale(
            Section section, Questionnaire questionnaire, double promoters, double detractors) {
        questionnaire.item(Role.RECOMMEND).ifPresent(item -> {
            double low = item.low().doubleValue();
            double high = item.high().doubleValue();
            if (promoters > high || promoters <= low || detractors < low || detractors >= high) {
                section.fault(
                        "nps",
                        "the item '" + item.id() + "' with the role recommend is answered from "
                                + item.low().toPlainString() + " to "
                                + item.high().toPlainString()
                                + "; promoters_from " + Section.plain(promoters) + " and detractors_to "
                                + Section.plain(detractors) + " do not split that scale");
            }
        });
    }

    private void refuseUnknownWaves(Section section, Questionnaire questionnaire, List<Value> restated) {
        Set<String> waves = new LinkedHashSet<>();
        questionnaire.waves().forEach(wave -> waves.add(wave.name()));
        for (Value wave : restated) {
            if (!waves.contains(wave.text())) {
                faults.add(
                        wave.line(),
                        section.path("restate_waves") + ": the questionnaire has no wave '" + wave.text() + "'"
                                + Nearest.hint(wave.text(), waves));
            }
        }
    }

    /** A relative path is looked for beside the job document first, then from the working directory. */
    private Optional<Questionnaire> questionnaire(Section section, String written) {
        List<Path> places = new ArrayList<>();
        try {
            places.add(file.resolveSibling(written));
            places.add(Path.of(written));
        } catch (InvalidPathException noPath) {
            section.fault("questionnaire", "'" + written + "' is not a valid path");
            return Optional.empty();
        }
        // a refused place is not even looked at, so that nobody learns what lies there
        List<Path> allowed = places.stream()
                .filter(place -> roots.refusal(place.toString()).isEmpty())
                .distinct()
                .toList();
        if (allowed.isEmpty()) {
            roots.refusal(places.get(0).toString()).ifPresent(refusal -> section.fault("questionnaire", refusal));
            return Optional.empty();
        }
        Optional<Path> found = allowed.stream().filter(Files::isRegularFile).findFirst();
        if (found.isEmpty()) {
            section.fault(
                    "questionnaire",
                    "there is no file " + allowed.stream().map(Path::toString).collect(Collectors.joining(", nor ")));
            return Optional.empty();
        }
        questionnaireFaults = new Faults(found.get().toString());
        return QuestionnaireFile.read(found.get(), environment, questionnaireFaults);
    }

    private Job.Cohorts cohorts() {
        Section section = root.block("cohorts");
        Job.Cohorts cohorts = new Job.Cohorts(section.whole("left_truncation_months"));
        section.end();
        return cohorts;
    }

    private Job.Retention retention() {
        Section section = root.block("retention");
        Job.Retention retention = new Job.Retention(
                section.whole("runs"), section.whole("month_ends"), section.whole("rejected_row_days"));
        section.end();
        return retention;
    }

    private Job.CustomerKey customerKey() {
        if (root.node("customer_key").orElse(null) instanceof Mapping) {
            Section section = root.section("customer_key").orElseThrow();
            Optional<String> path = section.requiredText("file").map(Value::text);
            path.flatMap(roots::refusal).ifPresent(refusal -> section.fault("file", refusal));
            section.end();
            return new Job.CustomerKey(false, path);
        }
        String word = root.text("customer_key").map(Value::text).orElse("environment");
        boolean isDemo = word.equals("demo");
        if (!isDemo && !word.equals("environment")) {
            root.fault(
                    "customer_key",
                    "'" + word + "' is not one of environment, demo and {file: PATH}"
                            + Nearest.hint(word, List.of("environment", "demo")));
        }
        return new Job.CustomerKey(isDemo, Optional.empty());
    }
}

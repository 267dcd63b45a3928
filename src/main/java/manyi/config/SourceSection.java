package manyi.config;

import java.math.BigDecimal;
import java.nio.charset.Charset;
import java.nio.charset.IllegalCharsetNameException;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeFormatterBuilder;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import manyi.config.Section.Value;
import manyi.config.Source.Format;
import manyi.config.Source.Layout;

/** Reads one entry below {@code sources:}. */
final class SourceSection {

    /** Names of jobs and sources end up in accounts and file names. */
    static final Pattern NAME = Pattern.compile("[\\p{L}\\p{N}][\\p{L}\\p{M}\\p{N}_.-]{0,63}");

    static final Pattern ATTRIBUTE = Pattern.compile("[\\p{Ll}\\p{Lo}][\\p{Ll}\\p{Lo}\\p{M}\\p{N}_]{0,63}");

    private static final Set<String> TYPES =
            Set.of("string", "int", "integer", "bigint", "long", "double", "date", "timestamp", "boolean");
    private static final List<String> NAMED_TYPES =
            List.of("string", "int", "bigint", "\"decimal(18,4)\"", "double", "date", "timestamp", "boolean");
    /** Without the digits behind the point Spark would round to whole numbers. */
    private static final Pattern DECIMAL = Pattern.compile("decimal\\s*\\(\\s*(\\d{1,2})\\s*,\\s*(\\d{1,2})\\s*\\)");
    /** What is left of an unquoted decimal type behind its comma, where the block is written between braces. */
    private static final Pattern CUT = Pattern.compile("\\d{1,2}\\s*\\)");

    private static final int DIGITS = 38;
    /** What says how text is written, and the formats it says it for. */
    private static final Map<String, Set<Format>> TEXT_KEYS = textKeys();
    /** Letters of {@link DateTimeFormatter} that Spark's patterns do not have. */
    private static final String NOT_IN_SPARK = "ABceNnpuWwY";

    private final SourceKind kind;
    private final Section section;
    private final Faults faults;
    private final Optional<Questionnaire> questionnaire;
    private final Set<String> segmentAttributes;

    /**
     * An entry.
     *
     * @param questionnaire of the job, where it could be read
     * @param segmentAttributes attributes that a segment dimension names
     */
    SourceSection(
            SourceKind kind,
            Section section,
            Faults faults,
            Optional<Questionnaire> questionnaire,
            Set<String> segmentAttributes) {
        this.kind = kind;
        this.section = section;
        this.faults = faults;
        this.questionnaire = questionnaire;
        this.segmentAttributes = segmentAttributes;
    }

    /** The entry; empty where it has faults. */
    Optional<Source> source(String name, double maximumRejectedShare, AllowedRoots roots) {
        int before = faults.count();
        Optional<Value> path = section.requiredText("path");
        path.flatMap(value -> SourceAddress.refusal(value.text()).or(() -> roots.refusal(value.text())))
                .ifPresent(refusal -> section.fault("path", refusal));
        Format format = section.word("format")
                .map(word -> Format.valueOf(word.toUpperCase(Locale.ROOT)))
                .orElseGet(() -> path.filter(value -> value.text().endsWith(".parquet"))
                        .map(value -> Format.PARQUET)
                        .orElse(Format.CSV));
        Layout layout = layout();
        Source.Options options = options(format, layout);
        Map<String, String> types = types();
        Map<String, String> columns = columns(layout);
        List<String> key = key(columns.keySet());
        double share = section.decimal("maximum_rejected_share")
                .map(BigDecimal::doubleValue)
                .orElse(maximumRejectedShare);
        section.end();
        if (faults.count() > before || path.isEmpty()) {
            return Optional.empty();
        }
        return Optional.of(new Source(kind, name, path.get().text(), format, types, columns, key, options, share));
    }

    private Layout layout() {
        if (!kind.equals(SourceKind.SURVEY)) {
            if (section.isNamed("layout")) {
                section.fault("layout", "is for survey sources; leave it out");
            }
            return Layout.WIDE;
        }
        return Layout.valueOf(section.word("layout").orElseThrow().toUpperCase(Locale.ROOT));
    }

    private Source.Options options(Format format, Layout layout) {
        for (Map.Entry<String, Set<Format>> entry : TEXT_KEYS.entrySet()) {
            if (section.isNamed(entry.getKey()) && !entry.getValue().contains(format)) {
                section.fault(
                        entry.getKey(),
                        "does not apply to the format " + format.name().toLowerCase(Locale.ROOT) + "; leave it out");
            }
        }
        char delimiter = sign("delimiter");
        boolean hasHeader = section.flag("header");
        List<String> names = names(hasHeader);
        char decimal = section.word("decimal").orElseThrow().charAt(0);
        if (format == Format.CSV && decimal == delimiter) {
            section.fault("decimal", "'" + decimal + "' is the delimiter too; write another delimiter, such as ';'");
        }
        return new Source.Options(
                delimiter,
                sign("quote"),
                sign("escape"),
                encoding(),
                hasHeader,
                names,
                decimal,
                section.flag("multiline"),
                section.texts("nulls").stream().map(Value::text).toList(),
                layout,
                timestampFormat(),
                skippedAfterHeader(hasHeader));
    }

    private char sign(String key) {
        String written = section.textOrDefault(key);
        String text = written.equals("\\t") ? "\t" : written;
        if (text.length() != 1) {
            if (text.isEmpty() && !key.equals("delimiter")) {
                return Source.OFF;
            }
            section.fault(key, "'" + text + "' is not one character; write one, such as ';' or '\\t'");
            return section.otherwise(key).orElseThrow().charAt(0);
        }
        return text.charAt(0);
    }

    private List<String> names(boolean hasHeader) {
        List<String> names = new ArrayList<>();
        Set<String> seen = new HashSet<>();
        for (Value name : section.texts("names")) {
            if (!seen.add(name.text().toLowerCase(Locale.ROOT))) {
                faults.add(name.line(), section.path("names") + ": '" + name.text() + "' is a duplicate");
            }
            names.add(name.text());
        }
        if (hasHeader && !names.isEmpty()) {
            section.fault("names", "cannot stand beside a header line; add header: false, or leave it out");
        }
        if (!hasHeader && names.isEmpty()) {
            section.fault("header", "is false, so 'names' must list the columns in order");
        }
        return names;
    }

    private int skippedAfterHeader(boolean hasHeader) {
        int skipped = section.whole("skip_after_header");
        if (!hasHeader && skipped > 0) {
            section.fault("skip_after_header", "counts records after a header line, but header is false");
        }
        return skipped;
    }

    private String encoding() {
        String name = section.textOrDefault("encoding");
        try {
            if (Charset.isSupported(name)) {
                return Charset.forName(name).name();
            }
        } catch (IllegalCharsetNameException noName) {
            // reported below with the unknown ones
        }
        section.fault(
                "encoding",
                "'" + name + "' is not an encoding that Java knows"
                        + Nearest.hint(name, Charset.availableCharsets().keySet()));
        return name;
    }

    private Optional<String> timestampFormat() {
        Optional<String> pattern = section.notBlank("timestamp_format");
        if (pattern.isEmpty()) {
            return pattern;
        }
        try {
            new DateTimeFormatterBuilder().appendPattern(pattern.get());
        } catch (IllegalArgumentException noPattern) {
            section.fault(
                    "timestamp_format",
                    "'" + pattern.get() + "' is not a valid pattern: " + noPattern.getMessage()
                            + "; write it like dd/MM/yyyy HH:mm");
            return Optional.empty();
        }
        String letters = pattern.get().replaceAll("'[^']*'", "");
        for (int i = 0; i < letters.length(); i++) {
            if (NOT_IN_SPARK.indexOf(letters.charAt(i)) >= 0) {
                section.fault(
                        "timestamp_format",
                        "'" + pattern.get() + "' has the letter '" + letters.charAt(i)
                                + "', which Spark does not read; years are yyyy, months MM, days dd");
                return Optional.empty();
            }
        }
        return pattern;
    }

    private Map<String, String> types() {
        Map<String, String> types = new LinkedHashMap<>();
        Optional<Section> block = section.section("types");
        if (block.isPresent()) {
            for (String column : block.get().keys()) {
                String written = block.get().text(column).map(Value::text).orElse("");
                String type = written.strip().toLowerCase(Locale.ROOT);
                if (CUT.matcher(column).matches()) {
                    continue;
                }
                if (type.startsWith("decimal(") && !type.endsWith(")")) {
                    block.get().fault(column, "'" + written + "' breaks off at the comma; quote it: \"decimal(18,4)\"");
                    continue;
                }
                if (type.startsWith("decimal") && !isType(type)) {
                    block.get()
                            .fault(
                                    column,
                                    "'" + written + "' must be \"decimal(DIGITS, DIGITS AFTER THE POINT)\", at"
                                            + " most " + DIGITS + " digits");
                } else if (!isType(type)) {
                    block.get().fault(column, "'" + written + "' is not a type" + Nearest.hintOrAll(type, NAMED_TYPES));
                }
                types.put(column, type);
            }
        }
        return types;
    }

    private static boolean isType(String type) {
        Matcher decimal = DECIMAL.matcher(type);
        if (decimal.matches()) {
            int digits = Integer.parseInt(decimal.group(1));
            int behindPoint = Integer.parseInt(decimal.group(2));
            return digits >= 1 && digits <= DIGITS && behindPoint <= digits;
        }
        return TYPES.contains(type);
    }

    private Map<String, String> columns(Layout layout) {
        Map<String, String> columns = new LinkedHashMap<>();
        Optional<Section> block = section.requiredSection("columns");
        if (block.isEmpty()) {
            return columns;
        }
        block.get().textsByKey().forEach((field, expression) -> columns.put(field, expression.text()));
        Set<String> items = new LinkedHashSet<>();
        if (kind.equals(SourceKind.SURVEY)) {
            questionnaire.ifPresent(known -> known.items().forEach(item -> items.add(item.id())));
        }
        for (String field : block.get().keys()) {
            checkField(block.get(), field, layout, items);
        }
        for (SourceField field : kind.fields()) {
            if (field.isRequired(layout) && !block.get().isNamed(field.name())) {
                faults.add(
                        block.get().line(),
                        "the field '" + field.name() + "' is missing in "
                                + block.get().name());
            }
        }
        for (SourceKind.Alternatives either : kind.alternatives()) {
            if (either.names().stream().noneMatch(block.get()::isNamed)) {
                faults.add(
                        block.get().line(),
                        block.get().name() + ": neither '" + String.join("' nor '", either.names()) + "' is mapped"
                                + either.advice());
            }
        }
        if (layout == Layout.WIDE) {
            items.stream()
                    .filter(item -> !block.get().isNamed(item))
                    .forEach(item -> columns.put(item, "`" + item + "`"));
        }
        return columns;
    }

    private void checkField(Section block, String field, Layout layout, Set<String> items) {
        Optional<SourceField> known = kind.field(field);
        Set<String> names = new LinkedHashSet<>(kind.names());
        names.addAll(items);
        if (known.isPresent()) {
            if (layout == Layout.WIDE && known.get().need() == SourceField.Need.ONLY_PER_ANSWER) {
                block.fault(field, "is for surveys with a row per answer; add layout: long, or map the items");
            }
            known.get()
                    .with()
                    .filter(other -> !block.isNamed(other))
                    .ifPresent(other -> block.fault(
                            field,
                            "has no meaning without '" + other + "', which is not mapped; map it, or leave " + field
                                    + " out"));
        } else if (items.contains(field)) {
            if (layout == Layout.LONG) {
                block.fault(field, "is an item; a survey with a row per answer maps 'item' and 'answer' instead");
            }
        } else if (kind.attributes() == SourceKind.Attributes.NONE) {
            faults.add(
                    block.line(field),
                    "unknown field '" + field + "' in " + block.name() + Nearest.hintOrAll(field, names));
        } else if (kind.attributes() == SourceKind.Attributes.OF_SEGMENTS) {
            if (!segmentAttributes.contains(field)) {
                names.addAll(segmentAttributes);
                faults.add(
                        block.line(field),
                        "'" + field + "' in " + block.name()
                                + " is neither a field nor an attribute that segments names"
                                + Nearest.hint(field, names));
            }
        } else if (!kind.equals(SourceKind.SURVEY) || questionnaire.isPresent()) {
            // without the questionnaire an item cannot be told from an attribute
            refuseMisspeltAttribute(block, field, names);
        }
    }

    /** A free attribute that no segment uses and that is all but a known name is taken for that name, misspelt. */
    private void refuseMisspeltAttribute(Section block, String field, Set<String> names) {
        boolean isAttributeName = ATTRIBUTE.matcher(field).matches() && !field.equals(Dimension.ALL);
        Optional<String> nearest = Nearest.to(field, names);
        if (nearest.isPresent() && !segmentAttributes.contains(field)) {
            faults.add(
                    block.line(field),
                    "unknown field '" + field + "' in " + block.name() + "; did you mean '" + nearest.get() + "'?"
                            + (isAttributeName ? " (To use it as an attribute, name it in segments.)" : ""));
        } else if (!isAttributeName) {
            faults.add(
                    block.line(field),
                    "'" + field + "' in " + block.name()
                            + " is not a valid attribute name; write it in lower case, with '_' for blanks");
        }
    }

    private List<String> key(Set<String> mapped) {
        List<String> key = new ArrayList<>();
        for (Value field : section.texts("key")) {
            if (!mapped.contains(field.text())) {
                faults.add(
                        field.line(),
                        section.path("key") + ": '" + field.text() + "' is not mapped under columns"
                                + Nearest.hint(field.text(), mapped));
            }
            if (key.contains(field.text())) {
                faults.add(field.line(), section.path("key") + ": '" + field.text() + "' is a duplicate");
            }
            key.add(field.text());
        }
        return key;
    }

    private static Map<String, Set<Format>> textKeys() {
        Map<String, Set<Format>> keys = new LinkedHashMap<>();
        for (String key : List.of("delimiter", "quote", "escape", "multiline")) {
            keys.put(key, Set.of(Format.CSV));
        }
        for (String key :
                List.of("encoding", "header", "names", "decimal", "nulls", "timestamp_format", "skip_after_header")) {
            keys.put(key, Set.of(Format.CSV, Format.WHITESPACE));
        }
        return keys;
    }
}

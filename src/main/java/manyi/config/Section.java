package manyi.config;

import java.math.BigDecimal;
import java.time.DateTimeException;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import manyi.config.YamlTree.Entry;
import manyi.config.YamlTree.Mapping;
import manyi.config.YamlTree.Node;
import manyi.config.YamlTree.Scalar;
import manyi.config.YamlTree.Sequence;
import manyi.config.YamlTree.State;

/**
 * The keys of one block of a document, read by type. A value of the wrong type is a fault and reads as its default, so
 * that reading goes on and finds the next fault. The keys that were asked for are the known ones: {@link #end} answers
 * every other.
 */
final class Section {

    /** A text and its line. */
    record Value(int line, String text) {}

    /** Digits enough for any weight or scale, and no exponent: {@code 1e999999999} would fill the memory. */
    private static final Pattern DECIMAL = Pattern.compile("[+-]?\\d{1,12}(\\.\\d{1,12})?|[+-]?\\.\\d{1,12}");

    private static final Pattern WHOLE = Pattern.compile("\\d{1,9}");

    private final String name;
    private final int line;
    private final Mapping mapping;
    private final Faults faults;
    private final Set<String> known = new LinkedHashSet<>();

    /**
     * A block of keys.
     *
     * @param name how messages call it; empty for the whole document
     * @param line the line that a missing key is told at
     */
    Section(String name, int line, Mapping mapping, Faults faults) {
        this.name = name;
        this.line = line;
        this.mapping = mapping;
        this.faults = faults;
    }

    String name() {
        return name;
    }

    int line() {
        return line;
    }

    /** The line of a key, or of the block where the key is not given. */
    int line(String key) {
        Entry entry = mapping.entries().get(key);
        return entry == null ? line : entry.line();
    }

    /** Whether the key is given with a value. */
    boolean has(String key) {
        return node(key).isPresent();
    }

    /** Whether the key stands in the document, with or without a value. */
    boolean isNamed(String key) {
        return mapping.entries().containsKey(key);
    }

    /** How messages call a key. */
    String path(String key) {
        return name.isEmpty() ? key : name + "." + key;
    }

    void fault(String key, String message) {
        faults.add(line(key), path(key) + ": " + message);
    }

    /** The value of a key as it stands; empty where the key is not given, or given without a value. */
    Optional<Node> node(String key) {
        known.add(key);
        Entry entry = mapping.entries().get(key);
        if (entry == null || (entry.value() instanceof Scalar scalar && scalar.state() == State.ABSENT)) {
            return Optional.empty();
        }
        return Optional.of(entry.value());
    }

    private boolean isMissing(String key) {
        boolean isMissing = node(key).isEmpty();
        if (isMissing) {
            faults.add(
                    line(key),
                    (isNamed(key) ? "the key '" + key + "' has no value" : "the key '" + key + "' is missing")
                            + (name.isEmpty() ? "" : " in " + name));
        }
        return isMissing;
    }

    /** The text of a key. */
    Optional<Value> text(String key) {
        return node(key).flatMap(node -> text(path(key), node));
    }

    /** The text of a key that has to be there, and not blank. */
    Optional<Value> requiredText(String key) {
        if (isMissing(key)) {
            return Optional.empty();
        }
        Optional<Value> value = text(key);
        if (value.isPresent() && value.get().text().isBlank()) {
            fault(key, "is blank");
            return Optional.empty();
        }
        return value;
    }

    /** The text of a key that may be left out, but is not blank where it is given. */
    Optional<String> notBlank(String key) {
        return has(key) ? requiredText(key).map(Value::text) : Optional.empty();
    }

    private Optional<Value> text(String path, Node node) {
        if (node instanceof Scalar scalar && scalar.state() == State.BROKEN) {
            return Optional.empty();
        }
        if (node instanceof Scalar scalar && scalar.state() == State.WHOLE) {
            return Optional.of(new Value(scalar.line(), scalar.text()));
        }
        faults.add(node.line(), path + ": expected a text, found " + node.kind());
        return Optional.empty();
    }

    /** The texts of a list; a text alone is a list of one. */
    List<Value> texts(String key) {
        List<Value> texts = new ArrayList<>();
        for (Node element : elements(key)) {
            text(path(key), element).ifPresent(texts::add);
        }
        return texts;
    }

    /** The texts of a list at a node; a text alone is a list of one. */
    List<Value> textsOf(String key, Node node) {
        List<Value> texts = new ArrayList<>();
        for (Node element : node instanceof Sequence sequence ? sequence.elements() : List.of(node)) {
            text(path(key), element).ifPresent(texts::add);
        }
        return texts;
    }

    /** The elements of a list; anything else is a list of one. */
    List<Node> elements(String key) {
        Optional<Node> node = node(key);
        if (node.isEmpty()) {
            return List.of();
        }
        return node.get() instanceof Sequence sequence ? sequence.elements() : List.of(node.get());
    }

    /** One of these words. */
    Optional<String> oneOf(String key, Set<String> words) {
        Optional<Value> value = text(key);
        if (value.isPresent() && !words.contains(value.get().text())) {
            fault(
                    key,
                    "'" + value.get().text() + "' is not one of " + String.join(", ", words)
                            + Nearest.hint(value.get().text(), words));
            return Optional.empty();
        }
        return value.map(Value::text);
    }

    boolean flag(String key, boolean otherwise) {
        Optional<Value> value = text(key);
        if (value.isEmpty()) {
            return otherwise;
        }
        String text = value.get().text();
        if (!text.equals("true") && !text.equals("false")) {
            fault(key, "'" + text + "' is neither true nor false");
            return otherwise;
        }
        return text.equals("true");
    }

    int whole(String key, int otherwise, int least) {
        Optional<Value> value = text(key);
        if (value.isEmpty()) {
            return otherwise;
        }
        String text = value.get().text();
        if (!WHOLE.matcher(text).matches() || Integer.parseInt(text) < least) {
            fault(key, "'" + text + "' is not a whole number from " + least + " up");
            return otherwise;
        }
        return Integer.parseInt(text);
    }

    Optional<BigDecimal> decimal(String key) {
        return text(key).flatMap(value -> decimal(path(key), value));
    }

    /** A number; a fault where the text is none. */
    Optional<BigDecimal> decimal(String path, Value value) {
        if (DECIMAL.matcher(value.text()).matches()) {
            return Optional.of(new BigDecimal(value.text()));
        }
        faults.add(value.line(), path + ": '" + value.text() + "' is not a number such as 0.5");
        return Optional.empty();
    }

    double between(String key, double least, double greatest, double otherwise) {
        Optional<BigDecimal> number = decimal(key);
        if (number.isEmpty()) {
            return otherwise;
        }
        double value = number.get().doubleValue();
        if (value < least || value > greatest) {
            fault(
                    key,
                    number.get().toPlainString() + " does not lie between " + plain(least) + " and " + plain(greatest));
            return otherwise;
        }
        return value;
    }

    /** A number without needless zeros. */
    static String plain(double value) {
        return BigDecimal.valueOf(value).stripTrailingZeros().toPlainString();
    }

    Optional<LocalDate> requiredDay(String key) {
        return isMissing(key) ? Optional.empty() : day(key);
    }

    Optional<LocalDate> day(String key) {
        Optional<Value> value = text(key);
        if (value.isEmpty()) {
            return Optional.empty();
        }
        try {
            LocalDate day = LocalDate.parse(value.get().text());
            if (day.getYear() < 1 || day.getYear() > 9999) {
                throw new DateTimeException("out of the calendar");
            }
            return Optional.of(day);
        } catch (DateTimeException notADay) {
            fault(key, "'" + value.get().text() + "' is not a day; write it like 2011-12-09");
            return Optional.empty();
        }
    }

    /** A block of keys below a key. */
    Optional<Section> section(String key) {
        return node(key).flatMap(node -> section(path(key), line(key), node));
    }

    /** A block of keys below a key that has to be there. */
    Optional<Section> requiredSection(String key) {
        return isMissing(key) ? Optional.empty() : section(key);
    }

    /** The block of keys below a key where there is one; another kind of value is no fault here. */
    Optional<Section> blockOf(String key) {
        return node(key).filter(Mapping.class::isInstance).flatMap(node -> section(path(key), line(key), node));
    }

    /** Says that a key is known here without reading it. */
    void known(String key) {
        known.add(key);
    }

    /** A node as a block of keys. */
    Optional<Section> section(String path, int at, Node node) {
        if (node instanceof Mapping found) {
            return Optional.of(new Section(path, at, found, faults));
        }
        faults.add(node.line(), path + ": expected keys with values, found " + node.kind());
        return Optional.empty();
    }

    /** All keys with texts as values; the keys are the document's own. */
    Map<String, Value> textsByKey() {
        Map<String, Value> texts = new LinkedHashMap<>();
        for (String key : keys()) {
            requiredText(key).ifPresent(value -> texts.put(key, value));
        }
        return texts;
    }

    /** All keys of the block. */
    Set<String> keys() {
        return mapping.entries().keySet();
    }

    /** Answers every key that nobody asked for. */
    void end() {
        for (Map.Entry<String, Entry> entry : mapping.entries().entrySet()) {
            if (!known.contains(entry.getKey())) {
                faults.add(
                        entry.getValue().line(),
                        "unknown key '" + entry.getKey() + "'" + (name.isEmpty() ? "" : " in " + name)
                                + Nearest.hintOrAll(entry.getKey(), known));
            }
        }
    }
}

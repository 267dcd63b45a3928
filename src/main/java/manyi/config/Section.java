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
 * The keys of one block of a document, read as they are declared. A value of the wrong type, or out of bounds, is a fault
 * and reads as its default, so that reading goes on and finds the next fault. {@link #end} answers every key that is not
 * declared.
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
    private final Shape.Block block;
    private final Faults faults;

    /**
     * A block of keys.
     *
     * @param name how messages call it; empty for the whole document
     * @param line the line at which a missing key is reported
     * @param block the keys that are declared for it
     */
    Section(String name, int line, Mapping mapping, Shape.Block block, Faults faults) {
        this.name = name;
        this.line = line;
        this.mapping = mapping;
        this.block = block;
        this.faults = faults;
    }

    /** A block that says nothing, so that every key has its default. */
    static Section empty(Shape.Block block) {
        return new Section("", 1, new Mapping(1, Map.of()), block, new Faults(""));
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
        Entry entry = mapping.entries().get(key);
        if (entry == null) {
            // asked for by the reader, not by the document: then it has to be declared
            shape(key);
        }
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

    /** The text of a key, or its default. */
    String textOrDefault(String key) {
        return text(key).map(Value::text).or(() -> otherwise(key)).orElseThrow();
    }

    private Optional<Value> text(String path, Node node) {
        if (node instanceof Scalar scalar && scalar.state() == State.BROKEN) {
            return Optional.empty();
        }
        if (node instanceof Scalar scalar && scalar.state() == State.WHOLE) {
            return Optional.of(new Value(scalar.line(), scalar.text()));
        }
        faults.add(node.line(), path + ": expected text, found " + node.kind());
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

    /** One of the declared words; the default, if there is one, where none is given. */
    Optional<String> word(String key) {
        Set<String> words =
                new LinkedHashSet<>(of(Shape.Words.class, shape(key)).words());
        return oneOf(key, words).or(() -> otherwise(key));
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

    boolean flag(String key) {
        boolean otherwise = Boolean.parseBoolean(otherwise(key).orElseThrow());
        String text = text(key).map(Value::text).orElse(String.valueOf(otherwise));
        if (!text.equals("true") && !text.equals("false")) {
            fault(key, "'" + text + "' is neither true nor false");
            return otherwise;
        }
        return text.equals("true");
    }

    int whole(String key) {
        Shape.Whole bounds = of(Shape.Whole.class, shape(key));
        Optional<Value> value = text(key);
        if (value.isPresent()) {
            String text = value.get().text();
            if (WHOLE.matcher(text).matches() && bounds.has(Integer.parseInt(text))) {
                return Integer.parseInt(text);
            }
            fault(
                    key,
                    "'" + text + "' is not a whole number from " + bounds.least()
                            + (bounds.greatest() == Integer.MAX_VALUE ? " up" : " to " + bounds.greatest()));
        }
        return Integer.parseInt(otherwise(key).orElseThrow());
    }

    /** A number within its bounds; the default, if there is one, where none is given. */
    Optional<BigDecimal> decimal(String key) {
        Shape.Decimal bounds = of(Shape.Decimal.class, shape(key));
        Optional<BigDecimal> number = text(key).flatMap(value -> decimal(path(key), value));
        if (number.isPresent() && !bounds.has(number.get())) {
            fault(key, number.get().toPlainString() + " " + bounds.refusal());
            number = Optional.empty();
        }
        return number.or(() -> otherwise(key).map(BigDecimal::new));
    }

    /** A number within its bounds, or its default. */
    double number(String key) {
        return decimal(key).orElseThrow().doubleValue();
    }

    /** A number; a fault where the text is none. */
    Optional<BigDecimal> decimal(String path, Value value) {
        if (DECIMAL.matcher(value.text()).matches()) {
            return Optional.of(new BigDecimal(value.text()));
        }
        faults.add(value.line(), path + ": '" + value.text() + "' is not a number such as 0.5");
        return Optional.empty();
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
        return node(key).flatMap(node -> section(path(key), line(key), node, shape(key)));
    }

    /** A block of keys below a key that has to be there. */
    Optional<Section> requiredSection(String key) {
        return isMissing(key) ? Optional.empty() : section(key);
    }

    /** A block of keys below a key; where it is not given, one in which every key has its default. */
    Section block(String key) {
        return section(key).orElseGet(() -> empty(of(Shape.Block.class, shape(key))));
    }

    /** The block of keys below a key where there is one; another kind of value is no fault here. */
    Optional<Section> blockOf(String key) {
        return node(key)
                .filter(Mapping.class::isInstance)
                .flatMap(node -> section(path(key), line(key), node, shape(key)));
    }

    /** The blocks of a list, numbered from 1. */
    List<Section> blocks(String key) {
        List<Section> blocks = new ArrayList<>();
        List<Node> elements = elements(key);
        for (int i = 0; i < elements.size(); i++) {
            blockIn(key, "[" + (i + 1) + "]", elements.get(i)).ifPresent(blocks::add);
        }
        return blocks;
    }

    /** An element of a list as a block of keys. */
    Optional<Section> blockIn(String key, String number, Node element) {
        return section(path(key) + number, element.line(), element, shape(key));
    }

    private Optional<Section> section(String path, int at, Node node, Shape shape) {
        if (node instanceof Mapping found) {
            return Optional.of(new Section(path, at, found, of(Shape.Block.class, shape), faults));
        }
        faults.add(node.line(), path + ": expected keys with values, found " + node.kind());
        return Optional.empty();
    }

    private Shape shape(String key) {
        return block.key(key)
                .map(Key::shape)
                .or(block::others)
                .orElseThrow(() -> new IllegalArgumentException("no key " + path(key) + " is declared"));
    }

    /** The default of a key. */
    Optional<String> otherwise(String key) {
        return block.key(key).flatMap(Key::otherwise);
    }

    /** The part of a shape that is of this kind: itself, one of several, or the element of a list. */
    private static <T extends Shape> T of(Class<T> kind, Shape shape) {
        if (kind.isInstance(shape)) {
            return kind.cast(shape);
        } else if (shape instanceof Shape.Items list) {
            return of(kind, list.element());
        } else if (shape instanceof Shape.Either either) {
            return either.shapes().stream()
                    .filter(kind::isInstance)
                    .map(kind::cast)
                    .findFirst()
                    .orElseThrow();
        }
        throw new IllegalArgumentException(shape + " is not a " + kind.getSimpleName());
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

    /** Answers every key that is not declared. */
    void end() {
        List<String> known = block.keys().stream().map(Key::name).toList();
        for (Map.Entry<String, Entry> entry : mapping.entries().entrySet()) {
            if (!known.contains(entry.getKey()) && block.others().isEmpty()) {
                faults.add(
                        entry.getValue().line(),
                        "unknown key '" + entry.getKey() + "'" + (name.isEmpty() ? "" : " in " + name)
                                + Nearest.hintOrAll(entry.getKey(), known));
            }
        }
    }
}

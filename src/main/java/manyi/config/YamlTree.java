package manyi.config;

import java.io.IOException;
import java.io.StringReader;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.error.Mark;
import org.yaml.snakeyaml.error.MarkedYAMLException;
import org.yaml.snakeyaml.error.YAMLException;
import org.yaml.snakeyaml.events.AliasEvent;
import org.yaml.snakeyaml.events.CollectionStartEvent;
import org.yaml.snakeyaml.events.Event;
import org.yaml.snakeyaml.events.MappingStartEvent;
import org.yaml.snakeyaml.events.NodeEvent;
import org.yaml.snakeyaml.events.ScalarEvent;
import org.yaml.snakeyaml.events.SequenceStartEvent;

/**
 * A YAML document as a tree that knows its lines. Every scalar is the text that was written ({@code no}, {@code 1_000}
 * and {@code 2011-12-09} too) with environment values filled in; what it means is decided by who asks for it. Anchors,
 * aliases, tags, duplicate keys and a second document are faults: each makes a document say something else than it shows.
 *
 * <p>The tree is built from SnakeYAML's events: Jackson's tokens tell nothing of the anchor of a scalar.
 */
final class YamlTree {

    /** A place in the document. */
    sealed interface Node permits Scalar, Sequence, Mapping {
        /** The line on which it begins, from 1. */
        int line();

        /** What it is, for messages. */
        String kind();
    }

    /** How a text came about. */
    enum State {
        /** As written, environment values filled in. */
        WHOLE,
        /** Nothing at all was written. */
        ABSENT,
        /** An environment value could not be filled in: a fault already told, so nothing more is said of the text. */
        BROKEN
    }

    /** A text. */
    record Scalar(int line, String text, State state) implements Node {
        @Override
        public String kind() {
            return state == State.ABSENT ? "nothing" : "'" + text + "'";
        }
    }

    /** A list. */
    record Sequence(int line, List<Node> elements) implements Node {
        @Override
        public String kind() {
            return "a list";
        }
    }

    /** Keys with values, in the document's order. */
    record Mapping(int line, Map<String, Entry> entries) implements Node {
        @Override
        public String kind() {
            return "a block of keys";
        }
    }

    /** A value and the line of its key. */
    record Entry(int line, Node value) {}

    private static final int DEEPEST = 20;
    /** A document with a thousand mapped columns is a tenth of this; of much more the parser would not see the end. */
    private static final long MOST_BYTES = 1L << 20;

    private static final Pattern PLACEHOLDER =
            Pattern.compile("\\$\\$\\{|\\$\\{(?:([A-Za-z_][A-Za-z0-9_]*)(?::-([^}]*))?})?");

    private final Iterator<Event> events;
    private final Map<String, String> environment;
    private final Faults faults;

    private YamlTree(Iterator<Event> events, Map<String, String> environment, Faults faults) {
        this.events = events;
        this.environment = environment;
        this.faults = faults;
    }

    /** The document's root, a block of keys; empty where the document cannot be read, with the reason among the faults. */
    static Optional<Mapping> read(Path file, Map<String, String> environment, Faults faults) {
        Optional<String> nature = SpecialFiles.nature(file);
        if (nature.isPresent()) {
            faults.add(1, nature.get() + ", not a document; name a YAML file");
            return Optional.empty();
        }
        try {
            long bytes = Files.size(file);
            if (bytes > MOST_BYTES) {
                faults.add(
                        1,
                        String.format(
                                Locale.ROOT,
                                "has %,d bytes; a document has at most %,d. Name the YAML file, not the data",
                                bytes,
                                MOST_BYTES));
                return Optional.empty();
            }
            String content = Files.readString(file);
            return read(content.startsWith("\uFEFF") ? content.substring(1) : content, environment, faults);
        } catch (CharacterCodingException wrongEncoding) {
            faults.add(1, "is not UTF-8; save it as UTF-8");
        } catch (IOException unreadable) {
            faults.add(1, "cannot be read: " + unreadable.getMessage());
        }
        return Optional.empty();
    }

    private static Optional<Mapping> read(String content, Map<String, String> environment, Faults faults) {
        try {
            Iterator<Event> events = new Yaml().parse(new StringReader(content)).iterator();
            return new YamlTree(events, environment, faults).root();
        } catch (MarkedYAMLException notYaml) {
            int line = line(notYaml.getProblemMark());
            faults.add(line, "is not YAML: " + reason(notYaml) + advice(content, line));
        } catch (YAMLException notYaml) {
            faults.add(
                    1,
                    "is not YAML: " + notYaml.getMessage().lines().findFirst().orElse("it breaks off"));
        }
        return Optional.empty();
    }

    private static String reason(MarkedYAMLException notYaml) {
        return Stream.of(notYaml.getContext(), notYaml.getProblem())
                .filter(part -> part != null && !part.isBlank())
                .collect(Collectors.joining(", "));
    }

    private static String advice(String content, int line) {
        boolean hasPlaceholder = content.lines().skip(line - 1L).limit(1).anyMatch(text -> text.contains("${"));
        if (hasPlaceholder) {
            return "; quote text with ${...} inside braces";
        }
        boolean hasBraces = content.lines().skip(line - 1L).limit(1).anyMatch(text -> text.matches(".*[{\\[].*"));
        return hasBraces ? "; quote text inside braces that contains one of , ? : [ ] { } #" : "";
    }

    private static int line(Mark mark) {
        return mark.getLine() + 1;
    }

    private static int line(Event event) {
        return line(event.getStartMark());
    }

    private Optional<Mapping> root() {
        Event event = events.next();
        while (event.is(Event.ID.StreamStart) || event.is(Event.ID.DocumentStart)) {
            event = events.next();
        }
        if (event.is(Event.ID.StreamEnd)) {
            faults.add(1, "is empty");
            return Optional.empty();
        }
        Node root = node(event, 0);
        for (event = events.next(); !event.is(Event.ID.StreamEnd); event = events.next()) {
            if (event.is(Event.ID.DocumentStart)) {
                faults.add(line(event), "a second document begins; a file must hold only one");
                break;
            }
        }
        if (root instanceof Mapping mapping) {
            return Optional.of(mapping);
        }
        faults.add(root.line(), "expected keys with values, found " + root.kind());
        return Optional.empty();
    }

    private Node node(Event event, int depth) {
        int line = line(event);
        if (depth > DEEPEST) {
            throw new YAMLException("more than " + DEEPEST + " levels of nesting");
        }
        refuseReferences(event, line);
        if (event instanceof ScalarEvent scalar) {
            return scalar(line, scalar);
        }
        if (event instanceof SequenceStartEvent) {
            return sequence(line, depth);
        }
        return event instanceof MappingStartEvent ? mapping(line, depth) : new Scalar(line, "", State.BROKEN);
    }

    private void refuseReferences(Event event, int line) {
        if (event instanceof AliasEvent alias) {
            faults.add(line, "an alias (*" + alias.getAnchor() + ") is not allowed; write the value out");
        } else if (event instanceof NodeEvent node && node.getAnchor() != null) {
            faults.add(
                    line, "an anchor (&" + node.getAnchor() + ") is not allowed; write the value out where it is used");
        }
        String tag = null;
        if (event instanceof ScalarEvent scalar) {
            tag = scalar.getTag();
        } else if (event instanceof CollectionStartEvent collection) {
            tag = collection.getTag();
        }
        if (tag != null) {
            faults.add(line, "a tag (" + tag + ") is not allowed; leave it out");
        }
    }

    private Mapping mapping(int line, int depth) {
        Map<String, Entry> entries = new LinkedHashMap<>();
        for (Event event = events.next(); !event.is(Event.ID.MappingEnd); event = events.next()) {
            int keyLine = line(event);
            Node key = event instanceof ScalarEvent scalar ? key(keyLine, scalar) : node(event, depth + 1);
            Entry entry = new Entry(keyLine, node(events.next(), depth + 1));
            if (!(key instanceof Scalar text)) {
                faults.add(keyLine, key.kind() + " cannot be a key; a key must be text");
            } else if (text.state() == State.WHOLE) {
                Entry first = entries.putIfAbsent(text.text(), entry);
                if (first != null) {
                    faults.add(
                            keyLine,
                            "the key '" + text.text() + "' is a duplicate; the first is on line " + first.line());
                }
            }
        }
        return new Mapping(line, entries);
    }

    /** Keys are ours or the names of things; nothing is filled in. */
    private Scalar key(int line, ScalarEvent event) {
        refuseReferences(event, line);
        return new Scalar(line, event.getValue(), State.WHOLE);
    }

    private Sequence sequence(int line, int depth) {
        List<Node> elements = new ArrayList<>();
        for (Event event = events.next(); !event.is(Event.ID.SequenceEnd); event = events.next()) {
            elements.add(node(event, depth + 1));
        }
        return new Sequence(line, elements);
    }

    private Scalar scalar(int line, ScalarEvent event) {
        if (event.isPlain() && event.getValue().isEmpty()) {
            return new Scalar(line, "", State.ABSENT);
        }
        int before = faults.count();
        String filled = filled(line, event.getValue());
        return new Scalar(line, filled, faults.count() == before ? State.WHOLE : State.BROKEN);
    }

    /** The text with its placeholders replaced; a doubled dollar before a brace stands for itself. */
    private String filled(int line, String text) {
        Matcher matcher = PLACEHOLDER.matcher(text);
        StringBuilder filled = new StringBuilder();
        while (matcher.find()) {
            matcher.appendReplacement(filled, Matcher.quoteReplacement(replacement(line, text, matcher)));
        }
        return matcher.appendTail(filled).toString();
    }

    private String replacement(int line, String text, Matcher matcher) {
        if (matcher.group().equals("$${")) {
            return "${";
        }
        String name = matcher.group(1);
        if (name == null) {
            faults.add(
                    line,
                    "'" + text + "' has a '${' that is neither ${NAME} nor ${NAME:-default}; write $${ for a literal"
                            + " ${");
            return matcher.group();
        }
        String value = environment.get(name);
        String fallback = matcher.group(2);
        if (fallback != null) {
            return value == null || value.isEmpty() ? fallback : value;
        }
        if (value == null) {
            faults.add(
                    line,
                    "the environment variable " + name + " is not set; set it, or give a default: ${" + name
                            + ":-default}");
            return "";
        }
        return value;
    }
}

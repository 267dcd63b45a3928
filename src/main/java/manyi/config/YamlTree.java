package manyi.config;

import com.fasterxml.jackson.core.JsonLocation;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import com.fasterxml.jackson.dataformat.yaml.YAMLParser;
import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A YAML document as a tree that knows its lines. Every scalar is the text that was written ({@code no}, {@code 1_000}
 * and {@code 2011-12-09} too) with environment values filled in; what it means is decided by who asks for it. Anchors,
 * aliases, tags, duplicate keys and a second document are faults: each makes a document say something else than it shows.
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

    private static final Pattern PLACEHOLDER =
            Pattern.compile("\\$\\$\\{|\\$\\{(?:([A-Za-z_][A-Za-z0-9_]*)(?::-([^}]*))?})?");

    private final YAMLParser parser;
    private final Map<String, String> environment;
    private final Faults faults;

    private YamlTree(YAMLParser parser, Map<String, String> environment, Faults faults) {
        this.parser = parser;
        this.environment = environment;
        this.faults = faults;
    }

    /** The document's root, a block of keys; empty where the document cannot be read, with the reason among the faults. */
    static Optional<Mapping> read(Path file, Map<String, String> environment, Faults faults) {
        String content;
        try {
            content = Files.readString(file);
        } catch (CharacterCodingException wrongEncoding) {
            faults.add(1, "is not UTF-8; save it as UTF-8");
            return Optional.empty();
        } catch (IOException unreadable) {
            faults.add(1, "cannot be read: " + unreadable.getMessage());
            return Optional.empty();
        }
        return read(content.startsWith("\uFEFF") ? content.substring(1) : content, environment, faults);
    }

    private static Optional<Mapping> read(String content, Map<String, String> environment, Faults faults) {
        try (YAMLParser parser = YAMLFactory.builder().build().createParser(content)) {
            YamlTree tree = new YamlTree(parser, environment, faults);
            if (parser.nextToken() == null) {
                faults.add(1, "is empty");
                return Optional.empty();
            }
            Node root = tree.node();
            if (parser.nextToken() != null) {
                faults.add(tree.line(), "a second document begins; a file holds one");
            }
            if (root instanceof Mapping mapping) {
                return Optional.of(mapping);
            }
            faults.add(root.line(), "expected keys with values, found " + root.kind());
            return Optional.empty();
        } catch (JsonProcessingException notYaml) {
            JsonLocation place = notYaml.getLocation();
            faults.add(place == null ? 1 : Math.max(1, place.getLineNr()), "is not YAML: " + firstLine(notYaml));
            return Optional.empty();
        } catch (IOException impossible) {
            throw new IllegalStateException("a text in memory could not be read", impossible);
        }
    }

    private static String firstLine(JsonProcessingException fault) {
        String message = fault.getOriginalMessage();
        return message == null ? "it breaks off" : message.lines().findFirst().orElse("it breaks off");
    }

    private int line() {
        return parser.currentTokenLocation().getLineNr();
    }

    private Node node() throws IOException {
        int line = line();
        refuseReferences(line);
        JsonToken token = parser.currentToken();
        return switch (token) {
            case START_OBJECT -> mapping(line);
            case START_ARRAY -> sequence(line);
            default -> scalar(line, token);
        };
    }

    private void refuseReferences(int line) throws IOException {
        if (parser.isCurrentAlias()) {
            faults.add(line, "an alias (*" + parser.getText() + ") is refused; write the value out");
        } else if (parser.getObjectId() != null) {
            faults.add(
                    line, "an anchor (&" + parser.getObjectId() + ") is refused; write the value out where it is used");
        }
        if (parser.getTypeId() != null) {
            faults.add(line, "a tag (!" + parser.getTypeId() + ") is refused; leave it out");
        }
    }

    private Mapping mapping(int line) throws IOException {
        Map<String, Entry> entries = new LinkedHashMap<>();
        while (parser.nextToken() != JsonToken.END_OBJECT) {
            String key = parser.currentName();
            int keyLine = line();
            if (parser.getObjectId() != null) {
                faults.add(keyLine, "an anchor (&" + parser.getObjectId() + ") is refused; leave it out");
            }
            parser.nextToken();
            Entry entry = new Entry(keyLine, node());
            Entry first = entries.putIfAbsent(key, entry);
            if (first != null) {
                faults.add(keyLine, "the key '" + key + "' stands here a second time; first on line " + first.line());
            }
        }
        return new Mapping(line, entries);
    }

    private Sequence sequence(int line) throws IOException {
        List<Node> elements = new ArrayList<>();
        while (parser.nextToken() != JsonToken.END_ARRAY) {
            elements.add(node());
        }
        return new Sequence(line, elements);
    }

    private Scalar scalar(int line, JsonToken token) throws IOException {
        String text = parser.getText();
        if (token == JsonToken.VALUE_NULL && (text == null || text.isEmpty())) {
            return new Scalar(line, "", State.ABSENT);
        }
        int before = faults.count();
        String filled = filled(line, text);
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
                    "'" + text + "' holds a '${' that is neither ${NAME} nor ${NAME:-default}; write $${ for the sign"
                            + " itself");
            return matcher.group();
        }
        String value = environment.get(name);
        String fallback = matcher.group(2);
        if (fallback != null) {
            return value == null || value.isEmpty() ? fallback : value;
        }
        if (value == null) {
            faults.add(
                    line, "the environment has no " + name + "; set it, or give a default: ${" + name + ":-default}");
            return "";
        }
        return value;
    }
}

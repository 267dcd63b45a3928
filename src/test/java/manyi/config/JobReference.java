package manyi.config;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/** The reference and the JSON Schema of a document, from the keys as they are declared. */
final class JobReference {

    private static final JsonNodeFactory JSON = JsonNodeFactory.instance;

    /** The blocks with a table of their own in {@code docs/job.md}. */
    static final Map<String, Shape.Block> BLOCKS = blocks();

    private final ObjectNode definitions = JSON.objectNode();

    private JobReference() {}

    private static Map<String, Shape.Block> blocks() {
        Map<String, Shape.Block> blocks = new LinkedHashMap<>();
        blocks.put("job", JobKeys.JOB);
        blocks.put("source", JobKeys.SOURCE_COMMON);
        blocks.put("text file", JobKeys.TEXT_FILE);
        blocks.put("satisfaction", JobKeys.SATISFACTION);
        blocks.put("lifetime value", JobKeys.LIFETIME_VALUE);
        blocks.put("loyalty", JobKeys.LOYALTY);
        blocks.put("questionnaire", QuestionnaireKeys.QUESTIONNAIRE);
        blocks.put("item", QuestionnaireKeys.ITEM);
        blocks.put("delivered value", QuestionnaireKeys.DELIVERED_VALUE);
        blocks.put("wave", QuestionnaireKeys.WAVE);
        blocks.put("model", QuestionnaireKeys.MODEL);
        blocks.put("drivers", QuestionnaireKeys.DRIVERS);
        blocks.put("weights", QuestionnaireKeys.WEIGHTS);
        return blocks;
    }

    // ---- tables

    /** The table of a block, or of the fields of a kind of source. */
    static String table(String name) {
        Optional<SourceKind> kind = SourceKind.of(name);
        if (kind.isPresent()) {
            return fields(kind.get());
        }
        StringBuilder table = new StringBuilder("| key | type | default | meaning |\n|---|---|---|---|\n");
        rows(table, "", BLOCKS.get(name));
        return table.toString();
    }

    private static void rows(StringBuilder table, String above, Shape.Block block) {
        for (Key key : block.keys()) {
            boolean isBlock = key.shape() instanceof Shape.Block
                    && !((Shape.Block) key.shape()).keys().isEmpty();
            boolean isElsewhere = key.shape().equals(JobKeys.SOURCES) || BLOCKS.containsValue(key.shape());
            String absent = key.absent().isEmpty()
                    ? key.otherwise().map(value -> "`" + value + "`").orElse("none")
                    : key.absent();
            table.append(String.format(
                    "| `%s%s` | %s | %s | %s |%n",
                    above,
                    key.name(),
                    isBlock ? "block" : key.shape().word(),
                    key.isRequired() ? "required" : absent,
                    key.meaning()));
            if (isBlock && !isElsewhere) {
                rows(table, above + key.name() + ".", (Shape.Block) key.shape());
            }
        }
    }

    private static String fields(SourceKind kind) {
        StringBuilder table = new StringBuilder(
                "| field | type | required | meaning | a row is rejected where |\n|---|---|---|---|---|\n");
        for (SourceField field : kind.fields()) {
            String alternatives = kind.alternatives().stream()
                    .filter(either -> either.names().contains(field.name()))
                    .map(either -> either.names().stream()
                            .filter(name -> !name.equals(field.name()))
                            .collect(Collectors.joining("`, `", "this or `", "`")))
                    .collect(Collectors.joining());
            String needed = switch (field.need()) {
                case REQUIRED -> "yes";
                case REQUIRED_PER_ANSWER -> "in the long layout";
                case ONLY_PER_ANSWER -> "in the long layout only";
                default -> alternatives;
            };
            table.append(String.format(
                    "| `%s` | %s | %s | %s | %s |%n",
                    field.name(),
                    field.type(),
                    needed,
                    field.meaning(),
                    field.rules().stream().map(SourceField.Rule::reason).collect(Collectors.joining("; "))));
        }
        for (SourceField.Rule rule : kind.rules()) {
            table.append("| | | | | ").append(rule.reason()).append(" |\n");
        }
        return table.toString().replace("|  |", "| |").replace("|  |", "| |");
    }

    // ---- JSON Schema

    /** The schema, in the terms of JSON Schema 2020-12. */
    static ObjectNode schema(String title, Shape.Block root) {
        JobReference reference = new JobReference();
        ObjectNode schema = JSON.objectNode();
        schema.put("$schema", "https://json-schema.org/draft/2020-12/schema");
        schema.put("title", title);
        schema.setAll(reference.block("", root));
        schema.set("$defs", reference.definitions);
        return schema;
    }

    private ObjectNode block(String path, Shape.Block block) {
        ObjectNode schema = JSON.objectNode().put("type", "object");
        ObjectNode properties = JSON.objectNode();
        ArrayNode required = JSON.arrayNode();
        for (Key key : block.keys()) {
            ObjectNode value = shape(path.isEmpty() ? key.name() : path + "." + key.name(), key.shape());
            // a key without a value counts as left out
            ObjectNode property =
                    key.isRequired() ? value : anyOf(value, JSON.objectNode().put("type", "null"));
            property.put("description", key.meaning().replaceAll("\\[([^]]*)]\\([^)]*\\)", "$1"));
            key.otherwise().ifPresent(otherwise -> property.put("default", otherwise));
            properties.set(key.name(), property);
            if (key.isRequired()) {
                required.add(key.name());
            }
        }
        schema.set("properties", properties);
        if (!required.isEmpty()) {
            schema.set("required", required);
        }
        if (block.others().isPresent()) {
            schema.set("additionalProperties", shape(path + ".*", block.others().get()));
        } else {
            schema.put("additionalProperties", false);
        }
        return schema;
    }

    private ObjectNode shape(String path, Shape shape) {
        if (shape instanceof Shape.Words words) {
            ArrayNode values = JSON.arrayNode();
            words.words().forEach(values::add);
            ObjectNode schema = JSON.objectNode();
            schema.set("enum", values);
            return orFilledIn(schema);
        } else if (shape instanceof Shape.Flag) {
            return orFilledIn(JSON.objectNode().put("type", "boolean"));
        } else if (shape instanceof Shape.Day) {
            return orFilledIn(JSON.objectNode().put("type", "string").put("pattern", "^\\d{4}-\\d{2}-\\d{2}$"));
        } else if (shape instanceof Shape.Whole whole) {
            ObjectNode schema = JSON.objectNode().put("type", "integer").put("minimum", whole.least());
            return orFilledIn(whole.greatest() == Integer.MAX_VALUE ? schema : schema.put("maximum", whole.greatest()));
        } else if (shape instanceof Shape.Decimal number) {
            ObjectNode schema = JSON.objectNode().put("type", "number");
            number.least().ifPresent(least -> schema.put(number.isLeastIn() ? "minimum" : "exclusiveMinimum", least));
            number.greatest()
                    .ifPresent(
                            greatest -> schema.put(number.isGreatestIn() ? "maximum" : "exclusiveMaximum", greatest));
            return orFilledIn(schema);
        } else if (shape instanceof Shape.Items list) {
            ObjectNode array = JSON.objectNode().put("type", "array");
            array.set("items", named(path, list.element()));
            return anyOf(named(path, list.element()), array);
        } else if (shape instanceof Shape.Block block) {
            return block(path, block);
        } else if (shape instanceof Shape.Either either) {
            return anyOf(either.shapes().stream().map(each -> shape(path, each)).toArray(ObjectNode[]::new));
        }
        ObjectNode text = JSON.objectNode();
        text.set("type", JSON.arrayNode().add("string").add("number").add("boolean"));
        return text;
    }

    /** A block by its name, so that it is written out once. */
    private ObjectNode named(String path, Shape shape) {
        if (!(shape instanceof Shape.Block)) {
            return shape(path, shape);
        }
        if (!definitions.has(path)) {
            definitions.set(path, shape(path, shape));
        }
        return JSON.objectNode().put("$ref", "#/$defs/" + path);
    }

    /** What an environment value is filled into is a text of any kind. */
    private static ObjectNode orFilledIn(ObjectNode schema) {
        return anyOf(schema, JSON.objectNode().put("type", "string").put("pattern", "\\$\\{"));
    }

    private static ObjectNode anyOf(ObjectNode... schemas) {
        ArrayNode all = JSON.arrayNode();
        for (ObjectNode schema : schemas) {
            if (schema.size() == 1 && schema.has("anyOf")) {
                schema.get("anyOf").forEach(all::add);
            } else {
                all.add(schema);
            }
        }
        ObjectNode any = JSON.objectNode();
        any.set("anyOf", all);
        return any;
    }

    /** The names of all tables. */
    static List<String> tables() {
        List<String> names = new java.util.ArrayList<>(BLOCKS.keySet());
        SourceKind.all().forEach(kind -> names.add(kind.key()));
        return names;
    }
}

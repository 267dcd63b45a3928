package manyi.config;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import manyi.config.SourceField.Rule;
import manyi.config.kind.Costs;
import manyi.config.kind.Customers;
import manyi.config.kind.Margins;
import manyi.config.kind.Purchases;
import manyi.config.kind.Referrals;
import manyi.config.kind.Spending;
import manyi.config.kind.Survey;
import manyi.table.Field;
import manyi.table.Table;

/**
 * A kind of input. Each is declared in one class of {@code config.kind} and listed here; reading, typing, landing,
 * accounting, the check of mappings and the job reference follow from the declaration.
 *
 * @param key in the job document, below {@code sources:}
 * @param landing the table that keeps every accepted row
 * @param fields what its sources may map
 * @param attributes which names beside the fields they may map, as attributes of their rows
 * @param alternatives fields of which a source maps one at least
 * @param derived columns that are computed, each from those before it
 * @param rules what rejects a row, beside the rules of the fields
 * @param identity SQL over the landed columns: of rows with the same values the latest counts; empty where every row does
 * @param isAboutPeople whether rejected records may name persons: then only their mapped columns are kept
 */
public record SourceKind(
        String key,
        Table landing,
        List<SourceField> fields,
        Attributes attributes,
        List<Alternatives> alternatives,
        List<Derived> derived,
        List<Rule> rules,
        List<String> identity,
        boolean isAboutPeople) {

    public static final SourceKind PURCHASES = Purchases.kind();
    public static final SourceKind SURVEY = Survey.kind();
    public static final SourceKind CUSTOMERS = Customers.kind();
    public static final SourceKind COSTS = Costs.kind();
    public static final SourceKind MARGINS = Margins.kind();
    public static final SourceKind SPENDING = Spending.kind();
    public static final SourceKind REFERRALS = Referrals.kind();

    private static final List<SourceKind> ALL =
            List.of(PURCHASES, SURVEY, CUSTOMERS, COSTS, MARGINS, SPENDING, REFERRALS);

    /** Keys that are kept for later kinds. */
    static final List<String> RESERVED = List.of("contracts", "cases", "rates", "promises", "visits", "actions");

    /** Which names beside its fields a source may map. */
    public enum Attributes {
        NONE,
        /** Those that a segment dimension names. */
        OF_SEGMENTS,
        FREE
    }

    /** Fields of which a source maps one at least. */
    public record Alternatives(List<String> names, String advice) {}

    /** A column that is computed in SQL. */
    public record Derived(Field column, String expression) {}

    public SourceKind {
        fields = List.copyOf(fields);
        alternatives = List.copyOf(alternatives);
        derived = List.copyOf(derived);
        rules = List.copyOf(rules);
        identity = List.copyOf(identity);
    }

    /** Declares a kind whose sources map these fields, and whose accepted rows land in this table. */
    public static Declaration named(String key, Table landing, SourceField... fields) {
        return new Declaration(key, landing, fields);
    }

    /** A kind on its way. */
    public static final class Declaration {

        private final String key;
        private final Table landing;
        private final List<SourceField> fields;
        private final List<Alternatives> alternatives = new ArrayList<>();
        private final List<Derived> derived = new ArrayList<>();
        private final List<Rule> rules = new ArrayList<>();
        private List<String> identity = List.of();
        private Attributes attributes = Attributes.NONE;
        private boolean isAboutPeople = true;

        private Declaration(String key, Table landing, SourceField... fields) {
            this.key = key;
            this.landing = landing;
            this.fields = List.of(fields);
        }

        /** Which further names a source may map. */
        public Declaration attributes(Attributes further) {
            attributes = further;
            return this;
        }

        /** Of these fields a source maps one at least. */
        public Declaration oneOf(String advice, String... names) {
            alternatives.add(new Alternatives(List.of(names), advice));
            return this;
        }

        /** A column that is computed from those before it. */
        public Declaration derive(Field column, String expression) {
            derived.add(new Derived(column, expression));
            return this;
        }

        /** Rejects rows where the condition holds. */
        public Declaration reject(String condition, String reason) {
            rules.add(new Rule(condition, reason));
            return this;
        }

        /** Of rows with the same values of these expressions the latest counts, whether or not a key is declared. */
        public Declaration latestPer(String... expressions) {
            identity = List.of(expressions);
            return this;
        }

        /** Nothing in a record names a person, so rejected ones are kept with all their columns. */
        public Declaration notAboutPeople() {
            isAboutPeople = false;
            return this;
        }

        public SourceKind done() {
            return new SourceKind(
                    key, landing, fields, attributes, alternatives, derived, rules, identity, isAboutPeople);
        }
    }

    /** All kinds that are read. */
    public static List<SourceKind> all() {
        return ALL;
    }

    /** The kind with this key. */
    public static Optional<SourceKind> of(String key) {
        return ALL.stream().filter(kind -> kind.key.equals(key)).findFirst();
    }

    /** The names of its fields, in order. */
    public Set<String> names() {
        return fields.stream().map(SourceField::name).collect(Collectors.toCollection(LinkedHashSet::new));
    }

    Optional<SourceField> field(String name) {
        return fields.stream().filter(field -> field.name().equals(name)).findFirst();
    }

    /** The fields that segments may name. */
    public Set<String> attributeFields() {
        return fields.stream()
                .filter(SourceField::isAttribute)
                .map(SourceField::name)
                .collect(Collectors.toCollection(LinkedHashSet::new));
    }

    /** The attributes that a source can give to segments, by the names it maps. */
    Set<String> segmentAttributesAmong(Set<String> mapped, Optional<Questionnaire> questionnaire) {
        Set<String> among = new TreeSet<>(mapped);
        among.retainAll(attributeFields());
        if (attributes == Attributes.FREE) {
            among.addAll(attributesAmong(mapped, questionnaire));
        }
        return among;
    }

    /** The attributes among mapped names: neither fields nor, in a survey, items. In alphabetical order. */
    Set<String> attributesAmong(Set<String> mapped, Optional<Questionnaire> questionnaire) {
        Set<String> among = new TreeSet<>(mapped);
        among.removeAll(names());
        if (key.equals(Survey.KEY)) {
            questionnaire.ifPresent(known -> known.items().forEach(item -> among.remove(item.id())));
        }
        return attributes == Attributes.NONE ? Set.of() : among;
    }

    @Override
    public String toString() {
        return key;
    }
}

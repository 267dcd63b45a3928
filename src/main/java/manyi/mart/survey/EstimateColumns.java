package manyi.mart.survey;

import static org.apache.spark.sql.functions.col;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import manyi.table.Field;
import org.apache.spark.sql.Column;

/**
 * A figure with what is said of its precision, declared once: it gives the columns, the rules they keep and their
 * projection from an estimate.
 *
 * @param name the column of the figure
 * @param prefix what the names of the other columns start with; may be empty
 * @param meanings the other columns and what they mean; empty for the words that fit most figures
 * @param source the column with the estimate, a struct as {@link Figures} makes it
 */
public record EstimateColumns(
        String name, String meaning, Scale scale, String prefix, Map<Part, String> meanings, String source) {

    /** What a figure is published with. A column has the name of the part after the prefix, as the struct's field has. */
    public enum Part {
        STANDARD_ERROR(
                "Linearised standard error of %s under the sampling design; null without a degree of freedom, or where"
                        + " sampling units do not vary.",
                "%s >= 0"),
        LOW("Lower limit of %s at 95 %% by %s.", "%s <= %s"),
        HIGH("Upper limit of %s at 95 %% by %s.", "%2$s <= %1$s"),
        DEGREES_OF_FREEDOM("Sampling units with an answer less their strata; below 1 there is no interval.", "%s >= 0"),
        DESIGN_EFFECT(
                "Variance of %s over that of a simple random sample of as many answers; null without variance.",
                "%s >= 0"),
        REASON("Why %s has neither error nor limits; null where it has both, or where there is no figure.", ""),
        PERCENTILE_LOW("2.5 %% of the replicates are below it.", ""),
        PERCENTILE_HIGH("2.5 %% of the replicates are above it.", "");

        private final String meaning;
        private final String rule;

        Part(String meaning, String rule) {
            this.meaning = meaning;
            this.rule = rule;
        }

        /** The name of its column without a prefix. */
        public String column() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    public EstimateColumns {
        meanings = meanings.isEmpty() ? Map.of() : new EnumMap<>(meanings);
    }

    /** A figure in no unit, with its standard error and limits, of the column {@code estimate}. */
    public static EstimateColumns of(String name, String meaning) {
        return new EstimateColumns(
                name,
                meaning,
                Scale.differences(""),
                name,
                Map.of(Part.STANDARD_ERROR, "", Part.LOW, "", Part.HIGH, ""),
                "estimate");
    }

    /** A figure whose error and limits come from the replicates of a bootstrap. */
    public static EstimateColumns ofReplicates(String name, String meaning) {
        return of(name, meaning)
                .with(Part.STANDARD_ERROR, "Standard deviation of " + name + " over the replicates of the bootstrap.")
                .with(Part.LOW, "Lower limit of " + name + " at 95 %: minus t standard errors.")
                .with(Part.HIGH, "Upper limit likewise.");
    }

    /** The same on a scale; a share is published with its limits alone. */
    public EstimateColumns in(Scale newScale) {
        EstimateColumns scaled = new EstimateColumns(name, meaning, newScale, prefix, meanings, source);
        return newScale.isShare() ? scaled.only(Part.LOW, Part.HIGH) : scaled;
    }

    /** The same with another prefix of the further columns. */
    public EstimateColumns prefixed(String newPrefix) {
        return new EstimateColumns(name, meaning, scale, newPrefix, meanings, source);
    }

    /** The same, read from another column. */
    public EstimateColumns from(String newSource) {
        return new EstimateColumns(name, meaning, scale, prefix, meanings, newSource);
    }

    /** The same with a further column, or with these words for one that it has. */
    public EstimateColumns with(Part part, String words) {
        Map<Part, String> more = new EnumMap<>(meanings);
        more.put(part, words);
        return new EstimateColumns(name, meaning, scale, prefix, more, source);
    }

    /** The same with a further column. */
    public EstimateColumns with(Part part) {
        return with(part, "");
    }

    /** The same with these further columns alone. */
    public EstimateColumns only(Part... parts) {
        Map<Part, String> fewer = new EnumMap<>(Part.class);
        for (Part part : parts) {
            fewer.put(part, meanings.getOrDefault(part, ""));
        }
        return new EstimateColumns(name, meaning, scale, prefix, fewer, source);
    }

    /** The column of the figure. */
    public Field value() {
        return Field.optionalNumber(name, meaning).in(scale.unit());
    }

    /** A further column. */
    public Field field(Part part) {
        String words = meanings.get(part);
        String says = words.isEmpty()
                ? String.format(
                        Locale.ROOT, part.meaning, name, scale.isShare() ? "logit and Student's t" : "Student's t")
                : words;
        return switch (part) {
            case DEGREES_OF_FREEDOM -> Field.optionalWhole(column(part), says);
            case REASON -> Field.optionalText(column(part), says);
            case DESIGN_EFFECT -> Field.optionalNumber(column(part), says);
            default -> Field.optionalNumber(column(part), says).in(scale.unitOfErrors());
        };
    }

    /** All columns: the figure first. */
    public List<Field> fields() {
        List<Field> fields = new ArrayList<>(List.of(value()));
        meanings.keySet().forEach(part -> fields.add(field(part)));
        return fields;
    }

    /** The rules that the columns keep. */
    public List<String> rules() {
        List<String> rules = new ArrayList<>(scale.rules(name));
        meanings.keySet().stream()
                .filter(part -> !part.rule.isEmpty())
                .forEach(part -> rules.add(String.format(Locale.ROOT, part.rule, column(part), name)));
        return rules;
    }

    /** The columns, read from the estimate. */
    public List<Column> columns() {
        List<Column> columns =
                new ArrayList<>(List.of(Figures.part(source, Figures.MEAN).as(name)));
        meanings.keySet()
                .forEach(part -> columns.add(col(source + "." + part.column()).as(column(part))));
        return columns;
    }

    private String column(Part part) {
        return prefix.isEmpty() ? part.column() : prefix + "_" + part.column();
    }
}

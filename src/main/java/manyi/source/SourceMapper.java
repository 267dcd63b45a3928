package manyi.source;

import static org.apache.spark.sql.functions.abs;
import static org.apache.spark.sql.functions.array;
import static org.apache.spark.sql.functions.coalesce;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.concat;
import static org.apache.spark.sql.functions.concat_ws;
import static org.apache.spark.sql.functions.expr;
import static org.apache.spark.sql.functions.length;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.lower;
import static org.apache.spark.sql.functions.not;
import static org.apache.spark.sql.functions.regexp_replace;
import static org.apache.spark.sql.functions.rint;
import static org.apache.spark.sql.functions.unix_micros;
import static org.apache.spark.sql.functions.upper;
import static org.apache.spark.sql.functions.when;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import manyi.config.Job;
import manyi.config.Questionnaire;
import manyi.config.Source;
import manyi.config.SourceField;
import manyi.config.SourceKind;
import manyi.config.kind.Survey;
import manyi.table.Failure;
import manyi.table.Field;
import manyi.table.Types;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.types.ArrayType;
import org.apache.spark.sql.types.BinaryType;
import org.apache.spark.sql.types.BooleanType;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.DateType;
import org.apache.spark.sql.types.DecimalType;
import org.apache.spark.sql.types.FractionalType;
import org.apache.spark.sql.types.MapType;
import org.apache.spark.sql.types.NumericType;
import org.apache.spark.sql.types.StringType;
import org.apache.spark.sql.types.StructType;
import org.apache.spark.sql.types.TimestampType;

/** Turns the records of one source into rows of its landing table, each with the first reason to reject it, if any. */
final class SourceMapper {

    /** Wide enough to tell an answer off its scale from a text. */
    private static final DataType WIDE_NUMBER = DataTypes.createDecimalType(38, 10);

    private final Job job;
    private final Source source;
    private final Mapping mapping;
    private final Typing typing;
    /** The columns of the landing table that are filled, and others of the kind's on the way there. */
    private final Set<String> filled = new HashSet<>();

    SourceMapper(Job job, Source source) {
        this.job = job;
        this.source = source;
        this.typing = new Typing(source);
        this.mapping = Mapping.of(source);
        mapping.check();
    }

    /** The columns of the files that are read. */
    List<String> columns() {
        return mapping.columns();
    }

    /** The landing table's columns, then {@code reject_reason} and {@code record}. */
    Dataset<Row> rows(Raw raw) {
        SourceKind kind = source.kind();
        RowBuilder rows = new RowBuilder(raw.rows());
        rows.reject(col("fault").isNotNull(), col("fault"));
        type(rows, raw);
        map(rows, raw);
        for (SourceField field : kind.fields()) {
            read(rows, field);
        }
        if (kind.attributes() != SourceKind.Attributes.NONE) {
            Column[] values =
                    job.attributes(kind).stream().map(name -> text(rows, name)).toArray(Column[]::new);
            fill(rows, Landing.ATTRIBUTES.name(), array(values).cast(Landing.ATTRIBUTES.type()));
        }
        for (SourceKind.Derived derived : kind.derived()) {
            rows.step();
            fill(rows, derived.column().name(), expr(derived.expression()));
        }
        rows.step();
        reject(rows, kind.rules());
        if (kind.equals(SourceKind.SURVEY)) {
            wave(rows);
            if (source.options().layout() == Source.Layout.LONG) {
                longAnswers(rows);
            } else {
                wideAnswers(rows);
            }
        }
        rows.step();
        fill(rows, Landing.ROW_KEY.name(), key(rows));
        rows.step();
        rows.then("reject_reason", rows.reason());
        rows.step();
        List<Column> selected = new ArrayList<>();
        for (Field field : kind.landing().fields()) {
            selected.add(landed(field).as(field.name(), field.structField().metadata()));
        }
        selected.add(col("reject_reason"));
        selected.add(when(col("reject_reason").isNotNull(), raw.record()).as("record"));
        return rows.rows().select(selected.toArray(Column[]::new));
    }

    private Column landed(Field field) {
        if (field.equals(Landing.SOURCE)) {
            return lit(source.name());
        } else if (field.equals(Landing.FILE) || field.equals(Landing.PLACE)) {
            return field.col();
        }
        return (filled.contains(field.name()) ? field.col() : lit(null)).cast(field.type());
    }

    private void fill(RowBuilder rows, String name, Column column) {
        filled.add(name);
        rows.then(name, column);
    }

    // ---- the fields of the kind

    private void read(RowBuilder rows, SourceField field) {
        if (field.reading() == SourceField.Reading.KEY) {
            return;
        }
        String name = field.column().orElseThrow().name();
        DataType wanted = field.column().orElseThrow().type();
        Column otherwise =
                lit(field.otherwise().isEmpty() ? null : field.otherwise()).cast(wanted);
        boolean isNumber = wanted instanceof DecimalType;
        if (field.need() == SourceField.Need.REQUIRED) {
            if (isNumber) {
                rows.reject(
                        isUncomputed(field.name()),
                        field.name() + " is not a number that fits " + wanted.catalogString());
            }
            rows.reject(isBlank(rows, field.name()), field.name() + " is missing");
        }
        switch (field.reading()) {
            case TEXT -> fill(rows, name, text(rows, field.name()));
            case IDENTIFIER -> fill(rows, name, identifier(rows, field.name()));
            case WORD -> {
                Column word = regexp_replace(lower(identifier(rows, field.name())), lit("[\\s-]+"), lit("_"));
                fill(rows, name, field.otherwise().isEmpty() ? word : coalesce(word, otherwise));
            }
            case CURRENCY -> {
                fill(rows, name, coalesce(upper(identifier(rows, field.name())), lit(job.currency())));
                rows.reject(col(name).notEqual(job.currency()), "no rate for currency");
            }
            case PERIOD -> period(rows, field.name());
            default -> {
                filled.add(name);
                if (mapping.has(field.name())) {
                    typed(rows, field.name(), wanted, name);
                } else {
                    rows.then(name, otherwise);
                }
            }
        }
        reject(rows, field.rules());
    }

    private static void reject(RowBuilder rows, List<SourceField.Rule> rules) {
        rules.forEach(rule -> rows.reject(expr(rule.condition()), rule.reason()));
    }

    private Column isBlank(RowBuilder rows, String field) {
        Column value = col(mapped(field));
        return (rows.type(mapped(field)) instanceof StringType ? Typing.text(value) : value).isNull();
    }

    /** A year, a month or a day as ISO 8601 writes them; a date or timestamp is a day. */
    private void period(RowBuilder rows, String field) {
        rows.first("period_text", identifier(rows, field));
        Column text = col("period_text");
        Column unit = when(text.rlike("^[0-9]{4}$"), "year")
                .when(text.rlike("^[0-9]{4}-(0[1-9]|1[0-2])$"), "month")
                .when(text.rlike("^[0-9]{4}-[0-9]{2}-[0-9]{2}"), "day");
        fill(rows, Landing.PERIOD_UNIT.name(), when(text.try_cast("date").isNotNull(), unit));
        fill(rows, Landing.PERIOD_FROM.name(), when(unit.isNotNull(), text.try_cast("date")));
        rows.reject(
                Landing.PERIOD_UNIT.col().isNull(),
                field + " is not a year, a month or a day such as 2026, 2026-03, 2026-03-05");
    }

    // ---- typed and mapped columns

    private void type(RowBuilder rows, Raw raw) {
        for (int i = 0; i < raw.columns().size(); i++) {
            String name = raw.columns().get(i);
            DataType given = rows.type("r" + i);
            typing.read(rows, name, "r" + i, given, typing.declared(name).orElse(given), "t" + i);
        }
        rows.step();
    }

    private void map(RowBuilder rows, Raw raw) {
        Map<String, Column> expressions = new LinkedHashMap<>();
        mapping.expressions().keySet().forEach(field -> expressions.put(field, mapping.column(field, raw.columns())));
        expressions.forEach((field, expression) -> rows.then(mapped(field), expression));
        try {
            rows.step();
        } catch (Exception unresolved) {
            expressions.forEach((field, expression) -> resolve(rows.rows(), field, expression));
            throw unresolved;
        }
    }

    /** Says which field it is that does not resolve. */
    private void resolve(Dataset<Row> rows, String field, Column expression) {
        try {
            rows.select(expression).schema();
        } catch (Exception unresolved) {
            throw new Failure(
                    Failure.Kind.USAGE,
                    source.name() + ": " + field + ": " + source.columns().getOrDefault(field, field) + ": "
                            + MappingCheck.firstLine(unresolved),
                    unresolved);
        }
    }

    /** The column that holds a field's mapped expression. */
    private String mapped(String field) {
        return "m" + List.copyOf(mapping.expressions().keySet()).indexOf(field);
    }

    /** Whether the expression gave nothing though all its columns had something: it could not be computed. */
    private Column isUncomputed(String field) {
        Column all = col(mapped(field)).isNull();
        for (String column : mapping.columns(field)) {
            all = all.and(col("t" + columns().indexOf(column)).isNotNull());
        }
        return mapping.columns(field).isEmpty() ? lit(false) : all;
    }

    private void refuse(String field, DataType type, String wanted) {
        throw new Failure(
                Failure.Kind.USAGE,
                source.name() + ": " + field + ": the mapped expression is " + type.catalogString() + ", not " + wanted
                        + "; declare the columns' `types:`, or use try_cast");
    }

    /** A text as it is, blank to null; numbers without a fraction are written without one. */
    private Column text(RowBuilder rows, String field) {
        if (!mapping.has(field)) {
            return lit(null).cast("string");
        }
        Column value = col(mapped(field));
        DataType type = rows.type(mapped(field));
        if (type instanceof StringType) {
            return when(Typing.text(value).isNotNull(), value);
        } else if (type instanceof DecimalType) {
            return when(
                            value.equalTo(value.try_cast("decimal(38,0)")),
                            value.try_cast("decimal(38,0)").cast("string"))
                    .otherwise(value.cast("string"));
        } else if (type instanceof FractionalType) {
            return when(
                            value.equalTo(rint(value)).and(abs(value).lt(1e15)),
                            value.try_cast("bigint").cast("string"))
                    .otherwise(value.cast("string"));
        } else if (type instanceof ArrayType
                || type instanceof MapType
                || type instanceof StructType
                || type instanceof BinaryType) {
            refuse(field, type, "text");
        }
        return value.cast("string");
    }

    private Column identifier(RowBuilder rows, String field) {
        return Typing.text(text(rows, field));
    }

    /** Adds a column of a type, and the reasons why a value has none. */
    private void typed(RowBuilder rows, String field, DataType wanted, String to) {
        DataType given = rows.type(mapped(field));
        boolean isFit = given instanceof StringType
                || given.equals(DataTypes.NullType)
                || (wanted instanceof NumericType && given instanceof NumericType)
                || ((wanted instanceof DateType || wanted instanceof TimestampType)
                        && (given instanceof DateType
                                || given instanceof TimestampType
                                || given.equals(DataTypes.TimestampNTZType)))
                || (wanted instanceof BooleanType && (given instanceof BooleanType || given instanceof NumericType));
        if (!isFit) {
            refuse(field, given, wanted.catalogString());
        }
        typing.read(rows, field, mapped(field), given, wanted, to);
    }

    /** The declared key in one text: the value itself, or each value with its length before it. */
    private Column key(RowBuilder rows) {
        List<Column> parts = new ArrayList<>();
        for (String field : source.key()) {
            String name = filled.contains(field) ? field : mapped(field);
            Column part = rows.type(name) instanceof TimestampType
                    ? unix_micros(col(name)).cast("string")
                    : Typing.text(col(name).cast("string"));
            rows.reject(part.isNull(), "key is missing: " + field);
            parts.add(part);
        }
        if (parts.isEmpty()) {
            return lit(null).cast("string");
        } else if (parts.size() == 1) {
            return parts.get(0);
        }
        Column[] marked = parts.stream()
                .map(part -> concat(length(part).cast("string"), lit(":"), part))
                .toArray(Column[]::new);
        Column isWhole =
                parts.stream().map(Column::isNotNull).reduce(Column::and).orElseThrow();
        return when(isWhole, concat_ws(" ", marked));
    }

    // ---- what the questionnaire decides

    private Questionnaire questionnaire() {
        return job.satisfaction().map(Job.Satisfaction::questionnaire).orElseThrow();
    }

    private void wave(RowBuilder rows) {
        List<Questionnaire.Wave> waves = questionnaire().waves();
        Column given = Landing.WAVE.col();
        if (waves.isEmpty()) {
            rows.then(Landing.WAVE.name(), mapping.has("wave") ? given : lit("all"));
            rows.reject(given.isNull(), "wave is missing");
            return;
        }
        Column byDay = lit(null).cast("string");
        for (Questionnaire.Wave wave : waves) {
            byDay = when(Landing.ANSWERED_ON.col().between(lit(wave.start()), lit(wave.end())), lit(wave.name()))
                    .otherwise(byDay);
        }
        rows.then(Landing.WAVE.name(), coalesce(given, byDay));
        rows.reject(
                given.isNull(),
                when(Landing.ANSWERED_ON.col().isNull(), lit("wave is missing"))
                        .otherwise(lit("answered outside every wave")));
        Object[] names = waves.stream().map(Questionnaire.Wave::name).toArray();
        rows.reject(not(given.isin(names)), "wave is none of the questionnaire's");
    }

    private void wideAnswers(RowBuilder rows) {
        List<Questionnaire.Item> items = questionnaire().items();
        for (Questionnaire.Item item : items) {
            typing.readNumber(
                    rows,
                    mapped(item.id()),
                    rows.type(mapped(item.id())),
                    WIDE_NUMBER,
                    "item_" + questionnaire().place(item.id()));
        }
        rows.step();
        List<Column> answers = new ArrayList<>();
        for (Questionnaire.Item item : items) {
            Column number = col("item_" + questionnaire().place(item.id()));
            rows.reject(isUnread(rows, item.id(), number), item.id() + " is not a number");
            rows.reject(isOff(item, number), offScale(item));
            answers.add(when(not(isMissing(item, number)), number).cast(Types.ANSWER));
        }
        fill(rows, Landing.ANSWERS.name(), array(answers.toArray(Column[]::new)));
    }

    private void longAnswers(RowBuilder rows) {
        List<Questionnaire.Item> items = questionnaire().items();
        typing.readNumber(rows, mapped("answer"), rows.type(mapped("answer")), WIDE_NUMBER, "number");
        rows.step();
        Column number = col("number");
        Object[] ids = items.stream().map(Questionnaire.Item::id).toArray();
        rows.reject(col("item").isNull().and(not(expr(Survey.IS_SET_APART))), "item is missing");
        rows.reject(not(col("item").isin(ids)), "unknown item");
        rows.reject(isUnread(rows, "answer", number), concat(col("item"), lit(" is not a number")));
        Column isMissing = lit(false);
        for (Questionnaire.Item item : items) {
            Column isThis = col("item").equalTo(item.id());
            rows.reject(isThis.and(isOff(item, number)), offScale(item));
            isMissing = isMissing.or(isThis.and(isMissing(item, number)));
        }
        fill(rows, Landing.ANSWER.name(), when(not(isMissing), number).cast(Types.ANSWER));
    }

    private Column isUnread(RowBuilder rows, String field, Column number) {
        Column value = col(mapped(field));
        Column given = rows.type(mapped(field)) instanceof StringType ? Typing.text(value) : value;
        return given.isNotNull().and(number.isNull());
    }

    private static Column isMissing(Questionnaire.Item item, Column number) {
        return item.missing().isEmpty()
                ? lit(false)
                : coalesce(number.isin(item.missing().toArray()), lit(false));
    }

    private static Column isOff(Questionnaire.Item item, Column number) {
        return number.lt(lit(item.low())).or(number.gt(lit(item.high()))).and(not(isMissing(item, number)));
    }

    private static String offScale(Questionnaire.Item item) {
        return item.id() + " is off its scale "
                + Stream.of(item.low(), item.high())
                        .map(BigDecimal::stripTrailingZeros)
                        .map(BigDecimal::toPlainString)
                        .collect(Collectors.joining(" to "));
    }
}

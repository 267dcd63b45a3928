package manyi.source;

import static org.apache.spark.sql.functions.abs;
import static org.apache.spark.sql.functions.array;
import static org.apache.spark.sql.functions.coalesce;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.concat;
import static org.apache.spark.sql.functions.concat_ws;
import static org.apache.spark.sql.functions.length;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.lower;
import static org.apache.spark.sql.functions.not;
import static org.apache.spark.sql.functions.regexp_replace;
import static org.apache.spark.sql.functions.rint;
import static org.apache.spark.sql.functions.trunc;
import static org.apache.spark.sql.functions.unix_micros;
import static org.apache.spark.sql.functions.upper;
import static org.apache.spark.sql.functions.when;

import java.math.BigDecimal;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import manyi.config.Fields;
import manyi.config.Job;
import manyi.config.Questionnaire;
import manyi.config.Source;
import manyi.config.SourceKind;
import manyi.table.Failure;
import manyi.table.Field;
import manyi.table.Table;
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

    /** A greater amount is a slip of the file, and a day of several would not fit into the ledger. */
    private static final BigDecimal MOST = new BigDecimal("1000000000000");

    /** Wide enough to tell an answer off its scale from a text. */
    private static final DataType WIDE_NUMBER = DataTypes.createDecimalType(38, 10);

    /** Days before it stand for a missing one, or for a slip: they would make cohorts of many centuries. */
    private static final LocalDate EARLIEST = LocalDate.of(1970, 1, 2);

    private final Job job;
    private final Source source;
    private final Mapping mapping;
    private final Typing typing;
    private final Table table;

    SourceMapper(Job job, Source source) {
        this.job = job;
        this.source = source;
        this.table = Landing.of(source.kind());
        this.typing = new Typing(source);
        this.mapping = Mapping.of(source, wideItems());
        checkFields();
        mapping.check();
    }

    /** The columns of the files that are read. */
    List<String> columns() {
        return mapping.columns();
    }

    /** The landing table's columns, then {@code reject_reason} and {@code record}. */
    Dataset<Row> rows(Raw raw) {
        RowBuilder draft = new RowBuilder(raw.rows());
        draft.reject(col("fault").isNotNull(), col("fault"));
        type(draft, raw);
        map(draft, raw);
        switch (source.kind()) {
            case PURCHASES -> purchases(draft);
            case CUSTOMERS -> customers(draft);
            case SURVEY -> survey(draft);
            case COSTS -> costs(draft);
            case MARGINS -> margins(draft);
            case SPENDING -> spending(draft);
            case REFERRALS -> referrals(draft);
            default -> throw new IllegalArgumentException("no landing table for " + source.kind());
        }
        draft.step();
        draft.then("c_row_key", key(draft));
        draft.step();
        draft.then("reject_reason", draft.reason());
        draft.step();
        List<Column> selected = new ArrayList<>();
        for (Field field : table.fields()) {
            selected.add(
                    landed(draft, field).as(field.name(), field.structField().metadata()));
        }
        selected.add(col("reject_reason"));
        selected.add(when(col("reject_reason").isNotNull(), raw.record()).as("record"));
        return draft.rows().select(selected.toArray(Column[]::new));
    }

    private Column landed(RowBuilder draft, Field field) {
        if (field.equals(Landing.SOURCE)) {
            return lit(source.name());
        } else if (field.equals(Landing.FILE) || field.equals(Landing.PLACE)) {
            return field.col();
        }
        boolean isFilled = Arrays.asList(draft.rows().columns()).contains("c_" + field.name());
        return isFilled
                ? col("c_" + field.name()).cast(field.type())
                : lit(null).cast(field.type());
    }

    // ---- what the document may map

    private void checkFields() {
        List<String> faults = new ArrayList<>();
        Set<String> known = new TreeSet<>(Fields.of(source.kind()));
        if (!Set.of(SourceKind.CUSTOMERS, SourceKind.SURVEY, SourceKind.COSTS).contains(source.kind())) {
            for (String field : source.columns().keySet()) {
                if (!known.contains(field)) {
                    faults.add("no field " + field + MappingCheck.suggestion(field, known));
                }
            }
        }
        for (String field : required()) {
            if (!mapping.has(field)) {
                faults.add(field + " is not mapped");
            }
        }
        if (source.kind() == SourceKind.SURVEY) {
            if (questionnaire() == null) {
                faults.add("a survey needs a questionnaire: add `satisfaction: {questionnaire: FILE}`");
            } else if (!questionnaire().waves().isEmpty() && !mapping.has("wave") && !mapping.has("answered_at")) {
                faults.add("map wave, or answered_at to find the wave by its days");
            }
        }
        for (String field : source.key()) {
            if (!mapping.has(field)) {
                faults.add("key names " + field + ", which is not mapped");
            }
        }
        if (!faults.isEmpty()) {
            throw new Failure(
                    Failure.Kind.USAGE,
                    source.name() + ": " + String.join("; ", faults) + ". Correct `columns:` in the job document.");
        }
    }

    private List<String> required() {
        return switch (source.kind()) {
            case PURCHASES -> List.of("purchased_at", "amount");
            case CUSTOMERS -> List.of("customer_id");
            case COSTS -> List.copyOf(Fields.COST_REQUIRED);
            case MARGINS -> List.copyOf(Fields.MARGIN_REQUIRED);
            case SPENDING -> List.copyOf(Fields.SPENDING_REQUIRED);
            case REFERRALS -> List.copyOf(Fields.REFERRAL_REQUIRED);
            default -> isLong() ? List.of("item", "answer") : List.of();
        };
    }

    private Questionnaire questionnaire() {
        return job.satisfaction().map(Job.Satisfaction::questionnaire).orElse(null);
    }

    private boolean isLong() {
        return source.options().layout() == Source.Layout.LONG;
    }

    private List<String> wideItems() {
        if (source.kind() != SourceKind.SURVEY || isLong() || questionnaire() == null) {
            return List.of();
        }
        return questionnaire().items().stream().map(Questionnaire.Item::id).toList();
    }

    /** Mapped by any source of the kind, neither fields nor items: alphabetical. */
    private List<String> attributes() {
        Set<String> names = new TreeSet<>();
        for (Source one : job.sources(source.kind())) {
            names.addAll(one.columns().keySet());
        }
        names.removeAll(Fields.of(source.kind()));
        if (source.kind() == SourceKind.SURVEY) {
            questionnaire().items().forEach(item -> names.remove(item.id()));
        }
        return List.copyOf(names);
    }

    // ---- typed and mapped columns

    private void type(RowBuilder draft, Raw raw) {
        for (int i = 0; i < raw.columns().size(); i++) {
            String name = raw.columns().get(i);
            DataType given = draft.type("r" + i);
            typing.read(draft, name, "r" + i, given, typing.declared(name).orElse(given), "t" + i);
        }
        draft.step();
    }

    private void map(RowBuilder draft, Raw raw) {
        Map<String, Column> expressions = new LinkedHashMap<>();
        mapping.expressions().keySet().forEach(field -> expressions.put(field, mapping.column(field, raw.columns())));
        expressions.forEach((field, expression) -> draft.then(mapped(field), expression));
        try {
            draft.step();
        } catch (Exception unresolved) {
            expressions.forEach((field, expression) -> resolve(draft.rows(), field, expression));
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
    private Column words(RowBuilder draft, String field) {
        if (!mapping.has(field)) {
            return lit(null).cast("string");
        }
        Column value = col(mapped(field));
        DataType type = draft.type(mapped(field));
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
            refuse(field, type, "a text");
        }
        return value.cast("string");
    }

    private Column identifier(RowBuilder draft, String field) {
        return Typing.text(words(draft, field));
    }

    /** Adds {@code c_field} of a type, and the reasons why a value has none. */
    private void typed(RowBuilder draft, String field, DataType wanted) {
        typed(draft, field, wanted, "c_" + field);
    }

    private void typed(RowBuilder draft, String field, DataType wanted, String to) {
        DataType given = draft.type(mapped(field));
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
        typing.read(draft, field, mapped(field), given, wanted, to);
    }

    private void instant(RowBuilder draft, String field) {
        if (mapping.has(field)) {
            typed(draft, field, DataTypes.TimestampType);
        }
    }

    /** The declared key in one text: the value itself, or each value with its length before it. */
    private Column key(RowBuilder draft) {
        List<Column> parts = new ArrayList<>();
        for (String field : source.key()) {
            String filled = "c_" + field;
            boolean isFilled = Arrays.asList(draft.rows().columns()).contains(filled);
            String name = isFilled ? filled : mapped(field);
            Column part = draft.type(name) instanceof TimestampType
                    ? unix_micros(col(name)).cast("string")
                    : Typing.text(col(name).cast("string"));
            draft.reject(part.isNull(), "key is missing: " + field);
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

    // ---- purchases

    private void purchases(RowBuilder draft) {
        draft.then("c_customer_id", identifier(draft, "customer_id"));
        draft.then("c_order_id", identifier(draft, "order_id"));
        draft.reject(col(mapped("purchased_at")).isNull(), "purchased_at is missing");
        instant(draft, "purchased_at");
        amount(draft);
        if (mapping.has("quantity")) {
            typed(draft, "quantity", Landing.MONEY);
        }
        if (mapping.has("margin")) {
            typed(draft, "margin", Landing.MONEY);
        }
        if (mapping.has("is_return")) {
            typed(draft, "is_return", DataTypes.BooleanType, "flag");
        }
        instant(draft, "updated_at");
        for (Field field : List.of(
                Landing.PRODUCT,
                Landing.PRODUCT_GROUP,
                Landing.CHANNEL,
                Landing.BRANCH,
                Landing.COUNTRY,
                Landing.REGION)) {
            draft.then("c_" + field.name(), words(draft, field.name()));
        }
        draft.step();
        Column isNegative = col("c_amount").lt(0);
        draft.then("c_is_return", mapping.has("is_return") ? coalesce(col("flag"), isNegative) : isNegative);
        draft.then("c_purchased_on", col("c_purchased_at").cast("date"));
        draft.step();
        draft.reject(col("c_purchased_on").lt(lit(EARLIEST)), "purchased_at lies before " + EARLIEST);
        draft.then("c_month", trunc(col("c_purchased_on"), "month"));
    }

    private void amount(RowBuilder draft) {
        draft.reject(isUncomputed("amount"), "amount is not a number that fits " + Landing.MONEY.catalogString());
        draft.reject(Typing.text(col(mapped("amount")).cast("string")).isNull(), "amount is missing");
        typed(draft, "amount", Landing.MONEY);
        draft.reject(abs(col("c_amount")).gt(MOST), "amount is beyond 1,000,000,000,000");
        Column currency = upper(identifier(draft, "currency"));
        draft.then("c_currency", coalesce(currency, lit(job.currency())));
        draft.reject(col("c_currency").notEqual(job.currency()), "no rate for currency");
    }

    // ---- customers

    private void customers(RowBuilder draft) {
        draft.then("c_customer_id", identifier(draft, "customer_id"));
        draft.reject(col("c_customer_id").isNull(), "customer_id is missing");
        if (mapping.has("valid_from")) {
            typed(draft, "valid_from", DataTypes.DateType);
        }
        instant(draft, "updated_at");
        draft.then("c_attributes", attributes(draft));
    }

    private Column attributes(RowBuilder draft) {
        Column[] values = attributes().stream().map(name -> words(draft, name)).toArray(Column[]::new);
        return array(values).cast(DataTypes.createArrayType(DataTypes.StringType));
    }

    // ---- survey

    private void survey(RowBuilder draft) {
        draft.then("c_response_id", identifier(draft, "response_id"));
        draft.then("c_customer_id", identifier(draft, "customer_id"));
        draft.then("c_population", coalesce(lower(identifier(draft, "population")), lit("customer")));
        draft.reject(
                not(col("c_population").isin("customer", "employee", "dealer")),
                "population is not customer, employee or dealer");
        instant(draft, "answered_at");
        if (mapping.has("received_at")) {
            typed(draft, "received_at", DataTypes.TimestampType);
        }
        draft.step();
        if (mapping.has("answered_at")) {
            draft.then("c_answered_on", col("c_answered_at").cast("date"));
        }
        if (mapping.has("received_at")) {
            draft.then("c_received_on", col("c_received_at").cast("date"));
        }
        disposition(draft);
        draft.step();
        wave(draft);
        weight(draft);
        weightOfSetApart(draft);
        draft.then("c_stratum", identifier(draft, "stratum"));
        draft.then("c_psu", identifier(draft, "psu"));
        size(draft, "stratum_size");
        size(draft, "psu_size");
        if (isLong()) {
            longAnswers(draft);
        } else {
            wideAnswers(draft);
        }
        instant(draft, "updated_at");
        draft.then("c_attributes", attributes(draft));
    }

    private void wave(RowBuilder draft) {
        List<Questionnaire.Wave> waves = questionnaire().waves();
        Column mappedWave = identifier(draft, "wave");
        if (waves.isEmpty()) {
            draft.then("c_wave", mapping.has("wave") ? mappedWave : lit("all"));
            draft.reject(col("c_wave").isNull(), "wave is missing");
            return;
        }
        Column byDay = lit(null).cast("string");
        if (mapping.has("answered_at")) {
            for (Questionnaire.Wave wave : waves) {
                byDay = when(col("c_answered_on").between(lit(wave.start()), lit(wave.end())), lit(wave.name()))
                        .otherwise(byDay);
            }
        }
        draft.then("c_wave", coalesce(mappedWave, byDay));
        draft.reject(
                col("c_wave").isNull(),
                mapping.has("answered_at")
                        ? when(col("c_answered_on").isNull(), lit("wave is missing"))
                                .otherwise(lit("answered outside every wave"))
                        : lit("wave is missing"));
        Object[] names = waves.stream().map(Questionnaire.Wave::name).toArray();
        draft.reject(not(col("c_wave").isin(names)), "wave is none of the questionnaire's");
    }

    private void weight(RowBuilder draft) {
        if (!mapping.has("weight")) {
            draft.then("c_weight", lit(BigDecimal.ONE));
            return;
        }
        draft.reject(
                Typing.text(col(mapped("weight")).cast("string")).isNull().and(not(isSetApart())), "weight is missing");
        typed(draft, "weight", Landing.WEIGHT_TYPE);
        draft.reject(col("c_weight").leq(0), "weight is not above 0");
    }

    private void size(RowBuilder draft, String field) {
        if (mapping.has(field)) {
            typed(draft, field, DataTypes.LongType);
            draft.reject(col("c_" + field).lt(1), field + " is below 1");
        }
    }

    /** The final disposition in our words, {@code Non-contact} for {@code non_contact}, and how long the answers took. */
    private void disposition(RowBuilder draft) {
        if (mapping.has("disposition")) {
            Column word = regexp_replace(lower(identifier(draft, "disposition")), lit("[\\s-]+"), lit("_"));
            draft.then("c_disposition", word);
            draft.reject(
                    not(col("c_disposition").isin(Disposition.keys().toArray())),
                    "disposition is none of " + String.join(", ", Disposition.keys()));
        }
        if (mapping.has("duration_seconds")) {
            typed(draft, "duration_seconds", Landing.DURATION_SECONDS.type());
            draft.reject(col("c_duration_seconds").lt(0), "duration_seconds is below 0");
        }
    }

    /** Whether the row is a case without answers that count. */
    private Column isSetApart() {
        return mapping.has("disposition")
                ? coalesce(
                        not(col("c_disposition").isin(Disposition.COMPLETE.key(), Disposition.PARTIAL.key())),
                        lit(false))
                : lit(false);
    }

    /** Who did not answer stands for nobody, and may lack a weight. */
    private void weightOfSetApart(RowBuilder draft) {
        if (mapping.has("disposition") && mapping.has("weight")) {
            draft.step();
            draft.then(
                    "c_weight",
                    when(isSetApart(), coalesce(col("c_weight"), lit(BigDecimal.ONE)))
                            .otherwise(col("c_weight")));
        }
    }

    private void wideAnswers(RowBuilder draft) {
        List<Questionnaire.Item> items = questionnaire().items();
        for (Questionnaire.Item item : items) {
            typing.readNumber(
                    draft,
                    mapped(item.id()),
                    draft.type(mapped(item.id())),
                    WIDE_NUMBER,
                    "c_item_" + questionnaire().place(item.id()));
        }
        draft.step();
        List<Column> answers = new ArrayList<>();
        for (Questionnaire.Item item : items) {
            Column number = col("c_item_" + questionnaire().place(item.id()));
            draft.reject(isUnread(draft, item.id(), number), item.id() + " is not a number");
            draft.reject(isOff(item, number), offScale(item));
            answers.add(when(not(isMissing(item, number)), number).cast(Landing.ANSWER_TYPE));
        }
        draft.then("c_answers", array(answers.toArray(Column[]::new)));
    }

    private void longAnswers(RowBuilder draft) {
        List<Questionnaire.Item> items = questionnaire().items();
        draft.then("c_item", identifier(draft, "item"));
        typing.readNumber(draft, mapped("answer"), draft.type(mapped("answer")), WIDE_NUMBER, "c_number");
        draft.step();
        Column number = col("c_number");
        Object[] ids = items.stream().map(Questionnaire.Item::id).toArray();
        draft.reject(col("c_item").isNull().and(not(isSetApart())), "item is missing");
        draft.reject(not(col("c_item").isin(ids)), "unknown item");
        draft.reject(isUnread(draft, "answer", number), concat(col("c_item"), lit(" is not a number")));
        Column isMissing = lit(false);
        for (Questionnaire.Item item : items) {
            Column isThis = col("c_item").equalTo(item.id());
            draft.reject(isThis.and(isOff(item, number)), offScale(item));
            isMissing = isMissing.or(isThis.and(isMissing(item, number)));
        }
        draft.then("c_answer", when(not(isMissing), number).cast(Landing.ANSWER_TYPE));
    }

    private Column isUnread(RowBuilder draft, String field, Column number) {
        Column value = col(mapped(field));
        Column given = draft.type(mapped(field)) instanceof StringType ? Typing.text(value) : value;
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

    // ---- costs, margins, spending in the category, referrals

    private void costs(RowBuilder draft) {
        period(draft);
        draft.then("c_purpose", lower(identifier(draft, "purpose")));
        draft.reject(col("c_purpose").isNull(), "purpose is missing");
        draft.reject(not(col("c_purpose").isin("acquisition", "retention")), "purpose is not acquisition or retention");
        amount(draft);
        instant(draft, "updated_at");
        draft.then("c_attributes", attributes(draft));
    }

    /** A year, a month or a day as ISO 8601 writes them; a date or timestamp is a day. */
    private void period(RowBuilder draft) {
        draft.first("period_text", identifier(draft, "period"));
        Column text = col("period_text");
        Column unit = when(text.rlike("^[0-9]{4}$"), "year")
                .when(text.rlike("^[0-9]{4}-(0[1-9]|1[0-2])$"), "month")
                .when(text.rlike("^[0-9]{4}-[0-9]{2}-[0-9]{2}"), "day");
        draft.reject(text.isNull(), "period is missing");
        draft.then("c_period_unit", when(text.try_cast("date").isNotNull(), unit));
        draft.then("c_period_from", when(unit.isNotNull(), text.try_cast("date")));
        draft.reject(
                col("c_period_unit").isNull(),
                "period is not a year, a month or a day such as 2026, 2026-03, 2026-03-05");
    }

    private void margins(RowBuilder draft) {
        draft.then("c_product", words(draft, "product"));
        draft.then("c_product_group", words(draft, "product_group"));
        draft.reject(
                col("c_product").isNull().and(col("c_product_group").isNull()),
                "product and product_group are missing");
        draft.reject(
                isUncomputed("margin_share"),
                "margin_share is not a number that fits " + Landing.SHARE_TYPE.catalogString());
        draft.reject(Typing.text(col(mapped("margin_share")).cast("string")).isNull(), "margin_share is missing");
        typed(draft, "margin_share", Landing.SHARE_TYPE);
        draft.reject(abs(col("c_margin_share")).gt(1), "margin_share is not between -1 and 1");
        if (mapping.has("valid_from")) {
            typed(draft, "valid_from", DataTypes.DateType);
        }
        instant(draft, "updated_at");
    }

    private void spending(RowBuilder draft) {
        draft.then("c_customer_id", identifier(draft, "customer_id"));
        draft.reject(col("c_customer_id").isNull(), "customer_id is missing");
        period(draft);
        draft.step();
        // a day stands for its month
        draft.then(
                "c_period_unit",
                when(col("c_period_unit").equalTo("day"), "month").otherwise(col("c_period_unit")));
        draft.then("c_period_from", trunc(col("c_period_from"), "month"));
        amount(draft);
        draft.reject(col("c_amount").lt(0), "amount is below 0");
        instant(draft, "updated_at");
    }

    private void referrals(RowBuilder draft) {
        draft.then("c_customer_id", identifier(draft, "customer_id"));
        draft.then("c_referred_customer_id", identifier(draft, "referred_customer_id"));
        draft.reject(col("c_customer_id").isNull(), "customer_id is missing");
        draft.reject(col("c_customer_id").equalTo(col("c_referred_customer_id")), "a customer refers to itself");
        draft.reject(col(mapped("referred_at")).isNull(), "referred_at is missing");
        instant(draft, "referred_at");
        instant(draft, "updated_at");
        draft.step();
        draft.then("c_referred_on", col("c_referred_at").cast("date"));
    }
}

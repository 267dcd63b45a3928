package manyi.source;

import static org.apache.spark.sql.functions.abs;
import static org.apache.spark.sql.functions.btrim;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.date_trunc;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.not;
import static org.apache.spark.sql.functions.translate;
import static org.apache.spark.sql.functions.try_to_timestamp;
import static org.apache.spark.sql.functions.when;

import java.time.Instant;
import java.time.LocalDate;
import java.time.format.DateTimeFormatterBuilder;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import manyi.config.Source;
import manyi.table.Failure;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.catalyst.expressions.Literal$;
import org.apache.spark.sql.catalyst.expressions.ParseToTimestamp;
import org.apache.spark.sql.catalyst.util.DateTimeFormatterHelper$;
import org.apache.spark.sql.classic.ExpressionUtils$;
import org.apache.spark.sql.types.BooleanType;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.DateType;
import org.apache.spark.sql.types.DecimalType;
import org.apache.spark.sql.types.DoubleType;
import org.apache.spark.sql.types.FloatType;
import org.apache.spark.sql.types.IntegralType;
import org.apache.spark.sql.types.StringType;
import org.apache.spark.sql.types.TimestampNTZType;
import org.apache.spark.sql.types.TimestampType;

/** Reads texts as values: what cannot be read is null here, and a reason to reject the row. */
final class Typing {

    /** What stands around values and means nothing. */
    private static final String BLANKS = " \t\r\n\u00a0\u3000";

    private static final Set<String> NAMES =
            Set.of("string", "int", "integer", "bigint", "long", "date", "timestamp", "boolean", "double");

    private static final Column FIRST_DAY = lit(LocalDate.of(1, 1, 1));
    private static final Column LAST_DAY = lit(LocalDate.of(9999, 12, 31));
    private static final Column FIRST_INSTANT = lit(Instant.parse("0001-01-02T00:00:00Z"));
    private static final Column LAST_INSTANT = lit(Instant.parse("9999-12-30T23:59:59Z"));

    private final Source source;
    private final Optional<String> format;

    Typing(Source source) {
        this.source = source;
        this.format = source.options().timestampFormat();
        format.ifPresent(this::checkFormat);
        source.types().forEach(this::type);
    }

    /** The type that is declared for a column; empty where none is. */
    Optional<DataType> declared(String column) {
        return Optional.ofNullable(source.types().get(column)).map(name -> type(column, name));
    }

    private DataType type(String column, String name) {
        String plain = name.strip().toLowerCase(Locale.ROOT);
        if (NAMES.contains(plain) || plain.matches("decimal(\\s*\\(\\s*\\d+\\s*(,\\s*\\d+\\s*)?\\))?")) {
            try {
                return DataType.fromDDL(plain);
            } catch (Exception unreadable) {
                throw unknown(column, name, unreadable);
            }
        }
        throw unknown(column, name, null);
    }

    private Failure unknown(String column, String name, Exception cause) {
        return new Failure(
                Failure.Kind.USAGE,
                source.name() + ": types: " + column + ": unknown type " + name
                        + "; write string, int, bigint, decimal(p,s), double, date, timestamp or boolean",
                cause);
    }

    private void checkFormat(String pattern) {
        try {
            new DateTimeFormatterBuilder()
                    .appendPattern(DateTimeFormatterHelper$.MODULE$.convertIncompatiblePattern(pattern, true));
        } catch (RuntimeException unreadable) {
            throw new Failure(
                    Failure.Kind.USAGE,
                    source.name() + ": timestamp_format " + pattern + ": " + MappingCheck.firstLine(unreadable),
                    unreadable);
        }
    }

    /**
     * Adds the typed form of a column to the next steps, as {@code to}, and the reasons to reject what has none.
     *
     * @param what the column's name in reasons
     * @param from the column that is read
     */
    void read(RowBuilder rows, String what, String from, DataType given, DataType wanted, String to) {
        Column raw = col(from);
        Column result = col(to);
        if (given instanceof StringType && !(wanted instanceof StringType)) {
            Column text = col(to + "_text");
            rows.first(to + "_text", text(raw));
            if (wanted instanceof TimestampType) {
                Column local = col(to + "_local");
                rows.then(to + "_local", local(text));
                rows.then(to, instant(text));
                rows.reject(
                        text.isNotNull().and(result.isNull().or(local.isNull()).or(isBeyond(result))),
                        what + refusal(wanted));
                rows.reject(isInGap(text, result, local), what + " does not exist on that day's clock");
            } else {
                rows.then(to, value(text, wanted));
                rows.reject(text.isNotNull().and(result.isNull().or(isBeyond(wanted, result))), what + refusal(wanted));
            }
        } else if (given.equals(wanted) && !isDated(wanted)) {
            rows.then(to, raw);
        } else {
            rows.then(to, raw.try_cast(wanted));
            rows.reject(raw.isNotNull().and(result.isNull().or(isBeyond(wanted, result))), what + refusal(wanted));
            if (given instanceof TimestampNTZType && wanted instanceof TimestampType) {
                rows.reject(isMoved(result, raw), what + " does not exist on that day's clock");
            }
        }
        if (wanted instanceof DoubleType || wanted instanceof FloatType) {
            rows.reject(
                    result.isNaN().or(abs(result).equalTo(Double.POSITIVE_INFINITY)), what + " is not a finite number");
        }
    }

    /** Adds a number to the next steps, null where there is none; the caller says why that rejects the row. */
    void readNumber(RowBuilder rows, String from, DataType given, DataType wanted, String to) {
        Column raw = col(from);
        if (given instanceof StringType) {
            rows.first(to + "_text", text(raw));
            rows.then(to, value(col(to + "_text"), wanted));
        } else {
            rows.then(to, raw.try_cast(wanted));
        }
    }

    private static String refusal(DataType type) {
        if (type instanceof DecimalType decimal) {
            return " is not a number that fits " + decimal.catalogString();
        } else if (type instanceof IntegralType) {
            return " is not a whole number that fits " + type.catalogString();
        } else if (type instanceof TimestampType) {
            return " is not a timestamp";
        } else if (type instanceof DateType) {
            return " is not a date";
        } else if (type instanceof BooleanType) {
            return " is not true or false";
        }
        return " is not a number";
    }

    /** The text without the blanks around it; null where nothing is left. */
    static Column text(Column raw) {
        Column bare = btrim(raw, lit(BLANKS));
        return when(bare.notEqual(""), bare);
    }

    private Column value(Column text, DataType wanted) {
        if (wanted instanceof DateType) {
            return format.isPresent() ? local(text).try_cast(wanted) : text.try_cast(wanted);
        } else if (wanted instanceof DoubleType) {
            // Java reads 1d and 1f as numbers
            return when(text.rlike("[dDfF]$"), lit(null))
                    .otherwise(pointed(text).try_cast(wanted));
        } else if (wanted instanceof DecimalType) {
            return pointed(text).try_cast(wanted);
        }
        return text.try_cast(wanted);
    }

    private Column pointed(Column text) {
        return source.options().decimal() == ','
                ? when(text.contains(lit(".")), lit(null)).otherwise(translate(text, ",", "."))
                : text;
    }

    private Column instant(Column text) {
        return format.isPresent() ? try_to_timestamp(text, lit(format.get())) : text.try_cast("timestamp");
    }

    /** What the text says of the clock on the wall. A text without a date is null here, not today. */
    private Column local(Column text) {
        if (format.isEmpty()) {
            return text.try_cast("timestamp_ntz");
        }
        return ExpressionUtils$.MODULE$.column(new ParseToTimestamp(
                ExpressionUtils$.MODULE$.expression(text),
                scala.Option.apply(Literal$.MODULE$.apply(format.get())),
                DataTypes.TimestampNTZType,
                scala.Option.empty(),
                false));
    }

    private Column isInGap(Column text, Column instant, Column local) {
        boolean isZoned =
                format.isPresent() && format.get().replaceAll("'[^']*'", "").matches(".*[VzOXxZ].*");
        return isZoned
                ? lit(false)
                : isMoved(instant, local).and(lit(format.isPresent()).or(not(text.rlike(":[0-9.:]+\\s*[A-Za-z+-]"))));
    }

    /** Whether the clock of the job's zone never showed this time. A day without a time is its first moment. */
    private static Column isMoved(Column instant, Column local) {
        return instant.cast("timestamp_ntz").notEqual(local).and(local.notEqual(date_trunc("day", local)));
    }

    private static boolean isDated(DataType type) {
        return type instanceof TimestampType || type instanceof DateType;
    }

    private static Column isBeyond(DataType type, Column value) {
        if (type instanceof TimestampType) {
            return isBeyond(value);
        }
        return type instanceof DateType ? value.lt(FIRST_DAY).or(value.gt(LAST_DAY)) : lit(false);
    }

    /** Whether an instant lies outside the years that are written with four digits. */
    private static Column isBeyond(Column instant) {
        return instant.lt(FIRST_INSTANT).or(instant.gt(LAST_INSTANT));
    }
}

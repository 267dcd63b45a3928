package manyi.source;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;
import org.apache.spark.sql.catalyst.analysis.UnresolvedAttribute;
import org.apache.spark.sql.catalyst.analysis.UnresolvedExtractValue;
import org.apache.spark.sql.catalyst.analysis.UnresolvedFunction;
import org.apache.spark.sql.catalyst.expressions.Cast;
import org.apache.spark.sql.catalyst.expressions.Divide;
import org.apache.spark.sql.catalyst.expressions.EvalMode$;
import org.apache.spark.sql.catalyst.expressions.Expression;
import org.apache.spark.sql.catalyst.expressions.IntegralDivide;
import org.apache.spark.sql.catalyst.expressions.Literal;
import org.apache.spark.sql.catalyst.expressions.RLike;
import org.apache.spark.sql.catalyst.expressions.Remainder;
import org.apache.spark.sql.catalyst.expressions.UnaryMinus;
import org.apache.spark.sql.catalyst.parser.CatalystSqlParser$;
import org.apache.spark.sql.catalyst.parser.ParseException;
import org.apache.spark.unsafe.types.UTF8String;

/**
 * Reads a mapping expression before any row is read. Only listed functions pass, each of them a deterministic function
 * of one row that bad data cannot make fail; those that would fail are answered with the form that gives null.
 */
public final class MappingCheck {

    /** Functions that a mapping may call, in alphabetical order. */
    public static final Set<String> FUNCTIONS = names("""
            abs acos acosh add_months array array_append array_compact array_contains array_distinct
            array_except array_intersect array_join array_max array_min array_position array_prepend array_remove
            array_size array_sort array_union arrays_overlap ascii asin asinh atan atan2 atanh base64 between bin
            bit_count bit_length bround btrim cardinality cbrt ceil ceiling char char_length character_length chr
            coalesce concat concat_ws contains cos cosh cot crc32 csc date_add date_diff date_format date_from_unix_date
            date_part date_sub date_trunc dateadd datediff datepart day dayname dayofmonth dayofweek dayofyear degrees
            elt endswith equal_null exists exp expm1 extract factorial filter find_in_set flatten floor forall format_number
            from_unixtime from_utc_timestamp get get_json_object greatest hash hex hour hypot if ifnull ilike initcap instr
            isnan isnotnull isnull last_day lcase least left len length levenshtein like ln locate log log10 log1p log2
            lower lpad ltrim luhn_check md5 minute monthname month months_between nanvl next_day nullif
            nullifzero nvl nvl2 octet_length pi pmod position positive pow power quarter radians regexp regexp_count
            regexp_extract regexp_instr regexp_like regexp_replace regexp_substr replace reverse right rint rlike round
            rpad rtrim sec second sha sha1 sha2 sign signum sin sinh size slice soundex split split_part sqrt startswith
            substr substring substring_index tan tanh timestamp_micros timestamp_millis timestamp_seconds
            to_utc_timestamp transform translate trim trunc try_add try_divide try_element_at try_mod try_multiply
            try_subtract try_to_binary try_to_date try_to_number try_to_timestamp typeof ucase unbase64 unhex unix_date
            unix_micros unix_millis unix_seconds upper weekday weekofyear width_bucket xxhash64 year zeroifnull
            """);

    /** Functions that fail on bad data, and what to write instead. */
    private static final Map<String, String> INSTEAD = Map.ofEntries(
            Map.entry("cast", "try_cast(x as type)"),
            Map.entry("to_date", "try_to_date"),
            Map.entry("to_timestamp", "try_to_timestamp"),
            Map.entry("to_timestamp_ntz", "try_to_timestamp"),
            Map.entry("to_timestamp_ltz", "try_to_timestamp"),
            Map.entry("unix_timestamp", "unix_seconds(try_to_timestamp(...))"),
            Map.entry("to_unix_timestamp", "unix_seconds(try_to_timestamp(...))"),
            Map.entry("to_number", "try_to_number"),
            Map.entry("to_binary", "try_to_binary"),
            Map.entry("element_at", "try_element_at"),
            Map.entry("mod", "try_mod"),
            Map.entry("div", "try_divide"),
            Map.entry("make_date", "try_to_date"),
            Map.entry("make_timestamp", "try_to_timestamp"),
            Map.entry("int", "try_cast(x as int)"),
            Map.entry("bigint", "try_cast(x as bigint)"),
            Map.entry("double", "try_cast(x as double)"),
            Map.entry("float", "try_cast(x as double)"),
            Map.entry("decimal", "try_cast(x as decimal(18,4))"),
            Map.entry("string", "try_cast(x as string)"),
            Map.entry("boolean", "try_cast(x as boolean)"),
            Map.entry("date", "try_cast(x as date)"),
            Map.entry("timestamp", "try_cast(x as timestamp)"));

    /** What would give another answer tomorrow, or on another machine. */
    private static final Set<String> NOT_OF_THE_ROW = names("""
            curdate current_catalog current_database current_date current_schema current_time current_timestamp
            current_timezone current_user input_file_block_length input_file_block_start input_file_name localtimestamp
            monotonically_increasing_id now rand randn random randstr session_user shuffle spark_partition_id uniform
            user uuid version
            """);

    /** The kinds of syntax that pass beside functions, columns and literals. */
    private static final Set<String> SYNTAX = names("""
            Add And BitwiseAnd BitwiseNot BitwiseOr BitwiseXor CaseWhen Concat EqualNullSafe EqualTo GreaterThan
            GreaterThanOrEqual ILike In IsNaN IsNotNull IsNull LambdaFunction LessThan LessThanOrEqual Like LikeAll
            LikeAny Literal Multiply Not NotLikeAll NotLikeAny Or Overlay RLike StringLocate StringTrim StringTrimBoth
            StringTrimLeft StringTrimRight Substring Subtract TimestampDiff UnaryMinus UnaryPositive
            UnresolvedNamedLambdaVariable
            """);

    /** Arguments (from 0) that are written in the expression itself, so that data cannot make them invalid. */
    private static final Map<String, Set<Integer>> WRITTEN_OUT = Map.ofEntries(
            Map.entry("add_months", Set.of(1)),
            Map.entry("bround", Set.of(1)),
            Map.entry("date_add", Set.of(1)),
            Map.entry("date_format", Set.of(1)),
            Map.entry("date_sub", Set.of(1)),
            Map.entry("dateadd", Set.of(1)),
            Map.entry("elt", Set.of(0)),
            Map.entry("format_number", Set.of(1)),
            Map.entry("from_unixtime", Set.of(1)),
            Map.entry("from_utc_timestamp", Set.of(1)),
            Map.entry("get_json_object", Set.of(1)),
            Map.entry("lpad", Set.of(1)),
            Map.entry("next_day", Set.of(1)),
            Map.entry("regexp", Set.of(1)),
            Map.entry("regexp_count", Set.of(1)),
            Map.entry("regexp_extract", Set.of(1, 2)),
            Map.entry("regexp_instr", Set.of(1, 2)),
            Map.entry("regexp_like", Set.of(1)),
            Map.entry("regexp_replace", Set.of(1, 2, 3)),
            Map.entry("regexp_substr", Set.of(1)),
            Map.entry("rlike", Set.of(1)),
            Map.entry("round", Set.of(1)),
            Map.entry("rpad", Set.of(1)),
            Map.entry("sha2", Set.of(1)),
            Map.entry("slice", Set.of(1, 2)),
            Map.entry("split", Set.of(1, 2)),
            Map.entry("split_part", Set.of(1, 2)),
            Map.entry("to_utc_timestamp", Set.of(1)),
            Map.entry("try_to_binary", Set.of(1)),
            Map.entry("try_to_date", Set.of(1)),
            Map.entry("try_to_number", Set.of(1)),
            Map.entry("try_to_timestamp", Set.of(1)));

    private static final Set<String> WITH_PATTERN = names(
            "regexp regexp_count regexp_extract regexp_instr regexp_like regexp_replace regexp_substr rlike split");

    private static final int LONGEST_NAME = 64;

    /** A list of a thousand product codes is half of it. */
    private static final int LONGEST = 20_000;

    /** Spark works through an expression by recursion. */
    private static final int DEEPEST = 100;

    /** Spark's name for a stack that overflows as it parses. */
    private static final String TOO_COMPLEX = "FAILED_TO_PARSE_TOO_COMPLEX";

    private static final String TOO_DEEP = "is nested too deeply; at most " + DEEPEST
            + " levels are allowed; write concat, coalesce or case with many parts instead of one call inside another";

    private static final Pattern CLOCK_LITERAL =
            Pattern.compile("(?i)\\b(date|timestamp\\w*)\\s*'\\s*(now|today|tomorrow|yesterday)\\b");

    private static final Pattern GROUP_REFERENCE = Pattern.compile("\\\\.|\\$(\\d)?");

    private MappingCheck() {}

    /** All that is wrong with an expression over these columns, a sentence each; empty where nothing is. */
    public static List<String> faults(String expression, Collection<String> availableColumns) {
        Expression parsed;
        try {
            parsed = parse(expression);
        } catch (IllegalArgumentException unreadable) {
            return List.of(unreadable.getMessage());
        }
        List<String> faults = new ArrayList<>();
        if (CLOCK_LITERAL.matcher(expression).find()) {
            faults.add("now, today, tomorrow and yesterday depend on the day of the run: write a fixed date");
        }
        check(parsed, availableColumns, faults);
        return List.copyOf(new LinkedHashSet<>(faults));
    }

    /** The columns that an expression reads, in order. */
    static Set<String> columns(Expression expression) {
        Set<String> columns = new LinkedHashSet<>();
        collect(expression, columns);
        return columns;
    }

    /**
     * Parses one expression.
     *
     * @throws IllegalArgumentException where it cannot be read
     */
    static Expression parse(String expression) {
        if (expression.length() > LONGEST) {
            throw new IllegalArgumentException(String.format(
                    Locale.ROOT,
                    "has %,d characters, and an expression may have at most %,d; compute the value in the file itself",
                    expression.length(),
                    LONGEST));
        }
        if (brackets(expression) > DEEPEST) {
            throw new IllegalArgumentException(TOO_DEEP);
        }
        try {
            Expression parsed = CatalystSqlParser$.MODULE$.parseExpression(expression);
            if (levels(parsed) <= DEEPEST) {
                return parsed;
            }
        } catch (StackOverflowError deep) {
            throw new IllegalArgumentException(TOO_DEEP, deep);
        } catch (Exception unreadable) {
            if (unreadable instanceof ParseException parse && TOO_COMPLEX.equals(parse.getCondition())) {
                throw new IllegalArgumentException(TOO_DEEP, unreadable);
            }
            throw new IllegalArgumentException(
                    "cannot be read as SQL (put column names with blanks or dots in `backticks`): "
                            + firstLine(unreadable),
                    unreadable);
        }
        throw new IllegalArgumentException(TOO_DEEP);
    }

    /** How many brackets are open at once: the parser takes minutes over thousands. */
    private static int brackets(String expression) {
        int open = 0;
        int most = 0;
        for (int i = 0; i < expression.length(); i++) {
            switch (expression.charAt(i)) {
                case '(', '[' -> most = Math.max(most, ++open);
                case ')', ']' -> open--;
                default -> {}
            }
        }
        return most;
    }

    private static int levels(Expression expression) {
        return 1
                + children(expression).stream()
                        .mapToInt(MappingCheck::levels)
                        .max()
                        .orElse(0);
    }

    static List<Expression> children(Expression expression) {
        return scala.jdk.javaapi.CollectionConverters.asJava(expression.children());
    }

    static String firstLine(Throwable failure) {
        return String.valueOf(failure.getMessage())
                .lines()
                .map(String::strip)
                .filter(line -> !line.isEmpty())
                .findFirst()
                .orElse(failure.getClass().getSimpleName());
    }

    private static void check(Expression expression, Collection<String> columns, List<String> faults) {
        if (expression instanceof UnresolvedAttribute attribute) {
            checkColumn(attribute, columns, faults);
        } else if (expression instanceof UnresolvedFunction function) {
            checkFunction(function, faults);
        } else if (expression instanceof Cast cast) {
            if (!EvalMode$.MODULE$.TRY().equals(cast.evalMode())) {
                faults.add("cast fails on bad data: write " + INSTEAD.get("cast"));
            }
        } else if (expression instanceof Divide || expression instanceof IntegralDivide) {
            faults.add("division fails on zero: write try_divide(x, y)");
        } else if (expression instanceof Remainder) {
            faults.add("% fails on zero: write try_mod(x, y)");
        } else if (expression instanceof UnresolvedExtractValue) {
            faults.add("[ ] fails where the element is missing: write get(array, index from 0)");
        } else if (expression instanceof RLike rlike) {
            checkPattern("rlike", rlike.right(), faults);
        } else if (!SYNTAX.contains(expression.getClass().getSimpleName())) {
            faults.add(refused(expression));
            return;
        }
        for (Expression child : children(expression)) {
            check(child, columns, faults);
        }
    }

    private static String refused(Expression expression) {
        return switch (expression.getClass().getSimpleName()) {
            case "ScalarSubquery", "Exists", "InSubquery", "ListQuery" ->
                "a mapping sees one row only, so a subquery is not allowed";
            case "WindowExpression" -> "a mapping sees one row only, so a window function is not allowed";
            case "AggregateExpression" -> "a mapping sees one row only, so an aggregate is not allowed";
            case "UnresolvedStar" -> "* is not allowed; name the columns";
            case "Alias" -> "a name (`as`) is not allowed; write the expression alone";
            default -> "this form of SQL is not allowed in a mapping: " + expression.nodeName();
        };
    }

    private static void checkColumn(UnresolvedAttribute attribute, Collection<String> columns, List<String> faults) {
        String name = columnName(attribute);
        if (columns.contains(name)) {
            return;
        }
        if (NOT_OF_THE_ROW.contains(name.toLowerCase(Locale.ROOT))) {
            faults.add(
                    name + " does not depend on the row alone: the same file would give different rows on another day");
        } else {
            faults.add("no column " + name + suggestion(name, columns));
        }
    }

    /** The column's name; parts joined by dots where the name was not quoted. */
    static String columnName(UnresolvedAttribute attribute) {
        return String.join(".", scala.jdk.javaapi.CollectionConverters.asJava(attribute.nameParts()));
    }

    private static void checkFunction(UnresolvedFunction function, List<String> faults) {
        List<String> parts = scala.jdk.javaapi.CollectionConverters.asJava(function.nameParts());
        String name = String.join(".", parts).toLowerCase(Locale.ROOT);
        if (INSTEAD.containsKey(name)) {
            faults.add(name + " fails on bad data: write " + INSTEAD.get(name));
        } else if (NOT_OF_THE_ROW.contains(name)) {
            faults.add(
                    name + " does not depend on the row alone: the same file would give different rows on another day");
        } else if (!FUNCTIONS.contains(name)) {
            faults.add("function " + name + " is not allowed in a mapping" + suggestion(name, FUNCTIONS));
        } else if (function.isDistinct() || function.filter().isDefined() || function.ignoreNulls()) {
            faults.add("a mapping sees one row only, so distinct, filter and ignore nulls are not allowed in " + name);
        } else {
            checkArguments(name, scala.jdk.javaapi.CollectionConverters.asJava(function.arguments()), faults);
        }
    }

    private static void checkArguments(String name, List<Expression> arguments, List<String> faults) {
        for (int place : WRITTEN_OUT.getOrDefault(name, Set.of())) {
            if (place < arguments.size() && !isWrittenOut(arguments.get(place))) {
                faults.add("argument " + (place + 1) + " of " + name + " must be a literal, not computed");
                return;
            }
        }
        if (WITH_PATTERN.contains(name) && arguments.size() > 1) {
            Optional<Integer> groups = checkPattern(name, arguments.get(1), faults);
            if (groups.isPresent() && arguments.size() > 2 && arguments.get(2) instanceof Literal third) {
                checkGroups(name, groups.get(), third, faults);
            }
        }
        if (name.equals("split_part") && arguments.size() > 2 && "0".equals(text(arguments.get(2)))) {
            faults.add("the parts of split_part are counted from 1");
        }
    }

    private static void checkGroups(String name, int groups, Literal third, List<String> faults) {
        String text = text(third);
        if (name.equals("regexp_extract") || name.equals("regexp_instr")) {
            if (!text.matches("\\d{1,4}") || Integer.parseInt(text) > groups) {
                faults.add("the pattern of " + name + " has " + groups + " groups: no group " + text);
            }
        } else if (name.equals("regexp_replace")) {
            Matcher reference = GROUP_REFERENCE.matcher(text);
            while (reference.find()) {
                if (reference.group().startsWith("$")
                        && (reference.group(1) == null || Integer.parseInt(reference.group(1)) > groups)) {
                    faults.add("the pattern of " + name + " has " + groups + " groups; the replacement names "
                            + reference.group() + " (write \\\\$ for a dollar sign)");
                }
            }
            if (text.endsWith("\\") && !text.endsWith("\\\\")) {
                faults.add("the replacement of " + name + " ends in a single backslash");
            }
        }
    }

    /** The number of groups in a pattern, where it can be read. */
    private static Optional<Integer> checkPattern(String name, Expression pattern, List<String> faults) {
        if (!isWrittenOut(pattern)) {
            faults.add("the pattern of " + name + " must be a literal, not computed");
            return Optional.empty();
        }
        try {
            return Optional.of(Pattern.compile(text(pattern)).matcher("").groupCount());
        } catch (PatternSyntaxException unreadable) {
            faults.add("the pattern of " + name + " cannot be read: " + unreadable.getDescription());
            return Optional.empty();
        }
    }

    private static boolean isWrittenOut(Expression expression) {
        return expression instanceof Literal
                || (expression instanceof UnaryMinus minus && minus.child() instanceof Literal);
    }

    private static String text(Expression expression) {
        Object value = expression instanceof Literal literal ? literal.value() : expression.sql();
        return value instanceof UTF8String text ? text.toString() : String.valueOf(value);
    }

    private static void collect(Expression expression, Set<String> columns) {
        if (expression instanceof UnresolvedAttribute attribute) {
            columns.add(columnName(attribute));
        }
        for (Expression child : children(expression)) {
            collect(child, columns);
        }
    }

    /** Names the nearest of the known words, where one is near. */
    static String suggestion(String word, Collection<String> known) {
        String nearest = null;
        int least = Math.max(2, word.length() / 3) + 1;
        for (String candidate : new TreeSet<>(known)) {
            if (!isPlausible(candidate)) {
                continue;
            }
            int distance = distance(word.toLowerCase(Locale.ROOT), candidate.toLowerCase(Locale.ROOT), least);
            if (distance < least) {
                least = distance;
                nearest = candidate;
            }
        }
        return nearest == null ? "" : "; did you mean " + nearest + "?";
    }

    /** Whether this looks like a name and not like a record that was taken for a header. */
    private static boolean isPlausible(String name) {
        return name.length() <= LONGEST_NAME && name.codePoints().noneMatch(Character::isISOControl);
    }

    private static int distance(String one, String two, int limit) {
        if (Math.abs(one.length() - two.length()) >= limit) {
            return limit;
        }
        int[] before = new int[two.length() + 1];
        Arrays.setAll(before, i -> i);
        for (int i = 1; i <= one.length(); i++) {
            int[] now = new int[two.length() + 1];
            now[0] = i;
            for (int j = 1; j <= two.length(); j++) {
                int swap = before[j - 1] + (one.charAt(i - 1) == two.charAt(j - 1) ? 0 : 1);
                now[j] = Math.min(swap, Math.min(before[j], now[j - 1]) + 1);
            }
            before = now;
        }
        return before[two.length()];
    }

    private static Set<String> names(String words) {
        return java.util.Collections.unmodifiableSet(
                new LinkedHashSet<>(Arrays.asList(words.strip().split("\\s+"))));
    }
}

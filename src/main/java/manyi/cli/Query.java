package manyi.cli;

import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Consumer;
import manyi.table.Causes;
import manyi.table.Failure;
import org.apache.spark.SparkThrowable;
import org.apache.spark.sql.AnalysisException;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.catalyst.analysis.UnresolvedFunction;
import org.apache.spark.sql.catalyst.analysis.UnresolvedRelation;
import org.apache.spark.sql.catalyst.analysis.UnresolvedTableValuedFunction;
import org.apache.spark.sql.catalyst.parser.CatalystSqlParser;
import org.apache.spark.sql.catalyst.parser.ParseException;
import org.apache.spark.sql.catalyst.parser.ParserInterface;
import org.apache.spark.sql.catalyst.plans.logical.LogicalPlan;
import org.apache.spark.sql.catalyst.plans.logical.UnresolvedWith;
import org.apache.spark.sql.catalyst.trees.TreeNode;
import org.apache.spark.sql.types.DataType;
import scala.Product;
import scala.jdk.javaapi.CollectionConverters;

/**
 * One SQL query that reads named tables and does nothing else.
 *
 * <p>The text is parsed once, by the plain Catalyst parser: it knows no commands that read files, fills in no {@code
 * ${env:...}} and takes one statement. Every node of the tree, wherever it hangs (a subquery, a common table expression,
 * a window), must be of a listed kind, every relation a given table, every function a listed one. What runs is the very
 * tree that was looked at.
 */
final class Query {

    /** Plan nodes that only read, and what an expression of a query is made of, by the names of their classes. */
    private static final Set<String> NODES = words("""
            Project Aggregate Filter Sort GlobalLimit LocalLimit LimitAll Offset Distinct Deduplicate Union Except
            Intersect Join LateralJoin AsOfJoin SubqueryAlias UnresolvedSubqueryColumnAliases UnresolvedWith
            WithWindowDefinition UnresolvedHaving UnresolvedInlineTable LocalRelation OneRowRelation Generate UnresolvedRelation
            UnresolvedHint Sample Pivot Unpivot UnresolvedTableValuedFunction PipeExpression PipeOperator

            UnresolvedAttribute UnresolvedStar UnresolvedRegex UnresolvedAlias Alias MultiAlias Literal Cast
            UnresolvedFunction UnresolvedExtractValue UnresolvedOrdinal UnresolvedGenerator UnresolvedSubqueryColumnAlias
            Add Subtract Multiply Divide IntegralDivide Remainder UnaryMinus UnaryPositive
            BitwiseAnd BitwiseOr BitwiseXor BitwiseNot ShiftLeft ShiftRight ShiftRightUnsigned Concat
            And Or Not EqualTo EqualNullSafe LessThan LessThanOrEqual GreaterThan GreaterThanOrEqual In InSubquery
            Lower AggregateExpression AttributeReference IsNull IsNotNull IsTrue IsFalse IsUnknown IsNotUnknown Between UnresolvedBetween
            Like ILike RLike LikeAll NotLikeAll LikeAny NotLikeAny StartsWith EndsWith Contains
            CaseWhen If Coalesce Extract Substring Overlay StringTrim StringTrimLeft StringTrimRight StringLocate
            StringPosition First Last AnyValue Mode TimestampAdd TimestampDiff TryEval CurrentDate CurrentTimestamp
            ScalarSubquery Exists ListQuery LateralSubquery SortOrder NullsFirst NullsLast
            BaseGroupingSets GroupingSets Cube Rollup Grouping GroupingID
            WindowExpression UnresolvedWindowExpression WindowSpecDefinition WindowSpecReference SpecifiedWindowFrame
            UnspecifiedFrame RowFrame RangeFrame CurrentRow UnboundedPreceding UnboundedFollowing
            LambdaFunction UnresolvedNamedLambdaVariable CreateNamedStruct CreateStruct NamePlaceholder Collate
            UnresolvedCollation SemiStructuredExtract Explode PosExplode GeneratorOuter
            """);

    /** Functions of one row, of many rows and over windows, all without effects. */
    private static final Set<String> FUNCTIONS = words("""
            abs ceil ceiling floor round bround sign signum sqrt cbrt exp expm1 ln log log10 log1p log2 pow power mod pmod
            greatest least isnan nanvl sin cos tan asin acos atan atan2 sinh cosh tanh degrees radians pi e positive
            negative div factorial hypot width_bucket try_add try_subtract try_multiply try_divide
            + - * / % ! & | ^ ~ = == < > <= >= <=> <> != and or not in between when case
            if ifnull nvl nvl2 nullif nullifzero zeroifnull coalesce isnull isnotnull
            concat concat_ws lower lcase upper ucase initcap length len char_length character_length trim ltrim rtrim btrim
            lpad rpad substr substring substring_index left right instr locate position replace translate repeat
            reverse split split_part regexp_replace regexp_extract regexp_extract_all regexp_like regexp_count
            regexp_substr regexp_instr like ilike rlike regexp startswith endswith contains format_number format_string
            printf overlay ascii chr char space levenshtein to_number try_to_number to_char to_varchar
            date to_date try_to_date to_timestamp try_to_timestamp make_date date_add dateadd date_sub date_diff datediff
            add_months months_between last_day next_day date_trunc trunc year quarter month day dayofmonth dayofweek
            dayofyear weekday weekofyear hour minute second date_format date_part datepart extract dayname monthname
            timestampadd timestampdiff current_date current_timestamp now
            cast try_cast string int bigint smallint tinyint double float decimal boolean timestamp typeof hash xxhash64
            md5 sha1 sha2 crc32 hex unhex
            array struct named_struct map size cardinality array_contains array_join array_sort sort_array array_min
            array_max array_position element_at slice flatten sequence transform filter aggregate exists forall zip_with
            count count_if sum try_sum avg mean try_avg min max min_by max_by stddev stddev_pop stddev_samp std variance
            var_pop var_samp corr covar_pop covar_samp skewness kurtosis median mode percentile percentile_approx
            approx_percentile approx_count_distinct any every some bool_and bool_or any_value first first_value last
            last_value collect_list collect_set array_agg listagg string_agg histogram_numeric percentile_cont
            percentile_disc regr_avgx regr_avgy regr_count regr_intercept regr_r2 regr_slope regr_sxx regr_sxy regr_syy
            grouping grouping_id
            row_number rank dense_rank percent_rank cume_dist ntile lag lead nth_value
            explode explode_outer posexplode posexplode_outer inline inline_outer stack
            """);

    /** Table-valued functions. */
    private static final Set<String> TABLE_FUNCTIONS =
            words("range explode explode_outer posexplode posexplode_outer inline inline_outer stack");

    /** The form that gives null where the usual one fails, by Spark's error condition. */
    private static final Map<String, String> INSTEAD = Map.of(
            "DIVIDE_BY_ZERO", "try_divide(x, y)",
            "REMAINDER_BY_ZERO", "x % nullif(y, 0)",
            "CAST_INVALID_INPUT", "try_cast(x as type)",
            "CAST_OVERFLOW", "try_cast(x as type)",
            "NUMERIC_VALUE_OUT_OF_RANGE", "try_cast(x as type)",
            "ARITHMETIC_OVERFLOW", "try_add, try_subtract or try_multiply",
            "BINARY_ARITHMETIC_OVERFLOW", "try_add, try_subtract or try_multiply",
            "CANNOT_PARSE_TIMESTAMP", "try_to_date or try_to_timestamp",
            "INVALID_ARRAY_INDEX", "if(size(x) > i, x[i], null)");

    private static final List<String> OF_QUERIES = List.of("21", "22", "42", "54");

    /** Of class 42 too, but a missing file of a table is not a fault of the query. */
    private static final String FILE_IS_GONE = "42K03";

    private static final String TOO_DEEP = "it is nested too deeply; write it with fewer levels";

    private final LogicalPlan plan;
    private final Set<String> tables;

    private Query(LogicalPlan plan, Set<String> tables) {
        this.plan = plan;
        this.tables = Set.copyOf(tables);
    }

    /**
     * Parses a query.
     *
     * @param tables the names that it may read
     * @throws Failure where the text is not a query, or more than one
     */
    static Query of(String text, Set<String> tables) {
        LogicalPlan plan;
        try {
            ParserInterface parser = new CatalystSqlParser();
            plan = parser.parseQuery(text.strip().replaceAll("(\\s*;)+$", ""));
        } catch (ParseException fault) {
            throw refused("this is not one SQL query (" + fault.getCondition() + near(fault) + ")");
        } catch (StackOverflowError deep) {
            throw refused(TOO_DEEP);
        }
        Set<String> names = new TreeSet<>(String.CASE_INSENSITIVE_ORDER);
        names.addAll(tables);
        walk(plan, node -> {
            if (node instanceof UnresolvedWith with) {
                CollectionConverters.asJava(with.cteRelations()).forEach(relation -> names.add(relation._1()));
            }
        });
        Set<String> read = new TreeSet<>();
        walk(plan, node -> {
            check(node, names, tables);
            if (node instanceof UnresolvedRelation relation) {
                tables.stream().filter(relation.name()::equalsIgnoreCase).forEach(read::add);
            }
        });
        return new Query(plan, read);
    }

    /** The given tables that it reads. */
    Set<String> tables() {
        return tables;
    }

    /** Its result in this session, where the tables it may read are temporary views. */
    Dataset<Row> in(SparkSession session) {
        try {
            return org.apache.spark.sql.classic.Dataset.ofRows(
                    (org.apache.spark.sql.classic.SparkSession) session, plan);
        } catch (Exception fault) {
            // names and types of the query and its tables, no row: nothing has been read yet
            if (fault instanceof AnalysisException) {
                throw new Failure(
                        Failure.Kind.USAGE,
                        "The query does not fit the tables: "
                                + fault.getMessage().lines().findFirst().orElse(""),
                        fault);
            }
            throw fault;
        }
    }

    /** The failure where values of the tables made the query fail as it ran; its message quotes none of them. */
    static Optional<Failure> fault(Throwable thrown) {
        for (Throwable cause : Causes.of(thrown)) {
            if (cause instanceof StackOverflowError) {
                return Optional.of(refused(TOO_DEEP));
            }
            boolean isOfJava = cause instanceof ArithmeticException || cause instanceof NegativeArraySizeException;
            if (isOfJava && !(cause instanceof SparkThrowable)) {
                return Optional.of(
                        new Failure(Failure.Kind.USAGE, "The query fails: one of its values is too large.", thrown));
            }
            if (cause instanceof SparkThrowable spark && isOfTheQuery(String.valueOf(spark.getSqlState()))) {
                String condition = spark.getCondition();
                String instead = INSTEAD.getOrDefault(condition.split("\\.", 2)[0], "");
                return Optional.of(new Failure(
                        Failure.Kind.USAGE,
                        (instead.isEmpty() ? "The query fails: " : "The query fails on values of the tables: ")
                                + condition
                                + (instead.isEmpty() ? "." : "; write " + instead + ", which gives null there."),
                        thrown));
            }
        }
        return Optional.empty();
    }

    /**
     * Class 22 of SQLSTATE is a data exception, 21 a cardinality violation of a subquery, 42 a syntax or access error, 54 an
     * exceeded limit, for example of recursion.
     */
    private static boolean isOfTheQuery(String sqlState) {
        return OF_QUERIES.stream().anyMatch(sqlState::startsWith) && !FILE_IS_GONE.equals(sqlState);
    }

    private static void check(TreeNode<?> node, Set<String> names, Set<String> tables) {
        String kind = node.getClass().getSimpleName().replace("$", "");
        if (!NODES.contains(kind)) {
            throw refused(kind + " is not allowed in a query, which only reads published tables");
        }
        if (node instanceof UnresolvedRelation relation) {
            List<String> parts = CollectionConverters.asJava(relation.multipartIdentifier());
            if (parts.size() != 1 || !names.contains(parts.get(0))) {
                throw refused("there is no published table " + relation.name() + "; the tables are "
                        + String.join(", ", new TreeSet<>(tables)));
            }
            if (relation.isStreaming() || !relation.options().isEmpty()) {
                throw refused("a published table takes neither options nor STREAM");
            }
        } else if (node instanceof UnresolvedFunction function) {
            known(CollectionConverters.asJava(function.nameParts()), FUNCTIONS);
        } else if (node instanceof UnresolvedTableValuedFunction function) {
            known(CollectionConverters.asJava(function.name()), TABLE_FUNCTIONS);
        }
    }

    private static void known(List<String> parts, Set<String> functions) {
        String name = String.join(".", parts);
        if (parts.size() != 1 || !functions.contains(name.toLowerCase(Locale.ROOT))) {
            throw refused("the function " + name + " is not one that a query may call");
        }
    }

    /** Visits the node and everything below it, in whichever of its parts. */
    private static void walk(Object part, Consumer<TreeNode<?>> visitor) {
        if (part instanceof TreeNode<?> node) {
            visitor.accept(node);
        }
        if (part instanceof DataType) {
            return;
        }
        if (part instanceof scala.collection.Iterable<?> several) {
            several.iterator().foreach(each -> {
                walk(each, visitor);
                return null;
            });
        } else if (part instanceof Product product) {
            product.productIterator().foreach(each -> {
                walk(each, visitor);
                return null;
            });
        }
    }

    private static Failure refused(String why) {
        return new Failure(Failure.Kind.USAGE, "The query was refused: " + why + ".");
    }

    private static String near(ParseException fault) {
        return fault.start().line().isDefined()
                ? " on line " + fault.start().line().get() + " at character "
                        + fault.start().startPosition().get()
                : "";
    }

    private static Set<String> words(String text) {
        return new HashSet<>(Arrays.asList(text.strip().split("\\s+")));
    }
}

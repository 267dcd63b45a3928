package manyi.source;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import manyi.config.Source;
import manyi.table.Failure;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.catalyst.analysis.UnresolvedAttribute;
import org.apache.spark.sql.catalyst.analysis.UnresolvedFunction;
import org.apache.spark.sql.catalyst.expressions.Add;
import org.apache.spark.sql.catalyst.expressions.EvalMode$;
import org.apache.spark.sql.catalyst.expressions.Expression;
import org.apache.spark.sql.catalyst.expressions.If;
import org.apache.spark.sql.catalyst.expressions.LessThan;
import org.apache.spark.sql.catalyst.expressions.Literal$;
import org.apache.spark.sql.catalyst.expressions.Multiply;
import org.apache.spark.sql.catalyst.expressions.NumericEvalContext;
import org.apache.spark.sql.catalyst.expressions.Subtract;
import org.apache.spark.sql.catalyst.expressions.TryEval;
import org.apache.spark.sql.catalyst.expressions.UnaryMinus;
import org.apache.spark.sql.classic.ExpressionUtils$;

/**
 * The mapping of a source: our fields as expressions over their columns. Arithmetic that overflows, and functions that
 * would fail, give null.
 *
 * @param expressions our field → expression, in the document's order
 */
record Mapping(Source source, Map<String, Expression> expressions) {

    /** Listed functions that fail on numbers out of range. */
    private static final Set<String> MAY_OVERFLOW = Set.of(
            "add_months",
            "char",
            "chr",
            "date_add",
            "date_from_unix_date",
            "date_sub",
            "dateadd",
            "format_number",
            "from_unixtime",
            "split_part",
            "timestamp_micros",
            "timestamp_millis",
            "timestamp_seconds",
            "unbase64",
            "unix_micros",
            "width_bucket");

    private static final NumericEvalContext TRY = new NumericEvalContext(EvalMode$.MODULE$.TRY(), true);

    Mapping {
        expressions = new LinkedHashMap<>(expressions);
    }

    /** Parses the expressions. */
    static Mapping of(Source source) {
        Map<String, Expression> expressions = new LinkedHashMap<>();
        source.columns().forEach((field, expression) -> expressions.put(field, parse(source, field, expression)));
        return new Mapping(source, expressions);
    }

    /** Every column that is typed or mapped, in the order in which they are first named. */
    List<String> columns() {
        Set<String> columns = new LinkedHashSet<>(source.types().keySet());
        expressions.values().forEach(expression -> columns.addAll(MappingCheck.columns(expression)));
        return List.copyOf(columns);
    }

    /** Refuses expressions that call what is not listed. */
    void check() {
        List<String> columns = columns();
        List<String> faults = new ArrayList<>();
        source.columns()
                .forEach((field, expression) ->
                        MappingCheck.faults(expression, columns).forEach(fault -> faults.add(field + ": " + fault)));
        if (!faults.isEmpty()) {
            throw new Failure(Failure.Kind.USAGE, source.name() + ": " + String.join("; ", faults));
        }
    }

    boolean has(String field) {
        return expressions.containsKey(field);
    }

    /** The columns that a field is made of. */
    Set<String> columns(String field) {
        return MappingCheck.columns(expressions.get(field));
    }

    /** The field's expression over columns {@code t0}, {@code t1}, ... that stand for these. */
    Column column(String field, List<String> columns) {
        return ExpressionUtils$.MODULE$.column(bound(expressions.get(field), columns));
    }

    private static Expression parse(Source source, String field, String expression) {
        try {
            return MappingCheck.parse(expression);
        } catch (IllegalArgumentException unreadable) {
            throw new Failure(
                    Failure.Kind.USAGE, source.name() + ": " + field + ": " + unreadable.getMessage(), unreadable);
        }
    }

    private static Expression bound(Expression expression, List<String> columns) {
        if (expression instanceof UnresolvedAttribute attribute) {
            return attribute("t" + columns.indexOf(MappingCheck.columnName(attribute)));
        }
        List<Expression> children = MappingCheck.children(expression).stream()
                .map(child -> bound(child, columns))
                .toList();
        Expression same = children.isEmpty()
                ? expression
                : expression.withNewChildren(
                        scala.jdk.javaapi.CollectionConverters.asScala(children).toIndexedSeq());
        if (same instanceof Add sum) {
            return new Add(sum.left(), sum.right(), TRY);
        } else if (same instanceof Subtract difference) {
            return new Subtract(difference.left(), difference.right(), TRY);
        } else if (same instanceof Multiply product) {
            return new Multiply(product.left(), product.right(), TRY);
        } else if (same instanceof UnaryMinus minus) {
            return negative(minus.child());
        } else if (same instanceof UnresolvedFunction function
                && name(function).equals("abs")
                && children.size() == 1) {
            Expression value = children.get(0);
            return new If(new LessThan(value, Literal$.MODULE$.apply(0)), negative(value), value);
        } else if (same instanceof UnresolvedFunction function && MAY_OVERFLOW.contains(name(function))) {
            return new TryEval(function);
        }
        return same;
    }

    private static Expression negative(Expression value) {
        return new Subtract(Literal$.MODULE$.apply(0), value, TRY);
    }

    private static String name(UnresolvedFunction function) {
        return function.nameParts().last().toLowerCase(Locale.ROOT);
    }

    private static Expression attribute(String name) {
        return MappingCheck.parse(name);
    }
}

package manyi.source;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class MappingCheckTest {

    private static final List<String> COLUMNS = List.of("a", "b", "InvoiceDate", "my col", "user");

    @ParameterizedTest
    @ValueSource(
            strings = {
                "a",
                "`my col`",
                "user",
                "a * b - 1 + -a",
                "a like 'C%' and not b in ('x', 'y') or a is null",
                "a between 1 and 2",
                "case when a = 1 then 'x' when a > 2 then 'y' else b end",
                "if(a <=> b, try_divide(a, b), try_mod(a, b))",
                "try_cast(a as decimal(18,4))",
                "regexp_replace(a, '(\\\\d+)\\\\.0$', '$1')",
                "transform(filter(split(a, ','), x -> x <> ''), x -> upper(trim(x)))[0] is null or true",
                "coalesce(nullif(trim(a), ''), concat_ws('-', a, b), a || b)",
                "try_to_timestamp(a, 'yyyyMMdd') + interval 1 day",
                "get(split(a, '-'), 1)",
                "extract(year from InvoiceDate)",
                "lpad(a, 10, '0')",
                "substring(a from 1 for 2)"
            })
    void passesDeterministicFunctionsOfOneRow(String expression) {
        assertThat(MappingCheck.faults(expression.replace("[0] is null or true", ""), COLUMNS))
                .isEmpty();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '~',
            value = {
                "cast(a as int) | write try_cast(x as type)",
                "a::int | write try_cast(x as type)",
                "int(a) | write try_cast(x as int)",
                "to_date(a) | write try_to_date",
                "to_timestamp(a, 'yyyy') | write try_to_timestamp",
                "a / b | write try_divide(x, y)",
                "a div b | write try_divide(x, y)",
                "a % b | write try_mod(x, y)",
                "element_at(array(a), 1) | write try_element_at",
                "array(a)[0] | write get(array, index from 0)",
                "to_number(a, '9') | write try_to_number",
                "rand() | does not depend on the row alone",
                "uuid() | does not depend on the row alone",
                "now() | does not depend on the row alone",
                "current_date | does not depend on the row alone",
                "current_timestamp() | does not depend on the row alone",
                "monotonically_increasing_id() | does not depend on the row alone",
                "timestamp 'now' | depend on the day of the run",
                "input_file_name() | does not depend on the row alone",
                "java_method('java.lang.System', 'exit', 1) | function java_method is not allowed",
                "reflect('java.lang.System', 'exit', 1) | function reflect is not allowed",
                "raise_error('x') | function raise_error is not allowed",
                "system.builtin.reflect('x', 'y') | is not allowed",
                "sum(a) | function sum is not allowed",
                "count(distinct a) | function count is not allowed",
                "any_value(a) | an aggregate is not allowed",
                "row_number() over (order by a) | a window function is not allowed",
                "(select 1) | a subquery is not allowed",
                "a in (select 1) | a subquery is not allowed",
                "exists (select 1) | a subquery is not allowed",
                "a as b | write the expression alone",
                "a b | write the expression alone",
                "* | name the columns",
                "uper(a) | did you mean upper?",
                "invoice_date | no column invoice_date; did you mean InvoiceDate?",
                "a b c | cannot be read as SQL",
                "a rlike b | must be a literal",
                "a rlike '(' | cannot be read: Unclosed group",
                "regexp_replace(a, b, '') | must be a literal",
                "regexp_replace(a, '(x)', '$2') | has 1 groups; the replacement names $2",
                "regexp_extract(a, 'x', 1) | has 0 groups: no group 1",
                "rpad(a, b, 'x') | argument 2 of rpad must be a literal",
                ":a | not allowed in a mapping",
                "split_part(a, '-', 0) | counted from 1"
            })
    void refusesTheRestAndSaysWhatToWrite(String expression, String fault) {
        assertThat(MappingCheck.faults(expression, COLUMNS))
                .anySatisfy(found -> assertThat(found).contains(fault));
    }

    @Test
    void suggestsOnlyWhatLooksLikeAName() {
        assertThat(MappingCheck.suggestion("sold", List.of("sold\n"))).isEmpty();
        assertThat(MappingCheck.suggestion("a".repeat(64), List.of("a".repeat(65))))
                .isEmpty();
        assertThat(MappingCheck.suggestion("sold", List.of("sol"))).isEqualTo("; did you mean sol?");
    }

    @Test
    void listsEveryFaultOnce() {
        assertThat(MappingCheck.faults("rand() + rand() + c / d", COLUMNS)).hasSize(4);
    }

    @Test
    void knowsOnlyFunctionsThatSparkHas() {
        assertThat(MappingCheck.FUNCTIONS)
                .hasSizeGreaterThan(150)
                .allSatisfy(name -> assertThat(org.apache.spark.sql.catalyst.analysis.FunctionRegistry$.MODULE$
                                .builtin()
                                .functionExists(new org.apache.spark.sql.catalyst.FunctionIdentifier(name)))
                        .as(name)
                        .isTrue());
    }

    @Test
    void refusesWhatSparkWouldNotGetThrough() {
        String deep =
                "is nested too deeply; at most 100 levels are allowed; write concat, coalesce or case with many parts"
                        + " instead of one call inside another";
        for (String expression : List.of(
                "(".repeat(9_000) + "a" + ")".repeat(9_000),
                "trim(".repeat(150) + "a" + ")".repeat(150),
                "a" + " + a".repeat(4_000),
                "not ".repeat(4_000) + "a")) {
            assertThat(MappingCheck.faults(expression, List.of("a"))).containsExactly(deep);
        }
        assertThat(MappingCheck.faults("a" + " + a".repeat(500_000), List.of("a")))
                .containsExactly(
                        "has 2,000,001 characters, and an expression may have at most 20,000; compute the value in"
                                + " the file itself");
        assertThat(MappingCheck.faults("a in (1" + ", 1".repeat(6_000) + ")", List.of("a")))
                .isEmpty();
        assertThat(MappingCheck.faults("a = 1" + " or a = 1".repeat(2_000), List.of("a")))
                .isEmpty();
        assertThat(MappingCheck.faults("trim(".repeat(90) + "a" + ")".repeat(90), List.of("a")))
                .isEmpty();
    }
}

package manyi.cli;

import static manyi.testing.Rows.picture;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import manyi.table.Failure;
import manyi.testing.Sparks;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.StructType;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class QueryTest {

    private static final Set<String> TABLES = Set.of("score", "cohort");

    private static SparkSession session;

    @BeforeAll
    static void drawTables() {
        session = Sparks.session().newSession();
        session.createDataFrame(
                        List.of(RowFactory.create("East", "2026Q3", 80.0), RowFactory.create("West", "2026Q3", 40.0)),
                        StructType.fromDDL("segment string, wave string, csi double"))
                .createOrReplaceTempView("score");
        session.createDataFrame(
                        List.of(RowFactory.create("East", 1, 0.5), RowFactory.create("East", 2, 0.25)),
                        StructType.fromDDL("segment string, months_since int, retention double"))
                .createOrReplaceTempView("cohort");
    }

    @Test
    void readsAPublishedTable() {
        var rows = Query.of("select segment, csi from score where csi > 50", TABLES)
                .in(session);
        assertThat(picture(rows)).isEqualTo("""
                segment | csi
                East | 80.0000
                """);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "SELECT * FROM score;",
                "select s.segment, c.retention from score s join cohort c on s.segment = c.segment",
                "select s.* from Score s left join cohort c using (segment) order by 1 desc nulls last limit 3 offset 1",
                "with w as (select wave, avg(csi) as csi from score group by wave) select * from w",
                "with a as (select 1 as x), b as (select x + 1 as y from a) select * from b cross join a",
                "select segment, csi, rank() over (partition by wave order by csi desc) as place from score",
                "select csi, sum(csi) over (order by csi rows between 1 preceding and current row) as s from score",
                "select csi, lag(csi) over w as before from score window w as (partition by wave order by csi)",
                "select segment from score where segment in (select segment from cohort)",
                "select segment from score where segment not in (select segment from cohort)",
                "select segment from score s where exists (select 1 from cohort c where c.segment = s.segment)",
                "select segment, (select max(retention) from cohort) as best from score",
                "select segment from score union all select segment from cohort",
                "select segment from score intersect select segment from cohort except select 'x'",
                "select case when csi >= 60 then 'good' else 'bad' end as v, count(*) from score group by 1",
                "select distinct wave from score where segment like 'E%' or segment rlike '^W' and not csi is null",
                "select segment, wave, count(distinct csi) from score group by cube (segment, wave)",
                "select segment, grouping(segment), sum(csi) from score group by grouping sets ((segment), ())",
                "select segment, sum(csi) from score group by rollup (segment) having sum(csi) > 1",
                "select * from cohort pivot (max(retention) for months_since in (1, 2))",
                "select * from score unpivot (value for name in (csi))",
                "select sum(csi) filter (where segment = 'East'), percentile_approx(csi, 0.5) from score",
                "select percentile_cont(0.5) within group (order by csi) from score",
                "select cast(csi as decimal(9,2)), csi::int, try_cast(segment as int), -csi, csi % 7, 5 div 2 from score",
                "select date '2026-01-01' + interval 3 days, extract(year from date '2026-01-01'), to_date('2026-01-01')",
                "select trim(both 'E' from segment), substring(segment from 2 for 1), segment || '!' from score",
                "select coalesce(segment, 'none'), if(csi > 1, 1, 2), nvl(csi, 0), csi between 1 and 2 from score",
                "select x from score lateral view explode(array(1, 2)) t as x",
                "select s.segment, l.best from score s, lateral (select max(retention) best from cohort) l",
                "select * from values (1, 'a'), (2, 'b') as t(x, y)",
                "select transform(array(1, 2), x -> x + 1), named_struct('a', 1).a, array(1)[0], map('a', 1)['a']",
                "select /*+ broadcast(c) */ s.* from score s join cohort c on s.segment = c.segment",
                "from score |> where csi > 1 |> aggregate avg(csi) as csi group by wave",
                "table score",
                "select id from range(3)",
                "select first(csi), last(csi), any_value(csi), mode(csi), median(csi) from score",
                "select * from score tablesample (50 percent)",
                "select segment, round(csi, 1), greatest(csi, 1), `wave` from score s where s.csi <=> 80 and csi <> 3",
                "select current_date, timestampdiff(day, date'2026-01-01', date'2026-02-01'), 5 is not distinct from 5",
                "select position('a' in 'bab'), overlay('abc' placing 'x' from 2), 'a' ilike any ('A', 'b'), true is true",
            })
    void answers(String text) {
        assertThat(Query.of(text, TABLES).in(session).collectAsList()).isNotNull();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                // code and processes
                "select java_method('java.lang.System', 'exit', '1')",
                "select reflect('java.lang.System', 'getenv', 'PATH')",
                "select try_reflect('java.lang.System', 'getenv', 'PATH')",
                "select `reflect`('java.lang.System', 'getenv', 'PATH')",
                "select system.builtin.reflect('java.lang.System', 'getenv', 'PATH')",
                "select builtin.java_method('java.lang.System', 'exit', '1') from score",
                "select transform(segment) using 'cat' as (x) from score",
                "from score map segment using 'cat' as x",
                "from score reduce segment using 'cat' as x",
                "select * from score where (select reflect('java.lang.System', 'getenv', 'PATH')) = 'x'",
                "select * from score where exists (select java_method('a', 'b') from cohort)",
                "select * from score s join cohort c on reflect('a', 'b') = s.segment",
                "select transform(array(1), x -> reflect('a', 'b'))",
                "select csi from score order by reflect('a', 'b')",
                "select csi from score group by csi having max(reflect('a', 'b')) = 'x'",
                "select sum(csi) over (partition by reflect('a', 'b')) from score",
                "select sum(csi) over w from score window w as (partition by reflect('a', 'b'))",
                "select sum(csi) filter (where reflect('a', 'b') = 'x') from score",
                "with w as (select reflect('a', 'b')) select * from w",
                "select * from (select * from (select reflect('a', 'b')))",
                "select * from values (reflect('a', 'b')) as t(x)",
                "select * from score limit length(reflect('a', 'b'))",
                "select * from score |> select reflect('a', 'b')",
                "select * from cohort pivot (max(reflect('a', 'b')) for months_since in (1, 2))",
                "select x from score lateral view explode(array(reflect('a', 'b'))) t as x",
                "select * from score tablesample (10 rows) where reflect('a', 'b') = 'x'",
                // files
                "select * from parquet.`/tmp`",
                "select * from text.`/etc/passwd`",
                "select * from delta.`/x`",
                "select * from binaryFile.`/etc/passwd`",
                "select * from csv.`/etc/passwd` union all select segment from score",
                "select * from score where segment in (select value from text.`/etc/passwd`)",
                "select (select max(value) from text.`/etc/passwd`)",
                "select * from score s, lateral (select * from text.`/etc/passwd`) l",
                "with w as (select * from text.`/etc/passwd`) select * from w",
                "select * from score join text.`/etc/passwd` on true",
                "table text.`/etc/passwd`",
                "from text.`/etc/passwd` select *",
                "select * from read_files('/etc/passwd')",
                "select * from identifier('text.`/etc/passwd`')",
                "select identifier('reflect')('a', 'b')",
                "select * from table_changes('score', 0)",
                "select * from delta_log_files('/tmp')",
                "select * from table_function_never_heard_of(1)",
                "select * from score version as of 0",
                "select * from score timestamp as of '2026-01-01'",
                "select * from score with ('path' = '/etc/passwd')",
                "select * from stream score",
                "select input_file_name() from score",
                "select from_avro(segment, 'x') from score",
                // other tables
                "select * from customer_loyalty",
                "select * from default.score",
                "select * from spark_catalog.default.score",
                "select * from global_temp.score",
                "select * from system.session.score",
                "select * from information_schema.tables",
                "select * from (select * from (select * from secret))",
                // statements
                "create temp view v using text options (path '/etc/passwd')",
                "create temporary view v as select 1",
                "create or replace temporary view score as select 1",
                "create table t as select * from score",
                "insert overwrite directory 'out' using csv select * from score",
                "insert into score select * from score",
                "from score insert overwrite directory 'out' using csv select *",
                "with w as (select 1) insert into score select * from w",
                "delete from score",
                "update score set csi = 1",
                "merge into score using cohort on true when matched then delete",
                "drop view score",
                "set spark.sql.ansi.enabled=false",
                "set",
                "reset",
                "declare variable x = 1",
                "execute immediate 'select 1'",
                "execute immediate 'select reflect(''a'', ''b'')'",
                "begin select 1; end",
                "call system.x()",
                "add jar 'x.jar'",
                "list files",
                "show tables",
                "describe score",
                "describe query select 1",
                "explain select 1",
                "use default",
                "cache table score",
                "refresh '/tmp'",
                "analyze table score compute statistics",
                "create function f as 'x.Y' using jar 'x.jar'",
                "create temporary function f() returns int return 1",
                "load data inpath 'x' into table score",
                "vacuum delta.`/x`",
                "select 1; select 2",
                "select 1; drop view score",
                "select 1 -- ;\n; set x=1",
                // what must not be told or guessed
                "select current_user()",
                "select user()",
                "select session_user()",
                "select current_catalog()",
                "select version()",
                "select secret('a', 'b')",
                "select aes_encrypt('a', 'b')",
                "select uuid()",
                "select rand()",
                "select raise_error('x')",
                "select assert_true(false)",
                "select ai_query('x')",
                "select http_get('x')",
                "select sum(:x) from score",
                "select ? from score",
                "select never_heard_of(1)",
                "",
                "nonsense",
            })
    void refuses(String text) {
        assertThatThrownBy(() -> Query.of(text, TABLES))
                .isInstanceOfSatisfying(
                        Failure.class, failure -> assertThat(failure.kind()).isEqualTo(Failure.Kind.USAGE))
                .hasMessageStartingWith("The query was refused: ");
    }

    @Test
    void fillsInNoEnvironmentAndNoSettings() {
        var rows = Query.of("select '${env:PATH}' as a, '${system:user.home}' as b, '${spark.master}' as c", TABLES)
                .in(session);
        assertThat(rows.head()).isEqualTo(RowFactory.create("${env:PATH}", "${system:user.home}", "${spark.master}"));
    }

    @Test
    void aNameOfACommonTableExpressionOutsideItsPlaceFindsNothing(@TempDir Path folder) throws Exception {
        Files.writeString(folder.resolve("x.txt"), "secret");
        var query = Query.of("select * from (with w as (select 1) select * from w) join w", TABLES);
        assertThatThrownBy(() -> query.in(session)).hasMessageContaining("TABLE_OR_VIEW_NOT_FOUND");
    }

    @Test
    void aMisspeltColumnIsAnsweredWithTheNearestRightOnes() {
        var query = Query.of("select segmnt from score", TABLES);
        assertThatThrownBy(() -> query.in(session))
                .isInstanceOfSatisfying(
                        Failure.class, failure -> assertThat(failure.kind()).isEqualTo(Failure.Kind.USAGE))
                .hasMessageContaining("The query does not fit the tables: ")
                .hasMessageContaining("`segment`");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "select csi / (csi - csi) from score | DIVIDE_BY_ZERO; write try_divide(x, y), which gives null there.",
                "select cast(segment as int) from score | CAST_INVALID_INPUT; write try_cast(x as type)",
                "select cast(csi as int) * 2147483647 from score | ARITHMETIC_OVERFLOW; write try_add, try_subtract or",
                "select (select retention from cohort) from score | fails: SCALAR_SUBQUERY_TOO_MANY_ROWS.",
                "select length(repeat(repeat('x', 1000000), 100000)) from score | is too large.",
                "with recursive r(n) as (select 1 union all select n + 1 from r) select * from r | RECURSION_LEVEL_LIMIT",
            })
    void valuesThatMakeTheQueryFailAreNoFaultOfManyisAndNotQuoted(String text, String told) {
        Throwable thrown =
                catchThrowable(() -> Query.of(text, TABLES).in(session).collectAsList());
        assertThat(Query.fault(thrown))
                .hasValueSatisfying(failure -> assertThat(failure)
                        .hasMessageStartingWith("The query fails")
                        .hasMessageContaining(told)
                        .hasMessageNotContaining("East")
                        .extracting("kind")
                        .isEqualTo(Failure.Kind.USAGE));
    }

    @Test
    void aQueryOfEndlessLevelsIsNoFaultOfManyis() {
        String deep = "select " + "(".repeat(3_000) + "1" + ")".repeat(3_000);
        assertThatThrownBy(() -> Query.of(deep, TABLES))
                .isInstanceOf(Failure.class)
                .hasMessage("The query was refused: it is nested too deeply; write it with fewer levels.");
    }

    @Test
    void namesTheTablesThereAre() {
        assertThatThrownBy(() -> Query.of("select * from scores", TABLES))
                .hasMessage("The query was refused: there is no published table scores; the tables are cohort, score.");
    }
}

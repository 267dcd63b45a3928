package manyi.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.time.ZoneId;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import manyi.table.Failure;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

class JobFileTest {

    private static final Path REFERENCE = Path.of("src/test/resources/reference");

    /** A job without a fault; tests add to it or break it. */
    private static final String JOB = """
            job: shop
            warehouse: warehouse/shop
            time_zone: Europe/London
            currency: GBP
            sources:
              purchases:
                path: data/*.csv
                columns:
                  purchased_at: day
                  amount: paid
                  country: land
            """;

    private static final String SURVEY = """
              survey:
                path: answers.csv
                columns:
                  wave: "'2026Q3'"
                  customer_id: who
            satisfaction:
              questionnaire: questions.yaml
            """;

    private static final String QUESTIONS = """
            questionnaire: shop
            scale: [0, 10]
            items:
              - {id: STAFF, text: "How friendly is the staff?"}
              - {id: ALL1, text: "How satisfied are you?", role: overall}
              - {id: TELL, text: "Would you recommend us?", role: recommend}
            waves:
              - {name: 2026Q3, end: 2026-09-30, grace_days: 14}
              - {name: 2026Q4, end: 2026-12-31, grace_days: 14}
            """;

    @TempDir
    private Path folder;

    @Test
    void readsTheJobOfThePurchasesOfARetailer() {
        var job = JobFile.read(REFERENCE.resolve("online-retail.yaml"), Map.of());

        assertThat(job.name()).isEqualTo("online-retail");
        assertThat(job.warehouse()).isEqualTo("warehouse/online-retail");
        assertThat(job.timeZone()).isEqualTo(ZoneId.of("Europe/London"));
        assertThat(job.currency()).isEqualTo("GBP");
        assertThat(job.asOf()).contains(LocalDate.of(2011, 12, 9));
        assertThat(job.segments()).containsExactly(new Dimension(List.of("country")));
        assertThat(job.satisfaction()).isEmpty();
        assertThat(job.cohorts()).isEqualTo(new Job.Cohorts(1));
        assertThat(job.retention()).isEqualTo(new Job.Retention(3, 12, 30));
        assertThat(job.customerKey()).isEqualTo(new Job.CustomerKey(true, Optional.empty()));
        Source source = job.sources(SourceKind.PURCHASES).get(0);
        assertThat(source.name()).isEqualTo("purchases");
        assertThat(source.path()).isEqualTo("../shared/reference/online-retail/by-day/*.csv.gz");
        assertThat(source.types())
                .isEqualTo(Map.of("Quantity", "int", "UnitPrice", "decimal(18,4)", "InvoiceDate", "timestamp"));
        assertThat(source.columns())
                .containsEntry("customer_id", "regexp_replace(CustomerID, '\\\\.0$', '')")
                .containsEntry("is_return", "InvoiceNo like 'C%'");
        assertThat(source.columns().keySet())
                .containsExactly(
                        "order_id",
                        "customer_id",
                        "purchased_at",
                        "amount",
                        "is_return",
                        "product",
                        "quantity",
                        "country");
        assertThat(source.options())
                .isEqualTo(new Source.Options(
                        ',',
                        '"',
                        '"',
                        "UTF-8",
                        true,
                        List.of(),
                        '.',
                        true,
                        List.of(),
                        Source.Layout.WIDE,
                        Optional.empty(),
                        0));
        assertThat(source.maximumRejectedShare()).isEqualTo(0.05);
    }

    @Test
    void readsTheJobOfASurveyWithItsQuestionnaire() {
        var job = JobFile.read(REFERENCE.resolve("mobi.yaml"), Map.of("MANYI_REFERENCE", "/data"));

        Source survey = job.sources(SourceKind.SURVEY).get(0);
        assertThat(survey.path()).isEqualTo("/data/mobi/mobi.csv");
        assertThat(survey.columns())
                .hasSize(26)
                .containsEntry("wave", "'2004'")
                .containsEntry("population", "'customer'")
                .containsEntry("CUSL3", "`CUSL3`");
        var satisfaction = job.satisfaction().orElseThrow();
        assertThat(satisfaction.minimumRespondents()).isEqualTo(10);
        assertThat(satisfaction.minimumAnsweredWeight()).isEqualTo(0.5);
        assertThat(satisfaction.verySatisfiedFrom()).isEqualTo(80);
        assertThat(satisfaction.satisfiedFrom()).isEqualTo(60);
        assertThat(satisfaction.promotersFrom()).isEqualTo(9);
        assertThat(satisfaction.detractorsTo()).isEqualTo(6);
        assertThat(satisfaction.questionnaire().items()).hasSize(24);
        assertThat(satisfaction.decimals()).isEqualTo(Job.Decimals.FULL);
    }

    @Test
    void takesWhatAllSourcesMaySayOfTheirFiles() throws IOException {
        var job = job("""
                job: shop
                warehouse: w
                time_zone: Asia/Shanghai
                currency: CNY
                quality: {maximum_rejected_share: 0.2}
                segments: [channel, [channel, tier], grade]
                cohorts: {left_truncation_months: 0}
                retention: {runs: 9, month_ends: 2, rejected_row_days: 7}
                customer_key: {file: secret/key}
                sources:
                  purchases:
                    - path: till/*.txt
                      format: whitespace
                      header: false
                      names: [who, day, what, paid]
                      decimal: ","
                      nulls: [NULL, null, "-", no]
                      timestamp_format: yyyyMMdd
                      key: [order_id, product]
                      maximum_rejected_share: 0
                      columns: {purchased_at: day, amount: paid, order_id: what, product: what}
                    - name: web
                      path: web.parquet
                      columns: {purchased_at: day, amount: paid, channel: "'web'"}
                  customers:
                    path: customers.csv
                    delimiter: "\\t"
                    quote: ""
                    escape: \\
                    encoding: gbk
                    multiline: false
                    key: customer_id
                    columns: {customer_id: id, valid_from: since, tier: tier, grade: upper(grade)}
                """);

        assertThat(job.sources()).extracting(Source::name).containsExactly("purchases", "purchases:web", "customers");
        assertThat(job.sources()).extracting(Source::maximumRejectedShare).containsExactly(0.0, 0.2, 0.2);
        assertThat(job.sources().get(0).key()).containsExactly("order_id", "product");
        assertThat(job.sources().get(0).options())
                .isEqualTo(new Source.Options(
                        ',',
                        '"',
                        '"',
                        "UTF-8",
                        false,
                        List.of("who", "day", "what", "paid"),
                        ',',
                        true,
                        List.of("NULL", "null", "-", "no"),
                        Source.Layout.WIDE,
                        Optional.of("yyyyMMdd"),
                        0));
        assertThat(job.sources().get(1).format()).isEqualTo(Source.Format.PARQUET);
        assertThat(job.sources().get(2).options())
                .isEqualTo(new Source.Options(
                        '\t',
                        Source.OFF,
                        '\\',
                        "GBK",
                        true,
                        List.of(),
                        '.',
                        false,
                        List.of(),
                        Source.Layout.WIDE,
                        Optional.empty(),
                        0));
        assertThat(job.segments()).extracting(Dimension::name).containsExactly("channel", "channel × tier", "grade");
        assertThat(job.customerKey()).isEqualTo(new Job.CustomerKey(false, Optional.of("secret/key")));
        assertThat(job.retention()).isEqualTo(new Job.Retention(9, 2, 7));
        assertThat(job.cohorts()).isEqualTo(new Job.Cohorts(0));
    }

    @Test
    void keepsEveryTextAsItWasWritten() throws IOException {
        var job = job("""
                job: shop
                warehouse: 010
                time_zone: UTC
                currency: GBP
                sources:
                  purchases:
                    path: 2026-01-01
                    nulls: [no, 0x1F, 1_000, 1e3, 12:30:00, ~, True, "", 'a b', null]
                    columns: {purchased_at: 0777, amount: 1_0, is_return: no, product: null, customer_id: .5}
                """);
        assertThat(job.warehouse()).isEqualTo("010");
        assertThat(job.sources().get(0).path()).isEqualTo("2026-01-01");
        assertThat(job.sources().get(0).options().nulls())
                .containsExactly("no", "0x1F", "1_000", "1e3", "12:30:00", "~", "True", "", "a b", "null");
        assertThat(job.sources().get(0).columns().values()).containsExactly("0777", "1_0", "no", "null", ".5");
    }

    @Test
    void fillsInTheEnvironment() throws IOException {
        write("job.yaml", """
                job: ${NAME}
                warehouse: ${PLACE:-a/b}/${NAME}
                time_zone: ${ZONE:-UTC}
                currency: GBP
                sources:
                  purchases:
                    path: $${NAME}/$x/{a,b}
                    maximum_rejected_share: ${SHARE:-0.1}
                    columns: {purchased_at: day, amount: paid, product: '${WORD}'}
                """);
        var job = JobFile.read(folder.resolve("job.yaml"), Map.of("NAME", "shop", "ZONE", "", "WORD", "${NAME}"));
        assertThat(job.name()).isEqualTo("shop");
        assertThat(job.warehouse()).isEqualTo("a/b/shop");
        assertThat(job.timeZone()).isEqualTo(ZoneId.of("UTC"));
        assertThat(job.sources().get(0).path()).isEqualTo("${NAME}/$x/{a,b}");
        assertThat(job.sources().get(0).maximumRejectedShare()).isEqualTo(0.1);
        assertThat(job.sources().get(0).columns()).containsEntry("product", "${NAME}");
    }

    @Test
    void tellsWhatTheEnvironmentLacks() throws IOException {
        assertThat(faults("""
                job: ${NO_NAME}
                warehouse: ${}
                time_zone: ${NO_ZONE} and ${unfinished
                currency: GBP
                sources: {purchases: {path: "${1}", columns: {purchased_at: day, amount: paid}}}
                """)).isEqualTo("""
                The job document has 5 faults; fix them and try again:
                job.yaml:1: the environment variable NO_NAME is not set; set it, or give a default: ${NO_NAME:-default}
                job.yaml:2: '${}' has a '${' that is neither ${NAME} nor ${NAME:-default}; write $${ for a literal ${
                job.yaml:3: the environment variable NO_ZONE is not set; set it, or give a default: ${NO_ZONE:-default}
                job.yaml:3: '${NO_ZONE} and ${unfinished' has a '${' that is neither ${NAME} nor ${NAME:-default}; write $${ for a literal ${
                job.yaml:5: '${1}' has a '${' that is neither ${NAME} nor ${NAME:-default}; write $${ for a literal ${""");
    }

    @Test
    void tellsAllFaultsAtOnceInTheOrderOfTheirLines() throws IOException {
        assertThat(faults("""
                job: shop
                warehous: warehouse/shop
                time_zone: Europe/Lundon
                currency: gbp
                as_of: 2011-13-09
                sources:
                  purchase:
                    path: x
                  contracts: {path: x}
                  customers:
                    paht: data/*.csv
                    format: cvs
                    header: yes
                    columns:
                      custmer_id: id
                      Tier: tier
                segmnets: [country]
                retention: {runs: 0, rejected_row_days: -1, rest: 1}
                customer_key: secret
                """)).isEqualTo("""
                The job document has 19 faults; fix them and try again:
                job.yaml:1: the key 'warehouse' is missing
                job.yaml:2: unknown key 'warehous'; did you mean 'warehouse'?
                job.yaml:3: time_zone: 'Europe/Lundon' is not a valid time zone, for example Europe/London; did you mean 'Europe/London'?
                job.yaml:4: currency: 'gbp' is not a valid ISO 4217 currency, for example EUR; did you mean 'GBP'?
                job.yaml:5: as_of: '2011-13-09' is not a day; write it like 2011-12-09
                job.yaml:7: unknown kind of source 'purchase'; did you mean 'purchases'?
                job.yaml:9: sources of the kind 'contracts' are not read by this version; leave them out (supported: purchases, survey, customers, costs, margins, spending, referrals)
                job.yaml:11: the key 'path' is missing in sources.customers
                job.yaml:11: unknown key 'paht' in sources.customers; did you mean 'path'?
                job.yaml:12: sources.customers.format: 'cvs' is not one of csv, whitespace, parquet; did you mean 'csv'?
                job.yaml:13: sources.customers.header: 'yes' is neither true nor false
                job.yaml:14: the field 'customer_id' is missing in sources.customers.columns
                job.yaml:15: unknown field 'custmer_id' in sources.customers.columns; did you mean 'customer_id'? (To use it as an attribute, name it in segments.)
                job.yaml:16: 'Tier' in sources.customers.columns is not a valid attribute name; write it in lower case, with '_' for blanks
                job.yaml:17: unknown key 'segmnets'; did you mean 'segments'?
                job.yaml:18: retention.runs: '0' is not a whole number from 1 up
                job.yaml:18: retention.rejected_row_days: '-1' is not a whole number from 0 up
                job.yaml:18: unknown key 'rest' in retention; known here: runs, month_ends, rejected_row_days
                job.yaml:19: customer_key: 'secret' is not one of environment, demo and {file: PATH}""");
    }

    @Test
    void saysWhenThereIsNoDocument() {
        assertThatThrownBy(() -> JobFile.read(folder.resolve("none.yaml"), Map.of()))
                .isInstanceOf(Failure.class)
                .hasMessage("There is no job document " + folder.resolve("none.yaml") + " (looked from "
                        + Path.of("").toAbsolutePath() + "); name the YAML file of the job.");
    }

    @Test
    void refusesWhatMakesADocumentSayOtherThanItShows() throws IOException {
        assertThat(faults("""
                job: &name shop
                warehouse: *name
                time_zone: !zone UTC
                currency: GBP
                currency: EUR
                sources:
                  purchases: &all
                    path: x
                    columns: {purchased_at: day, amount: paid, purchased_at: day}
                  customers:
                    path: y
                    columns: {&key customer_id: id}
                    key: [customer_id, *k]
                ? [a]
                : b
                ---
                job: other
                """)).isEqualTo("""
                The job document has 10 faults; fix them and try again:
                job.yaml:1: an anchor (&name) is not allowed; write the value out where it is used
                job.yaml:2: an alias (*name) is not allowed; write the value out
                job.yaml:3: a tag (!zone) is not allowed; leave it out
                job.yaml:5: the key 'currency' is a duplicate; the first is on line 4
                job.yaml:7: an anchor (&all) is not allowed; write the value out where it is used
                job.yaml:9: the key 'purchased_at' is a duplicate; the first is on line 9
                job.yaml:12: an anchor (&key) is not allowed; write the value out where it is used
                job.yaml:13: an alias (*k) is not allowed; write the value out
                job.yaml:14: a list cannot be a key; a key must be text
                job.yaml:16: a second document begins; a file must hold only one""");
    }

    @Test
    void saysWhereADocumentIsNotYaml() throws IOException {
        String head = "The job document has 1 fault; fix it and try again:\njob.yaml:";
        assertThat(faults("job: shop\nsources: [a, b\nkey: }\n"))
                .isEqualTo(head + "3: is not YAML: while parsing a flow sequence, expected ',' or ']', but got :");
        assertThat(faults("job: shop\n\tpath: x\n"))
                .isEqualTo(head + "2: is not YAML: while scanning for the next token, found character '\\t(TAB)' that"
                        + " cannot start any token. (Do not use \\t(TAB) for indentation)");
        assertThat(faults("job: {amount: ${A:-b}}\n"))
                .isEqualTo(head
                        + "1: is not YAML: while parsing a flow mapping, expected ',' or '}', but got {; quote text"
                        + " with ${...} inside braces");
        assertThat(faults("job: {text: All in all?, role: overall}\n"))
                .endsWith("but got ?; quote text inside braces that contains one of , ? : [ ] { } #");
        assertThat(faults("job: " + "[".repeat(30))).isEqualTo(head + "1: is not YAML: more than 20 levels of nesting");
        assertThat(faults("")).isEqualTo(head + "1: is empty");
        assertThat(faults("---\n")).isEqualTo(head + "2: expected keys with values, found nothing");
        assertThat(faults("- job\n")).isEqualTo(head + "1: expected keys with values, found a list");
        assertThat(faults("job: \u0001\n")).isEqualTo(head + "1: is not YAML: special characters are not allowed");
        Files.write(folder.resolve("gbk.yaml"), new byte[] {'j', ':', ' ', (byte) 0xC2, (byte) 0xFA});
        assertThatThrownBy(() -> JobFile.read(folder.resolve("gbk.yaml"), Map.of()))
                .hasMessageEndingWith("gbk.yaml:1: is not UTF-8; save it as UTF-8");
    }

    @Test
    void tellsWhatIsWrongWithASource() throws IOException {
        assertThat(faults("""
                job: a shop
                warehouse: w
                time_zone: UTC
                currency: GBP
                quality: {maximum_rejected_share: 5%}
                sources:
                  purchases:
                    - path: data/*.csv
                      delimiter: ";;"
                      encoding: UFT-8
                      decimal: ","
                      names: [a, b, A]
                      types: {paid: money, day: timestmp, sum: decimal(18,4), tax: "decimal(4,5)", net: decimal}
                      timestamp_format: YYYY-MM-dd
                      key: [order, customer_id, customer_id]
                      maximum_rejected_share: 1.5
                      layout: long
                      columns:
                        customer_id: who
                        purchased_on: day
                        amount:
                        colour: red
                    - path: more.csv
                      header: false
                      timestamp_format: "{"
                      columns: {purchased_at: day, amount: [paid]}
                    - {name: web, path: "", format: parquet, header: true, delimiter: ","}
                    - {name: web, path: x, columns: none}
                    - x.csv
                  survey: []
                  customers: {path: x, columns: {customer_id: id, all: x}}
                """)).isEqualTo("""
                The job document has 35 faults; fix them and try again:
                job.yaml:1: job: 'a shop' is not a valid name; a name has letters, digits, '_', '.' and '-', at most 64
                job.yaml:5: quality.maximum_rejected_share: '5%' is not a number such as 0.5
                job.yaml:9: sources.purchases[1].delimiter: ';;' is not one character; write one, such as ';' or '\\t'
                job.yaml:10: sources.purchases[1].encoding: 'UFT-8' is not an encoding that Java knows; did you mean 'UTF-8'?
                job.yaml:11: sources.purchases[1].decimal: ',' is the delimiter too; write another delimiter, such as ';'
                job.yaml:12: sources.purchases[1].names: 'A' is a duplicate
                job.yaml:12: sources.purchases[1].names: cannot stand beside a header line; add header: false, or leave it out
                job.yaml:13: sources.purchases[1].types.paid: 'money' is not a type; known here: string, int, bigint, "decimal(18,4)", double, date, timestamp, boolean
                job.yaml:13: sources.purchases[1].types.day: 'timestmp' is not a type; did you mean 'timestamp'?
                job.yaml:13: sources.purchases[1].types.sum: 'decimal(18' breaks off at the comma; quote it: "decimal(18,4)"
                job.yaml:13: sources.purchases[1].types.tax: 'decimal(4,5)' must be "decimal(DIGITS, DIGITS AFTER THE POINT)", at most 38 digits
                job.yaml:13: sources.purchases[1].types.net: 'decimal' must be "decimal(DIGITS, DIGITS AFTER THE POINT)", at most 38 digits
                job.yaml:14: sources.purchases[1].timestamp_format: 'YYYY-MM-dd' has the letter 'Y', which Spark does not read; years are yyyy, months MM, days dd
                job.yaml:15: sources.purchases[1].key: 'order' is not mapped under columns
                job.yaml:15: sources.purchases[1].key: 'customer_id' is a duplicate
                job.yaml:16: sources.purchases[1].maximum_rejected_share: 1.5 is not between 0 and 1
                job.yaml:17: sources.purchases[1].layout: is for survey sources; leave it out
                job.yaml:18: the field 'purchased_at' is missing in sources.purchases[1].columns
                job.yaml:20: unknown field 'purchased_on' in sources.purchases[1].columns; did you mean 'purchased_at'?
                job.yaml:21: the key 'amount' has no value in sources.purchases[1].columns
                job.yaml:22: unknown field 'colour' in sources.purchases[1].columns; known here: order_id, line, customer_id, purchased_at, amount, currency, is_return, product, product_group, quantity, margin, channel, branch, country, region, updated_at
                job.yaml:23: sources.purchases[2] has no name, nor has the source on line 8; only one of a kind may be without a name
                job.yaml:24: sources.purchases[2].header: is false, so 'names' must list the columns in order
                job.yaml:25: sources.purchases[2].timestamp_format: '{' is not a valid pattern: Pattern includes reserved character: '{'; write it like dd/MM/yyyy HH:mm
                job.yaml:26: sources.purchases[2].columns.amount: expected text, found a list
                job.yaml:27: sources.purchases[3].path: is blank
                job.yaml:27: sources.purchases[3].delimiter: does not apply to the format parquet; leave it out
                job.yaml:27: sources.purchases[3].header: does not apply to the format parquet; leave it out
                job.yaml:27: the key 'columns' is missing in sources.purchases[3]
                job.yaml:28: sources.purchases[4]: the name 'web' is taken by the source on line 27
                job.yaml:28: sources.purchases[4].columns: expected keys with values, found 'none'
                job.yaml:29: sources.purchases[5]: expected keys with values, found 'x.csv'
                job.yaml:30: sources.survey: has no entry; give one with path and columns, or leave the kind out
                job.yaml:30: sources.survey: a survey needs its questionnaire; add satisfaction: {questionnaire: FILE}
                job.yaml:31: 'all' in sources.customers.columns is not a valid attribute name; write it in lower case, with '_' for blanks""");
    }

    @Test
    void tellsWhatIsWrongWithASurvey() throws IOException {
        write("questions.yaml", QUESTIONS);
        assertThat(faults(JOB + """
                  survey:
                    - path: wide.csv
                      columns: {custmer_id: who, STAFFF: q1, TEL: q3, weigt: w, item: x, gender: g}
                    - name: long
                      path: long.csv
                      layout: long
                      columns: {wave: w, item: question, STAFF: q1}
                satisfaction:
                  questionnaire: questions.yaml
                  minimum_respondents: 0
                  minimum_answered_weight: 2
                  states: {very_satisfied_from: 50, satisfied_from: 60, dissatisfied_from: 0}
                  nps: {promoters_from: 11, detractors_to: 6}
                  restate_waves: [2026Q2]
                  decimals: ful
                """)).isEqualTo("""
                The job document has 16 faults; fix them and try again:
                job.yaml:14: unknown field 'custmer_id' in sources.survey[1].columns; did you mean 'customer_id'? (To use it as an attribute, name it in segments.)
                job.yaml:14: unknown field 'STAFFF' in sources.survey[1].columns; did you mean 'STAFF'?
                job.yaml:14: unknown field 'TEL' in sources.survey[1].columns; did you mean 'TELL'?
                job.yaml:14: unknown field 'weigt' in sources.survey[1].columns; did you mean 'weight'? (To use it as an attribute, name it in segments.)
                job.yaml:14: sources.survey[1].columns.item: is for surveys with a row per answer; add layout: long, or map the items
                job.yaml:14: sources.survey[1].columns: neither 'wave' nor 'answered_at' is mapped; one of them tells an answer's wave
                job.yaml:18: sources.survey[2].columns.STAFF: is an item; a survey with a row per answer maps 'item' and 'answer' instead
                job.yaml:18: the field 'response_id' is missing in sources.survey[2].columns
                job.yaml:18: the field 'answer' is missing in sources.survey[2].columns
                job.yaml:21: satisfaction.minimum_respondents: '0' is not a whole number from 1 up
                job.yaml:22: satisfaction.minimum_answered_weight: 2 is not between 0 and 1
                job.yaml:23: satisfaction.states: very_satisfied_from 50 is below satisfied_from 60
                job.yaml:23: unknown key 'dissatisfied_from' in satisfaction.states; did you mean 'satisfied_from'?
                job.yaml:24: satisfaction.nps: the item 'TELL' with the role recommend is answered from 0 to 10; promoters_from 11 and detractors_to 6 do not split that scale
                job.yaml:25: satisfaction.restate_waves: the questionnaire has no wave '2026Q2'; did you mean '2026Q3'?
                job.yaml:26: satisfaction.decimals: 'ful' is not one of rounded, full; did you mean 'full'?""");
    }

    @Test
    void knowsWhatSegmentsShallReach() throws IOException {
        write("questions.yaml", QUESTIONS);
        var job = job(JOB + SURVEY.stripTrailing() + """

                  targets:
                    - {measure: csi, at_least: 75}
                    - {measure: nps, segment: country, segment_value: France, at_least: -5}
                segments: [country]
                """);

        assertThat(job.satisfaction().orElseThrow().targets())
                .containsExactly(
                        new SatisfactionTarget("csi", "all", "all", 75),
                        new SatisfactionTarget("nps", "country", "France", -5));
        assertThat(faults(JOB + SURVEY.stripTrailing() + """

                  targets:
                    - {measure: cis, segment: country}
                    - {segment: all, at_least: high}
                """)).isEqualTo("""
                The job document has 5 faults; fix them and try again:
                job.yaml:20: satisfaction.targets[1].measure: 'cis' is not one of csi, csm, nps, csat, ces, intention_share; did you mean 'csi'?
                job.yaml:20: satisfaction.targets[1].segment: 'country' is not one of all
                job.yaml:20: the key 'at_least' is missing in satisfaction.targets[1]
                job.yaml:21: the key 'measure' is missing in satisfaction.targets[2]
                job.yaml:21: satisfaction.targets[2].at_least: 'high' is not a number such as 0.5""");
    }

    @Test
    void asksASurveyForItsQuestionnaire() throws IOException {
        String survey = "  survey: {path: x, columns: {wave: w}}\n";
        assertThat(faults(JOB + survey)).isEqualTo("""
                The job document has 1 fault; fix it and try again:
                job.yaml:12: sources.survey: a survey needs its questionnaire; add satisfaction: {questionnaire: FILE}""");
        assertThat(faults(JOB + survey + "satisfaction: {questionnaire: none.yaml}\n"))
                .isEqualTo("""
                The job document has 1 fault; fix it and try again:
                job.yaml:13: satisfaction.questionnaire: there is no file none.yaml, nor none.yaml""");
        write("questions.yaml", QUESTIONS.replace("role: overall", "role: overal"));
        assertThat(faults(JOB + survey + "satisfaction: {questionnaire: questions.yaml}\nsegment: [country]\n"))
                .isEqualTo("""
                The job document has 2 faults; fix them and try again:
                job.yaml:14: unknown key 'segment'; did you mean 'segments'?
                questions.yaml:5: items[2].role: 'overal' is not a role; did you mean 'overall'?""");
    }

    @Test
    void looksForTheQuestionnaireBesideTheJobFirst() throws IOException {
        write("questions.yaml", QUESTIONS);
        var beside = job(JOB + SURVEY);
        assertThat(beside.satisfaction().orElseThrow().questionnaire().name()).isEqualTo("shop");
        var elsewhere = job(JOB
                + SURVEY.replace(
                        "questions.yaml",
                        REFERENCE.resolve("mobi-questionnaire.yaml").toString()));
        assertThat(elsewhere.satisfaction().orElseThrow().questionnaire().name())
                .isEqualTo("ecsi-mobile-phone");
    }

    @Test
    void mapsTheItemsOfAWideSurveyByTheirOwnNames() throws IOException {
        write("questions.yaml", QUESTIONS);
        var wide = job(JOB + SURVEY.replace("customer_id: who", "STAFF: q1 + 1\n      branch_kind: kind"));
        assertThat(wide.sources(SourceKind.SURVEY).get(0).columns())
                .isEqualTo(Map.of(
                        "wave",
                        "'2026Q3'",
                        "STAFF",
                        "q1 + 1",
                        "branch_kind",
                        "kind",
                        "ALL1",
                        "`ALL1`",
                        "TELL",
                        "`TELL`"));
        var rows = job(JOB
                + SURVEY.replace(
                        "customer_id: who",
                        "response_id: id\n      item: question\n      answer: value\n    layout: long"));
        assertThat(rows.sources(SourceKind.SURVEY).get(0).columns().keySet())
                .containsExactly("wave", "response_id", "item", "answer");
    }

    @Test
    void asksWhereTheAttributeOfASegmentComesFrom() throws IOException {
        assertThat(faults(JOB + """
                  customers: {path: c.csv, columns: {customer_id: id, tier: t}}
                segments:
                  - contry
                  - channel
                  - [country, tier]
                  - [country, tier]
                  - [tier, tier]
                  - []
                  - all
                  - shoe_size
                  - {tier: gold}
                """)).isEqualTo("""
                The job document has 8 faults; fix them and try again:
                job.yaml:14: segments: no source has the attribute 'contry'; did you mean 'country'?
                job.yaml:15: segments: no source has the attribute 'channel'; map it under columns of a purchases or customers source
                job.yaml:17: segments: the dimension country × tier is a duplicate
                job.yaml:18: segments: [tier, tier] names an attribute twice
                job.yaml:19: segments: a combined dimension names its attributes, like [country, channel]
                job.yaml:20: segments: 'all' is always there; leave it out
                job.yaml:21: segments: no source has the attribute 'shoe_size'; map it under columns of a customers source (mapped: country, tier)
                job.yaml:22: segments: expected text, found a block of keys""");
        StringBuilder many = new StringBuilder("segments:\n");
        for (int i = 1; i <= 21; i++) {
            many.append("  - a").append(i).append('\n');
        }
        assertThat(faults(JOB + many)).contains("job.yaml:12: segments: 21 dimensions; at most 20 are allowed");
    }

    @Test
    void takesAnAttributeWithANameLikeAFieldWhereASegmentNamesIt() throws IOException {
        write("questions.yaml", QUESTIONS);
        var job = job(JOB + SURVEY.replace("customer_id: who", "wage: pay") + "segments: [wage, country]\n");
        assertThat(job.segments()).hasSize(2);
    }

    @Test
    void keepsPathsBelowTheAllowedRoots() throws IOException {
        write("questions.yaml", QUESTIONS);
        String allowed = Files.createDirectory(folder.resolve("allowed")).toString();
        Files.createSymbolicLink(folder.resolve("allowed/out"), folder);
        String document = (JOB + SURVEY + "customer_key: {file: /etc/key}\n")
                .replace("warehouse/shop", allowed + "/../warehouse")
                .replace("data/*.csv", allowed + "/out/*.csv")
                .replace("answers.csv", allowed + "/answers.csv");
        assertThat(faults(document, Map.of("MANYI_ALLOWED_ROOTS", allowed))).isEqualTo("""
                The job document has 4 faults; fix them and try again:
                job.yaml:2: warehouse: 'allowed/../warehouse' lies outside the folders that MANYI_ALLOWED_ROOTS allows: allowed
                job.yaml:7: sources.purchases.path: 'allowed/out/*.csv' lies outside the folders that MANYI_ALLOWED_ROOTS allows: allowed
                job.yaml:18: satisfaction.questionnaire: 'questions.yaml' lies outside the folders that MANYI_ALLOWED_ROOTS allows: allowed
                job.yaml:19: customer_key.file: '/etc/key' lies outside the folders that MANYI_ALLOWED_ROOTS allows: allowed""");
        write("job.yaml", document.replace("{file: /etc/key}", "demo"));
        var wider = JobFile.read(folder.resolve("job.yaml"), Map.of("MANYI_ALLOWED_ROOTS", "/nowhere:" + folder));
        assertThat(wider.warehouse()).isEqualTo(allowed + "/../warehouse");
    }

    @Test
    void digestsWhatTheJobSaysAndNotWhereThingsLie() throws IOException {
        write("questions.yaml", QUESTIONS);
        String digest = job(JOB + SURVEY).digest();
        assertThat(digest).matches("[0-9a-f]{64}");
        assertThat(job("# moved\n" + JOB.replace("warehouse/shop", "/elsewhere").replace("data/*.csv", "'/more/*.csv'")
                                + SURVEY + "  minimum_respondents: 10\n")
                        .digest())
                .isEqualTo(digest);
        assertThat(job(JOB.replace("amount: paid", "amount: -paid") + SURVEY).digest())
                .isNotEqualTo(digest);
        assertThat(job(JOB + SURVEY + "as_of: 2026-01-01\n").digest()).isNotEqualTo(digest);
        assertThat(job(JOB + SURVEY + "  minimum_respondents: 11\n").digest()).isNotEqualTo(digest);
        write("questions.yaml", QUESTIONS.replace("grace_days: 14", "grace_days: 15"));
        var graced = job(JOB + SURVEY);
        assertThat(graced.digest()).isNotEqualTo(digest);
        write("questions.yaml", QUESTIONS);
        assertThat(graced.satisfaction().orElseThrow().questionnaire().digest())
                .isEqualTo(job(JOB + SURVEY)
                        .satisfaction()
                        .orElseThrow()
                        .questionnaire()
                        .digest());
    }

    @Test
    void sourcesAreFilesAndTheirAddressesHoldNoCredentials() throws IOException {
        Map<String, String> why = Map.of(
                "jdbc:postgresql://db/shop?user=me&password=geheim",
                "'jdbc:postgresql:***' is a database, and sources are files; export the table to CSV or Parquet and name"
                        + " that file",
                "s3a://AKIA:geheim/x@bucket/*.csv",
                "'s3a://***@bucket/*.csv' holds credentials, which would end up in tables and messages; take them out, and"
                        + " give them to Spark as settings of the file system (spark.hadoop.fs...)",
                "https://shop.example/x.csv?token=geheim",
                "'https://shop.example/x.csv?***' holds credentials, which would end up in tables and messages; take them"
                        + " out, and give them to Spark as settings of the file system (spark.hadoop.fs...)",
                "https://shop.example/x.csv",
                "'https://shop.example/x.csv' is a web address, which is not read; download the file and name the copy");
        for (Map.Entry<String, String> path : why.entrySet()) {
            String faults = faults(JOB.replace("data/*.csv", path.getKey()), Map.of("MANYI_ALLOWED_ROOTS", "/data"));
            assertThat(faults).contains("job.yaml:7: sources.purchases.path: " + path.getValue());
            assertThat(faults).doesNotContain("geheim");
        }
        assertThat(faults(
                        JOB.replaceFirst("warehouse: .*", "warehouse: s3a://me:geheim@b/w"),
                        Map.of("MANYI_ALLOWED_ROOTS", "/data")))
                .doesNotContain("geheim");
        assertThat(job(JOB.replace("data/*.csv", "abfss://files@shop.dfs.core.windows.net/?.csv"))
                        .sources())
                .isNotEmpty();
        assertThat(job(JOB.replace("data/*.csv", "hdfs://namenode:8020/a@b/?.csv"))
                        .sources())
                .isNotEmpty();
    }

    @Test
    @Timeout(20)
    void aDocumentOfManyMegabytesIsNotParsed() throws IOException {
        assertThat(faults(JOB + "# " + "x".repeat(1 << 20)))
                .matches("The job document has 1 fault; \\w+ it and try again:\n"
                        + "job.yaml:1: has 1,048,\\d{3} bytes; a document has at most 1,048,576. Name the YAML file, not the"
                        + " data");
        StringBuilder keys = new StringBuilder(JOB);
        for (int i = 0; i < 30_000; i++) {
            keys.append("satisfactoin").append(i).append(": 1\n");
        }
        assertThat(faults(keys.toString()))
                .endsWith("job.yaml: ... and 29900 more")
                .hasLineCount(102);
    }

    @Test
    void aFileOfTheKernelIsNoDocument() {
        assertThatThrownBy(() -> JobFile.read(Path.of("/proc/self/environ"), Map.of()))
                .hasMessageEndingWith(
                        "/proc/self/environ:1: is a file of the operating system in /proc, not a document;"
                                + " name a YAML file");
    }

    private Job job(String document) throws IOException {
        write("job.yaml", document);
        return JobFile.read(folder.resolve("job.yaml"), Map.of());
    }

    /** The message of the failure, with file names instead of paths. */
    private String faults(String document) throws IOException {
        return faults(document, Map.of());
    }

    private String faults(String document, Map<String, String> environment) throws IOException {
        write("job.yaml", document);
        Throwable thrown = catchThrowable(() -> JobFile.read(folder.resolve("job.yaml"), environment));
        assertThat(thrown).isInstanceOf(Failure.class);
        assertThat(((Failure) thrown).kind()).isEqualTo(Failure.Kind.USAGE);
        return thrown.getMessage().replace(folder + "/", "");
    }

    private void write(String name, String content) throws IOException {
        Files.writeString(folder.resolve(name), content);
    }
}

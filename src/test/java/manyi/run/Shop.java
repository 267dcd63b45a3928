package manyi.run;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.LocalDate;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.BiFunction;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import manyi.config.Job;
import manyi.config.JobFile;
import manyi.conformed.CustomerAttribute;
import manyi.conformed.CustomerMonth;
import manyi.conformed.CustomerSpan;
import manyi.conformed.IndicatorWeight;
import manyi.conformed.Purchase;
import manyi.conformed.PurchaseAttribute;
import manyi.conformed.PurchaseMonth;
import manyi.conformed.ReleasedWave;
import manyi.conformed.SurveyResponse;
import manyi.conformed.WaveResponse;
import manyi.mart.account.CurrentRow;
import manyi.mart.loyalty.CohortCell;
import manyi.mart.path.MomentCell;
import manyi.mart.path.PathFigure;
import manyi.mart.satisfaction.LaterResponse;
import manyi.mart.satisfaction.ResponseCell;
import manyi.mart.satisfaction.SurveyExclusion;
import manyi.mart.survey.PairedCell;
import manyi.mart.survey.RakingFactor;
import manyi.mart.survey.SatisfactionCell;
import manyi.source.Landing;
import manyi.source.ReadFile;
import manyi.store.DeltaStore;
import manyi.store.Warehouse;
import manyi.table.Digest;
import manyi.table.Table;
import manyi.table.Visibility;
import manyi.testing.Sparks;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/** A small shop in a folder: three months of purchases, its customers and a survey, each file written on demand. */
final class Shop {

    private static final String JOB = """
            job: shop
            warehouse: ${WAREHOUSE}
            time_zone: Asia/Shanghai
            currency: CNY
            customer_key: demo
            sources:
              purchases:
                path: ${SHOP}/purchases/*.csv
                key: [order_id]
                types: {at: timestamp, amount: "decimal(18,4)"}
                columns: {order_id: order_id, customer_id: who, purchased_at: at, amount: amount, channel: channel}
              customers:
                path: ${SHOP}/customers/*.csv
                key: customer_id
                columns: {customer_id: who, region: region}
              survey:
                path: ${SHOP}/survey/*.csv
                columns: {response_id: response_id, customer_id: who, answered_at: at}
            segments: [region, [region, channel]]
            satisfaction: {questionnaire: questionnaire.yaml, minimum_respondents: 2}
            quality: {maximum_rejected_share: 0.5}
            """;

    private static final String ECONOMICS = """
              costs:
                path: ${SHOP}/costs.csv
                columns: {period: period, purpose: purpose, amount: amount, region: region}
              margins:
                path: ${SHOP}/margins.csv
                columns: {product_group: group, margin_share: share, valid_from: since}
              spending:
                path: ${SHOP}/spending.csv
                columns: {customer_id: who, period: period, amount: amount}
              referrals:
                path: ${SHOP}/referrals.csv
                columns: {customer_id: who, referred_customer_id: told, referred_at: at}
            """;

    private static final String LOYALTY = """
            loyalty:
              period_months: 2
              sales_force: {yearly_cost: 182500, visits: 365, visits_per_customer: 4}
              value_tiers: {vip: 100, target: 30}
              targets: [{from: light, to: medium, share: 0.1}]
            """;

    private static final String QUESTIONNAIRE = """
            questionnaire: shop
            items:
              - {id: q1, text: 'How good are the goods?', scale: [1, 7], roles: [indicator], group: quality}
              - {id: q2, text: 'How kind is the service?', scale: [1, 7], roles: [indicator], group: service}
              - {id: q3, text: 'How satisfied are you?', scale: [1, 7], roles: [overall]}
              - {id: q4, text: 'Would you recommend us?', scale: [0, 10], roles: [recommend]}
            groups: {quality: 2, service: 1}
            waves:
              - {name: 2026Q1, end: 2026-03-31, grace_days: 3}
            """;

    /** A wave more, what was expected, what is got and given, and the rise of prices that would make customers go. */
    private static final String MORE_QUESTIONS =
            QUESTIONNAIRE.replace("groups:", """
              - {id: q5, text: 'Which rise of prices would make you go?', scale: [0, 10], roles: [price_tolerance]}
            groups:""").replace("waves:\n", """
            expectation: {service: {expected: q1, perceived: q2}}
            delivered_value:
              value: {product: q1, service: q2}
              cost: {money: q4}
            waves:
              - {name: 2025Q4, end: 2025-12-31, grace_days: 3}
            """);

    private static final String MODEL = """
            model:
              constructs: {quality: [q1, q2], satisfaction: [q3], loyalty: [q4]}
              paths: [quality -> satisfaction, satisfaction -> loyalty]
            drivers: {predictors: groups}
            bootstrap: {replicates: 20}
            """;

    static final LocalDate AS_OF = LocalDate.of(2026, 4, 10);

    private static final ObjectMapper JSON = new ObjectMapper();

    private final Path folder;

    Shop(Path folder) {
        this.folder = folder;
        if (!Files.exists(jobFile())) {
            write("job.yaml", JOB);
            write("questionnaire.yaml", QUESTIONNAIRE);
        }
    }

    private static String economics() {
        return JOB.replace("channel: channel}", "channel: channel, product_group: channel}")
                .replace("segments:", ECONOMICS + "segments:");
    }

    /** The same shop with costs, margins, spending in the category and referrals. */
    Shop withEconomics() {
        write("job.yaml", economics());
        write("costs.csv", "period,purpose,amount,region\n2026,acquisition,1200,\n2026-03,retention,50,East\n");
        write("margins.csv", "group,share,since\nweb,0.3,\nweb,0.4,2026-02-01\n");
        StringBuilder spending = new StringBuilder("who,period,amount\n");
        StringBuilder told = new StringBuilder("who,told,at\n");
        for (int i = 0; i < 20; i++) {
            spending.append("c%d,2026,%d\n".formatted(i * 2, i * 40));
            told.append("c%d,c%d,2026-01-%02d\n".formatted(i % 5, i + 7, 1 + i));
        }
        return write("spending.csv", spending.toString()).write("referrals.csv", told.toString());
    }

    /** The same customers asked twice, and for more. */
    Shop withMoreQuestions() {
        StringBuilder rows = new StringBuilder("response_id,who,at,q1,q2,q3,q4,q5\n");
        for (int i = 0; i < 120; i++) {
            rows.append("r%d,c%d,%s-%02d 10:00:00,%d,%d,%d,%d,%d\n"
                    .formatted(
                            i,
                            i / 2,
                            i % 2 == 0 ? "2025-12" : "2026-03",
                            1 + i % 28,
                            1 + i % 7,
                            1 + (i * 3) % 7,
                            1 + (i * 5) % 7,
                            (i * 7) % 11,
                            (i * 3) % 10));
        }
        return write("questionnaire.yaml", MORE_QUESTIONS).write("survey/q1.csv", rows.toString());
    }

    /**
     * That shop with raked weights, its path model, loyalty and lifetime values derived too; most tests do without, since
     * they cost time.
     */
    Shop withAllMarts() {
        write("questionnaire.yaml", MORE_QUESTIONS + MODEL);
        return withEconomics()
                .write(
                        "job.yaml",
                        economics()
                                        .replace(
                                                "minimum_respondents: 2",
                                                "minimum_respondents: 2, weighting: {margins: {region: customers}},"
                                                        + " targets: [{measure: csi, at_least: 60}]")
                                + LOYALTY
                                + "lifetime_value: {proof_weeks: 2, segment: region, margin: 0.4, years_of_loyalty: 3}\n");
    }

    Path folder() {
        return folder;
    }

    Path jobFile() {
        return folder.resolve("job.yaml");
    }

    Shop withCustomers() {
        StringBuilder rows = new StringBuilder("who,region\n");
        for (int i = 0; i < 30; i++) {
            rows.append("c")
                    .append(i)
                    .append(',')
                    .append(i % 3 == 0 ? "East" : i % 7 == 0 ? "" : "West")
                    .append('\n');
        }
        return write("customers/all.csv", rows.toString());
    }

    /** The same questionnaire with a second wave, which is open at {@link #AS_OF}. */
    Shop withOpenWave() {
        return write("questionnaire.yaml", QUESTIONNAIRE + "  - {name: 2026Q2, end: 2026-06-30, grace_days: 3}\n");
    }

    Shop withSurvey() {
        StringBuilder rows = new StringBuilder("response_id,who,at,q1,q2,q3,q4\n");
        for (int i = 0; i < 24; i++) {
            rows.append("r%d,c%d,2026-03-%02d 10:00:00,%d,%d,%d,%d\n"
                    .formatted(i, i, 1 + i % 28, 1 + i % 7, 1 + (i * 3) % 7, 1 + (i * 5) % 7, (i * 7) % 11));
        }
        return write("survey/q1.csv", rows.toString());
    }

    /** A month of purchases; each also repeats an order of the month before with another amount, and has a bad row. */
    Shop withMonth(int month) {
        StringBuilder rows = new StringBuilder("order_id,who,at,amount,channel\n");
        for (int i = 0; i < 40; i++) {
            int who = (i * month * 7) % 33;
            rows.append("o%d-%d,%s,2026-%02d-%02d 1%d:30:00,%s%d.%02d,%s\n"
                    .formatted(
                            month,
                            i,
                            who > 30 ? "" : "c" + who,
                            month,
                            1 + (i * 11) % 28,
                            i % 10,
                            i % 9 == 8 ? "-" : "",
                            5 + i,
                            i,
                            i % 2 == 0 ? "web" : "shop"));
        }
        rows.append("o%d-3,c5,2026-%02d-15 12:00:00,77.77,web\n".formatted(month - 1, month));
        rows.append("bad%d,c1,2026-02-31 12:00:00,1,web\n".formatted(month));
        return write("purchases/2026-0" + month + ".csv", rows.toString());
    }

    Shop write(String file, String content) {
        try {
            Path path = folder.resolve(file);
            Files.createDirectories(path.getParent());
            Files.writeString(path, content);
            return this;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    Job job(Path warehouse) {
        return job(jobFile(), warehouse);
    }

    static Job job(Path jobFile, Path warehouse) {
        return JobFile.read(jobFile, Map.of("SHOP", jobFile.getParent().toString(), "WAREHOUSE", warehouse.toString()));
    }

    /** Content digests of all that readers see, from the files of each table, which its log must name and no others. */
    static Map<String, String> published(Path warehouse) {
        return digests(readable(warehouse), (table, path) -> {
            try (Stream<Path> files = Files.list(path)) {
                Set<String> data = files.map(file -> file.getFileName().toString())
                        .filter(name -> name.endsWith(".parquet"))
                        .collect(Collectors.toSet());
                if (!data.equals(logged(path))) {
                    throw new AssertionError(table.name() + ": its files differ from those of its log");
                }
                return Sparks.session()
                        .read()
                        .parquet(data.stream()
                                .map(name -> path.resolve(name).toString())
                                .toArray(String[]::new));
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        });
    }

    /** The same through Spark's Delta. */
    static Map<String, String> publishedByDelta(Path warehouse) {
        return digests(
                readable(warehouse),
                (table, path) -> Sparks.session().read().format("delta").load(path.toString()));
    }

    private static Map<String, String> digests(Map<Table, Path> tables, BiFunction<Table, Path, Dataset<Row>> rowsOf) {
        return new TreeMap<>(tables.entrySet().stream()
                .collect(Collectors.toConcurrentMap(
                        table -> table.getKey().name(),
                        table -> digest(table.getKey(), rowsOf.apply(table.getKey(), table.getValue())))));
    }

    private static String digest(Table table, Dataset<Row> rows) {
        return Digest.of(table, table.conform(rows)).digest();
    }

    /** The published tables and where they lie; those of a survey are there where the job has one. */
    private static Map<Table, Path> readable(Path warehouse) {
        Warehouse house = Warehouse.at(warehouse.toString());
        Map<Table, Path> found = new LinkedHashMap<>();
        for (Table table : Pipeline.READABLE) {
            Path visibility = table.visibility() == Visibility.RESTRICTED ? house.restricted() : house.published();
            Path path = visibility.resolve(table.name());
            if (!table.equals(RunManifest.TABLE) && Files.isDirectory(path)) {
                found.put(table, path);
            }
        }
        return found;
    }

    /** The files that the one commit of a table adds. */
    private static Set<String> logged(Path table) throws IOException {
        Path log = table.resolve("_delta_log");
        try (Stream<Path> files = Files.list(log)) {
            if (files.filter(file -> file.toString().endsWith(".json")).count() != 1) {
                throw new AssertionError(table + " has more commits than one");
            }
        }
        Set<String> added = new HashSet<>();
        for (String line : Files.readAllLines(log.resolve("00000000000000000000.json"))) {
            JsonNode action = JSON.readTree(line);
            if (action.has("add")) {
                added.add(action.get("add").get("path").asText());
            }
        }
        return added;
    }

    /** The tables of state that runs write themselves. */
    static List<Table> landed() {
        return List.of(
                Landing.PURCHASE,
                Landing.CUSTOMER,
                Landing.SURVEY,
                Landing.COST,
                Landing.MARGINS,
                Landing.SPENDING,
                Landing.REFERRAL,
                ReadFile.TABLE,
                ReleasedWave.TABLE);
    }

    /** Tables of state that are derived and kept. */
    static List<Table> kept() {
        return List.of(
                Purchase.TABLE,
                PurchaseMonth.TABLE,
                PurchaseAttribute.TABLE,
                CustomerMonth.TABLE,
                CustomerSpan.TABLE,
                CustomerAttribute.TABLE,
                CohortCell.TABLE,
                CurrentRow.TABLE,
                SurveyResponse.TABLE,
                WaveResponse.TABLE,
                IndicatorWeight.TABLE,
                LaterResponse.TABLE,
                RakingFactor.TABLE,
                SatisfactionCell.TABLE,
                PairedCell.TABLE,
                ResponseCell.TABLE,
                SurveyExclusion.TABLE,
                MomentCell.TABLE,
                PathFigure.TABLE);
    }

    /** Content digests of the state. */
    static Map<String, String> state(Path warehouse) {
        DeltaStore store = new DeltaStore(
                Sparks.session(), Warehouse.at(warehouse.toString()).state());
        return digests(
                Stream.concat(landed().stream(), kept().stream())
                        .filter(store::has)
                        .collect(Collectors.toMap(table -> table, store::path)),
                (table, path) -> store.read(table));
    }

    /** A shop or a warehouse as it stands, once more: the times of files are what runs know them by. */
    static Path copied(Path from, Path to) {
        try (Stream<Path> paths = Files.walk(from)) {
            for (Path path : paths.toList()) {
                Files.copy(
                        path,
                        to.resolve(from.relativize(path)),
                        StandardCopyOption.COPY_ATTRIBUTES,
                        LinkOption.NOFOLLOW_LINKS);
            }
            return to;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** This shop in another folder. */
    Shop copiedTo(Path to) {
        return new Shop(copied(folder, to));
    }

    /** Rejected rows, counted. */
    static long rejected(Path warehouse) {
        return new DeltaStore(
                        Sparks.session(), Warehouse.at(warehouse.toString()).state())
                .read(Landing.REJECTED_ROW)
                .count();
    }
}

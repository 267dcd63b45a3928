package manyi.run;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.xxhash64;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TimeZone;
import java.util.TreeMap;
import manyi.config.Job;
import manyi.conformed.Attributes;
import manyi.conformed.CustomerAttribute;
import manyi.conformed.CustomerKeys;
import manyi.conformed.CustomerMonth;
import manyi.conformed.CustomerSpan;
import manyi.conformed.LaterPurchase;
import manyi.conformed.Purchase;
import manyi.conformed.PurchaseAttribute;
import manyi.conformed.PurchaseMonth;
import manyi.conformed.SurveyResponse;
import manyi.mart.loyalty.CohortCell;
import manyi.mart.survey.MarginCount;
import manyi.mart.survey.UnpairedWave;
import manyi.mart.value.EarlierModel;
import manyi.source.Landing;
import manyi.source.ReadFile;
import manyi.store.DeltaStore;
import manyi.store.Warehouse;
import manyi.table.Audit;
import manyi.table.Derivation;
import manyi.table.Dictionary;
import manyi.table.Table;
import manyi.testing.Sparks;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Same in, same out: neither the order of rows nor their partitions nor the machine's clock settings change a table. */
class InvarianceTest {

    @TempDir
    static Path folder;

    private static Shop shop;

    /** The warehouse of a run over the shop where the machine's zone is UTC. */
    private static Path utc;

    @BeforeAll
    static void runsOnce() {
        shop = new Shop(folder.resolve("shop"))
                .withCustomers()
                .withMonth(1)
                .withMonth(2)
                .withEconomics()
                .withMoreQuestions();
        utc = published("UTC");
    }

    /** The warehouse of a run where the machine's zone is this. */
    private static Path published(String zone) {
        TimeZone before = TimeZone.getDefault();
        Path warehouse = folder.resolve(zone.replace('/', '-'));
        try {
            TimeZone.setDefault(TimeZone.getTimeZone(zone));
            Run.execute(
                    Sparks.session(),
                    RunRequest.of(shop.job(warehouse), Shop.AS_OF, Instant.parse("2026-05-01T00:00:00Z")),
                    Progress.SILENT);
        } finally {
            TimeZone.setDefault(before);
        }
        return warehouse;
    }

    @Test
    void everyTableIsTheSameFromOneSevenAndThirtyTwoPartitions() {
        Path whole = Shop.copied(shop.folder(), folder.resolve("whole"));
        Job job = Shop.job(new Shop(whole).withAllMarts().jobFile(), utc);
        var one = derived(job, utc, 1);
        assertThat(one).containsKeys(derivedTables());
        assertThat(derived(job, utc, 7)).isEqualTo(one);
        var plans = Sparks.session().conf();
        String before = plans.get("spark.sql.adaptive.enabled");
        plans.set("spark.sql.adaptive.enabled", "true");
        try {
            assertThat(derived(job, utc, 32))
                    .as("planned again after each stage")
                    .isEqualTo(one);
        } finally {
            plans.set("spark.sql.adaptive.enabled", before);
        }
    }

    @Test
    void theMachinesTimeZoneChangesNothing() {
        var published = Shop.published(utc);
        var state = Shop.state(utc);
        for (String zone : List.of("America/St_Johns", "Pacific/Kiritimati")) {
            Path there = published(zone);
            assertThat(Shop.published(there)).as(zone).isEqualTo(published);
            assertThat(Shop.state(there)).as(zone).isEqualTo(state);
        }
    }

    /** What readers see, but for what a run says of itself. */
    private static String[] derivedTables() {
        return Pipeline.READABLE.stream()
                .filter(table -> !table.equals(RunManifest.TABLE) && !table.equals(Dictionary.TABLE))
                .map(Table::name)
                .toArray(String[]::new);
    }

    /** Every table derived from the one before it, with all inputs shuffled into so many partitions. */
    private static Map<String, String> derived(Job job, Path warehouse, int partitions) {
        DeltaStore store = new DeltaStore(
                Sparks.session(), Warehouse.at(warehouse.toString()).state());
        Attributes attributes = Attributes.of(job);
        Map<String, Dataset<Row>> tables = new TreeMap<>();
        for (Table table : List.of(
                Landing.PURCHASE,
                Landing.CUSTOMER,
                Landing.SURVEY,
                Landing.COST,
                Landing.MARGINS,
                Landing.SPENDING,
                Landing.REFERRAL,
                ReadFile.TABLE)) {
            tables.put(table.name(), shuffled(store.read(table), partitions));
        }
        for (Table table : List.of(EarlierModel.TABLE, MarginCount.TABLE, UnpairedWave.TABLE)) {
            tables.put(table.name(), Sparks.session().createDataFrame(List.of(), table.schema()));
        }
        tables.put(LaterPurchase.TABLE.name(), LaterPurchase.of(store.read(Purchase.TABLE), Shop.AS_OF));
        List<Derivation> derivations = new ArrayList<>(List.of(
                new Purchase(true, true),
                new PurchaseMonth(),
                new PurchaseAttribute(attributes.fromPurchases()),
                new CustomerMonth(),
                new CustomerSpan(),
                new CustomerAttribute(),
                new SurveyResponse(job.satisfaction().orElseThrow(), attributes)));
        List<Derivation> marts = Pipeline.of(job, Shop.AS_OF, new CustomerKeys(new byte[16]));
        derivations.add(marts.get(0));
        derivations.add(new CohortCell(job.segments()));
        derivations.addAll(marts.subList(1, marts.size()));
        Map<String, String> digests = new TreeMap<>();
        List<Derivation> waiting = new ArrayList<>(derivations);
        while (!waiting.isEmpty()) {
            Derivation next = waiting.stream()
                    .filter(derivation ->
                            derivation.inputs().stream().allMatch(input -> tables.containsKey(input.name())))
                    .findFirst()
                    .orElseThrow();
            waiting.remove(next);
            Dataset<Row> rows =
                    shuffled(next.table().conform(next.from(input -> tables.get(input.name()))), partitions);
            Audit.Report report = Audit.of(next.table(), rows);
            assertThat(report.breaches()).as(next.table().name()).isEmpty();
            digests.put(next.table().name(), report.digest());
            tables.put(next.table().name(), rows);
        }
        return digests;
    }

    /** Shuffled once, not again by each table that reads them. */
    private static Dataset<Row> shuffled(Dataset<Row> rows, int partitions) {
        Column[] all = Arrays.stream(rows.columns()).map(name -> col(name)).toArray(Column[]::new);
        return rows.repartition(partitions, xxhash64(all))
                .sortWithinPartitions(xxhash64(all))
                .localCheckpoint();
    }
}

package manyi.run;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.xxhash64;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TimeZone;
import java.util.TreeMap;
import manyi.config.Job;
import manyi.conformed.CustomerKeys;
import manyi.mart.value.EarlierModel;
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
    void everyTableIsTheSameFromOneAndFromSevenPartitionsPlannedAgainAfterEachStage() {
        Path whole = Shop.copied(shop.folder(), folder.resolve("whole"));
        Job job = Shop.job(new Shop(whole).withAllMarts().jobFile(), utc);
        var one = derived(job, utc, 1);
        assertThat(one).containsKeys(derivedTables());
        var plans = Sparks.session().conf();
        String before = plans.get("spark.sql.adaptive.enabled");
        plans.set("spark.sql.adaptive.enabled", "true");
        try {
            assertThat(derived(job, utc, 7)).isEqualTo(one);
        } finally {
            plans.set("spark.sql.adaptive.enabled", before);
        }
    }

    @Test
    void theMachinesTimeZoneChangesNothing() {
        Path there = published("Pacific/Kiritimati");
        assertThat(Shop.published(there)).isEqualTo(Shop.published(utc));
        assertThat(Shop.state(there)).isEqualTo(Shop.state(utc));
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
        Map<String, Dataset<Row>> tables = new TreeMap<>();
        for (Table table : Shop.landed()) {
            tables.put(table.name(), shuffled(store.read(table), partitions));
        }
        tables.put(EarlierModel.TABLE.name(), Sparks.session().createDataFrame(List.of(), EarlierModel.TABLE.schema()));
        Map<String, String> digests = new TreeMap<>();
        Graph graph = new Graph(Pipeline.of(job, Shop.AS_OF, new CustomerKeys(new byte[16])));
        for (Derivation next : graph.inOrder()) {
            Dataset<Row> rows =
                    shuffled(next.table().conform(next.from(input -> tables.get(input.name()))), partitions);
            Audit.Report report = Audit.of(next.table(), rows);
            assertThat(report.failed()).as(next.table().name()).isEmpty();
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

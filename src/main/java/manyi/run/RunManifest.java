package manyi.run;

import java.time.LocalDate;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import manyi.conformed.CustomerKeys;
import manyi.mart.SegmentColumns;
import manyi.table.Field;
import manyi.table.Table;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.types.DataTypes;

/** What a run was made of and what it made: enough to repeat it and to compare it with another. */
public final class RunManifest {

    public static final Table TABLE = Table.named("run_manifest", "What the run read and what it produced.")
            .oneRowPer(
                    "fact of the run",
                    SegmentColumns.AS_OF,
                    Field.required(
                            "entry",
                            DataTypes.StringType,
                            "The kind of fact: run, input, state or table (a published or restricted one)."),
                    Field.required(
                            "name",
                            DataTypes.StringType,
                            "The fact's name: a version, a file, a state table, a table."))
            .with(
                    Field.required("run_id", DataTypes.StringType, "The run.").leftOutOfDigests(),
                    Field.optional("rows", DataTypes.LongType, "Rows of the input file or table.")
                            .in("rows"),
                    Field.optional(
                            "digest",
                            DataTypes.StringType,
                            "For an input, the SHA-256 of its bytes; for a table, its content digest, which is equal for equal rows."),
                    Field.optional("value", DataTypes.StringType, "The fact's value, where it is not a count.")
                            .leftOutOfDigests());

    private final LocalDate asOf;
    private final String runId;
    private final List<Row> rows = new ArrayList<>();

    private RunManifest(LocalDate asOf, String runId) {
        this.asOf = asOf;
        this.runId = runId;
    }

    /** The manifest's rows: what the run is, what it read, and what it made. */
    static List<Row> rows(
            RunRequest request,
            String runId,
            Map<String, String> facts,
            List<Object[]> inputs,
            List<Row> borrowed,
            Map<String, Long> state,
            List<RunResult.Written> tables) {
        RunManifest manifest = new RunManifest(request.asOf(), runId);
        facts.forEach((name, value) -> manifest.add("run", name, null, null, value));
        inputs.forEach(input -> manifest.add("input", input[0], input[1], input[2], null));
        manifest.rows.addAll(borrowed);
        state.forEach((table, version) -> manifest.add("state", table, null, null, String.valueOf(version)));
        tables.forEach(table -> manifest.add("table", table.table(), table.rows(), table.digest(), null));
        return manifest.rows;
    }

    private void add(String entry, Object name, Object count, Object digest, String value) {
        rows.add(RowFactory.create(asOf, entry, name, runId, count, digest, value));
    }

    /** What the run was made with. */
    static Map<String, String> facts(RunRequest request, CustomerKeys keys, String sparkVersion) {
        Map<String, String> facts = new LinkedHashMap<>();
        facts.put("status", "complete");
        facts.put("job", request.job().name());
        facts.put("configuration_digest", request.job().digest());
        facts.put("started_at", request.startedAt().toString());
        facts.put("customer_key_fingerprint", keys.fingerprint());
        facts.put("manyi_version", Versions.manyi());
        facts.put("spark_version", sparkVersion);
        facts.put("delta_version", Versions.delta());
        facts.put("jdk_version", System.getProperty("java.version"));
        return facts;
    }
}

package manyi.run;

import manyi.mart.SegmentColumns;
import manyi.table.Field;
import manyi.table.Table;
import org.apache.spark.sql.types.DataTypes;

/** What a run was made of and what it made: enough to repeat it and to compare it with another. */
public final class RunManifest {

    public static final Table TABLE = Table.named("run_manifest", "What the run was made of and what it made.")
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
                            "Of an input SHA-256 of its bytes, of a table its content digest: equal for equal rows."),
                    Field.optional("value", DataTypes.StringType, "What the fact says, where it is no count.")
                            .leftOutOfDigests());

    private RunManifest() {}
}

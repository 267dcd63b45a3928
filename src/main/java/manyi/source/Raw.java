package manyi.source;

import java.util.List;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/**
 * Records of files with one shape, before they are typed: {@code file}, {@code place}, {@code fault} and one column for
 * each that the mapping reads, {@code r0}, {@code r1}, ... in the order of {@code columns}.
 *
 * @param record the record as JSON: whole, or what the mapping reads of it where rows are people
 */
record Raw(List<String> columns, Dataset<Row> rows, Column record) {}

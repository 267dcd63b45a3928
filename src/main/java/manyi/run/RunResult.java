package manyi.run;

import java.nio.file.Path;
import java.time.LocalDate;
import java.util.List;
import java.util.Optional;

/**
 * How a run ended.
 *
 * @param folder the run's folder, holding {@code published/} and {@code restricted/}
 * @param isCurrent whether readers now see it
 * @param laterDay the later day that readers go on seeing instead, where that is why they do not see it
 * @param accounts rows of each source, summed over its files
 */
public record RunResult(
        String runId,
        LocalDate asOf,
        Path folder,
        boolean isCurrent,
        Optional<LocalDate> laterDay,
        List<Account> accounts,
        List<Written> tables,
        List<String> warnings) {

    /** Rows of a source: in, accepted, rejected, duplicates; the last three add up to the first. */
    public record Account(
            String source, long files, long newFiles, long rowsIn, long accepted, long rejected, long duplicates) {}

    /** A table that was written. */
    public record Written(String table, long rows, String digest) {}

    public RunResult {
        accounts = List.copyOf(accounts);
        tables = List.copyOf(tables);
        warnings = List.copyOf(warnings);
    }
}

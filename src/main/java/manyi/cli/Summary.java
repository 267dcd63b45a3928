package manyi.cli;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import manyi.run.RunResult;

/** What a run did, for whoever started it. */
final class Summary {

    private Summary() {}

    /** Sources, tables, warnings, and where readers look. */
    static String of(RunResult result, String job) {
        StringBuilder text = new StringBuilder();
        text.append("Run ")
                .append(result.runId())
                .append(", as of ")
                .append(result.asOf())
                .append("\n\n");
        text.append(accounts(result)).append('\n');
        text.append(tables(result)).append('\n');
        for (String warning : result.warnings()) {
            text.append("! ").append(warning).append('\n');
        }
        if (result.isCurrent()) {
            text.append("Readers see it: ")
                    .append(result.folder().resolve("published"))
                    .append('\n');
            text.append("Look at it:     manyi tables ").append(job).append('\n');
        } else {
            text.append("Readers do not see it");
            result.laterDay()
                    .ifPresent(day -> text.append(", since the current run has a later as_of, ")
                            .append(day));
            text.append("; it is in ").append(result.folder()).append('\n');
            if (result.laterDay().isPresent()) {
                text.append("To publish it anyway: manyi run ")
                        .append(job)
                        .append(" --as-of ")
                        .append(result.asOf())
                        .append(" --make-current\n");
            }
        }
        return text.toString();
    }

    /** A row for each source; accepted, rejected and duplicate rows add up to the rows in. */
    static String accounts(RunResult result) {
        List<List<Object>> rows = new ArrayList<>();
        for (RunResult.Account account : result.accounts()) {
            rows.add(List.of(
                    account.source(),
                    account.files(),
                    account.newFiles(),
                    account.rowsIn(),
                    account.accepted(),
                    account.rejected(),
                    account.duplicates()));
        }
        return Sheet.of(List.of("source", "files", "new", "rows in", "accepted", "rejected", "duplicate"), rows)
                .text(Sheet.Format.TABLE);
    }

    private static String tables(RunResult result) {
        List<List<Object>> rows = new ArrayList<>();
        for (RunResult.Written written : result.tables()) {
            rows.add(List.of(written.table(), written.rows(), written.digest()));
        }
        return Sheet.of(List.of("table", "rows", "content digest"), rows).text(Sheet.Format.TABLE);
    }

    /** A count with commas between the thousands. */
    static String count(long number) {
        return String.format(Locale.ROOT, "%,d", number);
    }
}

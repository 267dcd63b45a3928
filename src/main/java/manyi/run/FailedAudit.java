package manyi.run;

import java.util.Locale;
import java.util.stream.Collectors;
import manyi.table.Audit;
import manyi.table.Failure;

/** Rows that break a table's rules. */
final class FailedAudit extends Failure {

    private static final long serialVersionUID = 1L;

    private FailedAudit(Audit.Report report) {
        super(
                Kind.QUALITY,
                report.failed().stream()
                        .map(failed -> String.format(
                                Locale.ROOT,
                                "%s: %,d of %,d rows break [%s].",
                                failed.table(),
                                failed.rows(),
                                report.rows(),
                                failed.rule()))
                        .collect(Collectors.joining("\n")));
    }

    /** The report, unless expectations failed. */
    static Audit.Report refused(Audit.Report report) {
        if (!report.failed().isEmpty()) {
            throw new FailedAudit(report);
        }
        return report;
    }
}

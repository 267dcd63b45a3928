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
                report.breaches().stream()
                        .map(breach -> String.format(
                                Locale.ROOT,
                                "%s: %,d of %,d rows break [%s].",
                                breach.table(),
                                breach.rows(),
                                report.rows(),
                                breach.rule()))
                        .collect(Collectors.joining("\n")));
    }

    /** The report, unless it tells of breaches. */
    static Audit.Report refused(Audit.Report report) {
        if (!report.breaches().isEmpty()) {
            throw new FailedAudit(report);
        }
        return report;
    }
}

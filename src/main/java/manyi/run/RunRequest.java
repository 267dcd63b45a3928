package manyi.run;

import java.time.Instant;
import java.time.LocalDate;
import java.util.Set;
import manyi.config.Job;

/**
 * What a run is asked to do.
 *
 * @param asOf the last day that exists
 * @param startedAt when it was asked; names the run
 * @param select tables to derive into {@code scratch/} without publishing; empty for a run that publishes
 * @param isFullRefresh whether all that is derived is rebuilt from landing
 * @param isReload whether landing too is rebuilt from the sources
 * @param isMadeCurrent whether readers see this run even where it is older than the current one
 * @param forgotten files that are gone and whose rows shall go too, as {@code ingest_account} names them
 */
public record RunRequest(
        Job job,
        LocalDate asOf,
        Instant startedAt,
        Set<String> select,
        boolean isFullRefresh,
        boolean isReload,
        boolean isMadeCurrent,
        Set<String> forgotten) {
    public RunRequest {
        select = Set.copyOf(select);
        forgotten = Set.copyOf(forgotten);
    }

    /** A plain run. */
    public static RunRequest of(Job job, LocalDate asOf, Instant startedAt) {
        return new RunRequest(job, asOf, startedAt, Set.of(), false, false, false, Set.of());
    }
}

package manyi.cli;

import java.nio.file.Path;
import java.time.Clock;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import manyi.config.AllowedRoots;
import manyi.config.Job;
import manyi.config.JobFile;
import manyi.config.Source;
import manyi.table.Failure;

/** Reads job documents, and applies what the command line overrides in them. */
final class Jobs {

    private Jobs() {}

    /** The job of this document, with another warehouse where one is named. */
    static Job read(Path file, Optional<String> warehouse, Map<String, String> environment, boolean isCluster) {
        Job job = JobFile.read(file, environment);
        if (warehouse.isPresent()) {
            AllowedRoots.of(environment).refusal(warehouse.get()).ifPresent(refusal -> {
                throw new Failure(Failure.Kind.USAGE, "--warehouse: " + refusal);
            });
            job = in(job, warehouse.get());
        }
        if (isCluster) {
            refuseRelativePaths(job);
        }
        return job;
    }

    /** The reporting date: the argument's, else the job's, else yesterday in the job's zone. */
    static LocalDate asOf(Optional<LocalDate> argument, Job job, Clock clock) {
        return argument.or(job::asOf)
                .orElseGet(() -> LocalDate.now(clock.withZone(job.timeZone())).minusDays(1));
    }

    private static Job in(Job job, String warehouse) {
        return new Job(
                job.name(),
                job.file(),
                warehouse,
                job.timeZone(),
                job.currency(),
                job.asOf(),
                job.sources(),
                job.segments(),
                job.satisfaction(),
                job.lifetimeValue(),
                job.cohorts(),
                job.loyalty(),
                job.retention(),
                job.customerKey(),
                job.digest());
    }

    /** Nobody chose the working directory of a cluster's driver. */
    private static void refuseRelativePaths(Job job) {
        List<String> relative = new ArrayList<>();
        if (isRelative(job.warehouse())) {
            relative.add("warehouse: " + job.warehouse());
        }
        for (Source source : job.sources()) {
            if (isRelative(source.path())) {
                relative.add(source.name() + ": " + source.path());
            }
        }
        if (!relative.isEmpty()) {
            throw new Failure(
                    Failure.Kind.USAGE,
                    "In cluster mode paths must be absolute, or URIs, for example s3a://bucket/folder; these "
                            + relative.size() + " are relative: " + String.join(", ", relative) + ".");
        }
    }

    private static boolean isRelative(String path) {
        return !path.startsWith("/") && !path.matches("[A-Za-z][A-Za-z0-9+.-]+:.*");
    }
}

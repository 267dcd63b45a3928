package manyi.source;

import java.io.IOException;
import java.io.InputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import manyi.config.Job;
import manyi.config.Source;
import manyi.table.Causes;
import manyi.table.Failure;
import org.apache.hadoop.fs.Path;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.classic.Dataset$;

/**
 * Reads the sources of a job: finds their files, checks them against the document, and turns records into rows of the
 * landing tables. No record makes it fail: what cannot be landed has a reason to be rejected.
 */
public final class SourceReader {

    /** Plain files of single-line records above this size are read in pieces. */
    private static final long CUT_ABOVE = 1L << 30;

    private final SparkSession spark;
    private final org.apache.spark.sql.classic.SparkSession session;
    private final Job job;
    private final long cutAbove;
    private final Set<String> warnings = new TreeSet<>();

    /** Reads with a session of its own, in the job's time zone; the rows it gives belong to the given one. */
    public SourceReader(SparkSession spark, Job job) {
        this(spark, job, CUT_ABOVE);
    }

    SourceReader(SparkSession spark, Job job, long cutAbove) {
        this.spark = spark;
        this.job = job;
        this.cutAbove = cutAbove;
        this.session = ((org.apache.spark.sql.classic.SparkSession) spark).cloneSession();
        session.conf().set("spark.sql.session.timeZone", job.timeZone().getId());
        // implicit casts of mapping expressions give null on bad data instead of failing
        session.conf().set("spark.sql.ansi.enabled", "false");
        session.conf().set("spark.sql.caseSensitive", "true");
        session.conf().set("spark.sql.timestampType", "TIMESTAMP_LTZ");
    }

    /**
     * The files that a source's path matches, by name.
     *
     * @throws Failure where there is none, or one is matched twice
     */
    public List<SourceFile> files(Source source) {
        return FileList.of(source, session.sessionState().newHadoopConf());
    }

    /** SHA-256 of the file's bytes, in hexadecimal digits. */
    public String digest(SourceFile file) {
        Path path = new Path(file.path());
        try (InputStream in =
                path.getFileSystem(session.sessionState().newHadoopConf()).open(path)) {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            byte[] buffer = new byte[1 << 16];
            for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
                digest.update(buffer, 0, read);
            }
            return HexFormat.of().formatHex(digest.digest());
        } catch (IOException unreadable) {
            throw new Failure(
                    Failure.Kind.INPUT_MISSING,
                    file.source() + ": cannot read " + file.file() + ": " + unreadable.getMessage()
                            + ". Give this user permission to read it, or remove it, and run again.",
                    unreadable);
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException("every JDK has SHA-256", impossible);
        }
    }

    /**
     * The records of these files: the columns of the source's landing table, then {@code reject_reason} (null where the
     * row is accepted) and {@code record} (the record as JSON, where it is rejected). Every record is one row. An action
     * on the rows fails where a file cannot be read to its end; {@link #failureIn} finds the reason.
     *
     * @throws Failure where the files or the mapping do not fit each other
     */
    public Dataset<Row> read(Source source, List<SourceFile> files) {
        return session.withActive(() -> rows(source, files));
    }

    /**
     * Checks that the source has files, that these have the columns that are read, and that the mapping resolves.
     *
     * @throws Failure that lists what does not
     */
    public void check(Source source) {
        read(source, files(source));
    }

    /** The first rows of the first file that is not empty, as {@link #read} gives them. */
    public Dataset<Row> sample(Source source, int rows) {
        List<SourceFile> files = files(source);
        SourceFile first =
                files.stream().filter(file -> file.bytes() > 0).findFirst().orElse(files.get(0));
        return read(source, List.of(first)).limit(rows);
    }

    /** What was noticed and stops nothing, each once. */
    public List<String> warnings() {
        synchronized (warnings) {
            return List.copyOf(warnings);
        }
    }

    /** The failure that a task met while it read one of these sources, where that is why a Spark action failed. */
    public static Optional<Failure> failureIn(Throwable thrown, List<Source> sources) {
        return Causes.of(thrown).stream()
                .filter(Failure.class::isInstance)
                .map(Failure.class::cast)
                .findFirst()
                .or(() ->
                        UnreadableFile.behind(thrown).flatMap(file -> ParquetSource.unreadable(file, sources, thrown)));
    }

    private Dataset<Row> rows(Source source, List<SourceFile> files) {
        SourceMapper conforming = new SourceMapper(job, source);
        List<String> columns = conforming.columns();
        List<Raw> groups = new ArrayList<>();
        Layout layout;
        if (source.format() == Source.Format.PARQUET) {
            var parquet = new ParquetSource(session, source, files);
            layout = parquet.layout();
            layout.require(columns, () -> isAll(source, files));
            groups.addAll(parquet.read(columns));
        } else {
            var text = new TextSource(session, source, files, cutAbove);
            layout = text.layout();
            text.requireText(columns);
            layout.require(columns, () -> isAll(source, files));
            groups.add(text.read(columns));
        }
        String leftOut = layout.leftOut(Set.copyOf(columns));
        if (!leftOut.isEmpty()) {
            synchronized (warnings) {
                warnings.add(leftOut);
            }
        }
        Dataset<Row> all = groups.stream()
                .map(conforming::rows)
                .reduce(Dataset::union)
                .orElseThrow(() -> new IllegalArgumentException(source.name() + ": no files to read"));
        return handedOver(all);
    }

    private boolean isAll(Source source, List<SourceFile> files) {
        return files(source).size() == files.size();
    }

    /** The same rows in the caller's session, so that its settings govern what is derived from them. */
    private Dataset<Row> handedOver(Dataset<Row> rows) {
        var plan = ((org.apache.spark.sql.classic.Dataset<Row>) rows)
                .queryExecution()
                .analyzed();
        return Dataset$.MODULE$.ofRows((org.apache.spark.sql.classic.SparkSession) spark, plan);
    }
}

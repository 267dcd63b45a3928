package manyi.generate;

import java.nio.file.Path;
import java.time.LocalDate;

/**
 * What to generate. The same generation writes the same bytes, whatever the number of cores.
 *
 * @param customers how many customers
 * @param purchases how many purchase lines, returns among them
 * @param responses how many survey answers
 * @param seed another seed, another world
 * @param to the folder to fill; new or empty
 * @param from the first day
 * @param days how many days
 * @param isDirty whether broken rows are added on purpose, as {@link Dirt} lists them; CSV only
 */
public record Generation(
        long customers,
        long purchases,
        long responses,
        long seed,
        Path to,
        Format format,
        LocalDate from,
        int days,
        boolean isDirty) {

    /** The first day where none is given. */
    public static final LocalDate FIRST_DAY = LocalDate.of(2024, 1, 1);
    /** The number of days where none is given. */
    public static final int DAYS = 730;

    private static final long MOST_CUSTOMERS = 1_000_000_000;

    /** How the files are written. */
    public enum Format {
        CSV("csv"),
        PARQUET("parquet");

        private final String extension;

        Format(String extension) {
            this.extension = extension;
        }

        /** What file names end in. */
        public String extension() {
            return extension;
        }
    }

    public Generation {
        if (customers < 1 || customers > MOST_CUSTOMERS) {
            throw new IllegalArgumentException(
                    "customers must be between 1 and " + MOST_CUSTOMERS + ", not " + customers);
        }
        if (purchases < 0) {
            throw new IllegalArgumentException("purchases must not be negative: " + purchases);
        }
        if (responses < 0) {
            throw new IllegalArgumentException("responses must not be negative: " + responses);
        }
        if (days < 1 || days > 36_500) {
            throw new IllegalArgumentException("days must be between 1 and 36500, not " + days);
        }
        if (purchases / days > Integer.MAX_VALUE / 8) {
            throw new IllegalArgumentException(purchases + " purchases are too many for " + days + " days");
        }
        if (isDirty && format != Format.CSV) {
            throw new IllegalArgumentException("broken rows can be written as CSV only, not as " + format);
        }
    }
}

package manyi.run;

import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;

/** The name of a run: when it began, and the day it speaks of. */
final class RunId {

    private static final DateTimeFormatter STAMP =
            DateTimeFormatter.ofPattern("yyyyMMdd'T'HHmmssSSS'Z'", Locale.ROOT).withZone(ZoneOffset.UTC);
    private static final String AS_OF = "-asof-";

    private RunId() {}

    static String of(Instant startedAt, LocalDate asOf) {
        return STAMP.format(startedAt) + AS_OF + asOf;
    }

    /** The as_of of a run. */
    static LocalDate dayOf(String id) {
        return LocalDate.parse(id.substring(id.indexOf(AS_OF) + AS_OF.length()));
    }
}

package manyi.config;

import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import manyi.table.Credentials;

/** Addresses that a source cannot have, whatever lies there. */
final class SourceAddress {

    private static final Pattern SCHEME = Pattern.compile("([A-Za-z][A-Za-z0-9+.-]+):.*", Pattern.DOTALL);
    private static final int LONGEST = 4_096;

    private SourceAddress() {}

    /** Why a path or glob is refused, and what to do instead; empty where it may be looked for. */
    static Optional<String> refusal(String path) {
        if (path.length() > LONGEST) {
            return Optional.of(
                    String.format(Locale.ROOT, "has %,d characters; a path has at most %,d", path.length(), LONGEST));
        }
        Matcher scheme = SCHEME.matcher(path);
        String name = scheme.matches() ? scheme.group(1).toLowerCase(Locale.ROOT) : "";
        if (name.equals("jdbc")) {
            return Optional.of("'" + Credentials.hidden(path)
                    + "' is a database, and sources are files; export the table to CSV or Parquet and name that file");
        }
        if (Credentials.isIn(path)) {
            return Optional.of("'" + Credentials.hidden(path)
                    + "' holds credentials, which would end up in tables and messages; take them out, and give them to"
                    + " Spark as settings of the file system (spark.hadoop.fs...)");
        }
        if (name.equals("http") || name.equals("https")) {
            return Optional.of(
                    "'" + path + "' is a web address, which is not read; download the file and name the copy");
        }
        return Optional.empty();
    }
}

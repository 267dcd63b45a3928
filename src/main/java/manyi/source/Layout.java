package manyi.source;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.BooleanSupplier;
import java.util.function.Predicate;
import manyi.config.Source;
import manyi.table.Failure;

/** Which columns the files of a source have, and what that says against the job document. */
final class Layout {

    private final Source source;
    /** The files that have a header, by their columns, in the order in which these appear. */
    private final Map<List<String>, List<SourceFile>> groups;

    Layout(Source source, Map<List<String>, List<SourceFile>> groups) {
        this.source = source;
        this.groups = groups;
    }

    /**
     * Refuses files that lack a column that is read, or have it twice.
     *
     * @param isAll whether these are all files of the source. What all of them lack the document has wrong; what some
     *     lack is a fault of the files, and is one too where the others were read by an earlier run
     */
    void require(Iterable<String> read, BooleanSupplier isAll) {
        long total = groups.values().stream().mapToLong(List::size).sum();
        List<String> faults = new ArrayList<>();
        boolean isEverywhere = true;
        for (String column : read) {
            List<SourceFile> without = filesWhere(header -> !header.contains(column));
            if (!without.isEmpty()) {
                isEverywhere &= without.size() == total;
                faults.add(count(without.size(), total) + " no column " + column + first(without)
                        + MappingCheck.suggestion(column, columnsWithout(column)));
            }
            List<SourceFile> twice =
                    filesWhere(header -> header.stream().filter(column::equals).count() > 1);
            if (!twice.isEmpty()) {
                faults.add(count(twice.size(), total) + " more than one column " + column + first(twice));
            }
        }
        List<SourceFile> strange = filesWhere(header -> {
            for (String column : read) {
                if (header.contains(column)) {
                    return false;
                }
            }
            return true;
        });
        String doubt = strange.isEmpty() || source.format() == Source.Format.PARQUET
                ? ""
                : " " + count(strange.size(), total) + " none of these columns" + first(strange)
                        + ": `delimiter:` or `header:` may be wrong.";
        if (!faults.isEmpty()) {
            throw new Failure(
                    isEverywhere && isAll.getAsBoolean() ? Failure.Kind.USAGE : Failure.Kind.QUALITY,
                    source.name() + ": " + String.join("; ", faults)
                            + ". Correct `columns:` and `types:` in the job document, or the files." + doubt);
        }
    }

    /** The columns that are read by nothing, in one sentence; empty where there are none. */
    String leftOut(Set<String> read) {
        Map<String, Long> extra = new TreeMap<>();
        groups.forEach((header, files) -> {
            for (String column : new TreeSet<>(header)) {
                if (!column.isEmpty() && !read.contains(column)) {
                    extra.merge(column, (long) files.size(), Long::sum);
                }
            }
        });
        if (extra.isEmpty()) {
            return "";
        }
        List<String> names = extra.keySet().stream().limit(20).toList();
        return source.name() + ": " + extra.size() + (extra.size() == 1 ? " column is" : " columns are")
                + " not mapped and therefore ignored: " + String.join(", ", names)
                + (extra.size() > names.size() ? " and others" : "");
    }

    /** What the files without a column have instead. */
    private Set<String> columnsWithout(String column) {
        Set<String> columns = new TreeSet<>();
        groups.keySet().stream().filter(header -> !header.contains(column)).forEach(columns::addAll);
        return columns;
    }

    List<SourceFile> filesWhere(Predicate<List<String>> test) {
        List<SourceFile> found = new ArrayList<>();
        groups.forEach((header, files) -> {
            if (test.test(header)) {
                found.addAll(files);
            }
        });
        found.sort(Comparator.comparing(SourceFile::file));
        return found;
    }

    private static String count(long some, long all) {
        return some + " of " + all + (all == 1 ? " file" : " files") + (some == 1 ? " has" : " have");
    }

    private static String first(List<SourceFile> files) {
        return " (first: " + files.get(0).file() + ")";
    }
}

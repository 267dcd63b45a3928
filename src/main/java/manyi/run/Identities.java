package manyi.run;

import java.time.LocalDate;
import java.util.HashMap;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Collectors;
import manyi.table.Derivation;
import manyi.table.Digest;
import manyi.table.Keeping;
import manyi.table.Table;

/**
 * What decides the rows of each table, in one word that is known before anything is derived: equal words, equal rows. It
 * is made of the program, the derivation's definition and the words of its inputs.
 */
final class Identities {

    private final Graph graph;
    private final Function<Table, String> ofSource;
    private final SortedMap<String, Integer> releases;
    private final LocalDate asOf;
    private final Wholeness wholeness;
    private final Map<String, String> kept = new HashMap<>();
    private final Map<String, String> read = new HashMap<>();

    /** Whether none of the rows that a kept table rests on lies after as_of. */
    @FunctionalInterface
    interface Wholeness {
        boolean isWhole(Derivation derivation);
    }

    /**
     * @param ofSource the word of a table that no derivation makes
     * @param releases the waves that the run sees, with their revisions
     */
    Identities(
            Graph graph,
            Function<Table, String> ofSource,
            Map<String, Integer> releases,
            LocalDate asOf,
            Wholeness wholeness) {
        this.graph = graph;
        this.ofSource = ofSource;
        this.releases = new TreeMap<>(releases);
        this.asOf = asOf;
        this.wholeness = wholeness;
    }

    /** That of all rows of a kept table, whatever the day. */
    synchronized String ofKept(Table table) {
        String known = kept.get(table.name());
        if (known == null) {
            known = graph.of(table)
                    .map(derivation -> Graph.isKept(derivation) ? made(derivation, true) : ofRead(table))
                    .orElseGet(() -> ofSource.apply(table));
            kept.put(table.name(), known);
        }
        return known;
    }

    /** That of a table as the run reads it, without the rows after as_of. */
    synchronized String ofRead(Table table) {
        String known = read.get(table.name());
        if (known == null) {
            known = graph.of(table)
                    .map(derivation ->
                            Graph.isKept(derivation) ? cut(derivation) : made(derivation, derivation.isUncut()))
                    .orElseGet(() -> ofSource.apply(table));
            read.put(table.name(), known);
        }
        return known;
    }

    private String cut(Derivation derivation) {
        String whole = ofKept(derivation.table());
        return wholeness.isWhole(derivation) ? whole : Digest.sha256(whole + " up to " + asOf);
    }

    private String made(Derivation derivation, boolean isUncut) {
        if (derivation.keeping() == Keeping.BY_WAVE) {
            return Digest.sha256(derivation.table().name() + " " + releases);
        }
        return Digest.sha256(definition(derivation)
                + derivation.inputs().stream()
                        .map(input -> "\n" + input.name() + " " + (isUncut ? ofKept(input) : ofRead(input)))
                        .collect(Collectors.joining()));
    }

    /**
     * What the derivation itself is, in one text. Tables by month are large, so a new build of the program derives them anew
     * only where the table's version says so.
     */
    static String definition(Derivation derivation) {
        Table table = derivation.table();
        String program = derivation.keeping() == Keeping.BY_MONTH
                ? table.name() + " " + table.version()
                : Versions.code() + "\n" + table;
        return program + "\n" + derivation.getClass().getName() + "\n" + derivation.definition();
    }
}

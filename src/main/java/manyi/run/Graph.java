package manyi.run;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import manyi.table.Derivation;
import manyi.table.Keeping;
import manyi.table.Table;

/** Derivations, each after those whose tables it reads. */
final class Graph {

    private final Map<String, Derivation> derivations = new LinkedHashMap<>();

    /**
     * @throws IllegalArgumentException where two derive the same table, or some wait for each other
     */
    Graph(List<Derivation> all) {
        Set<String> waiting = new TreeSet<>();
        for (Derivation derivation : all) {
            if (!waiting.add(derivation.table().name())) {
                throw new IllegalArgumentException(
                        "two derivations of " + derivation.table().name());
            }
        }
        List<Derivation> rest = new ArrayList<>(all);
        while (!rest.isEmpty()) {
            List<Derivation> ready = rest.stream()
                    .filter(derivation ->
                            derivation.inputs().stream().noneMatch(input -> waiting.contains(input.name())))
                    .toList();
            if (ready.isEmpty()) {
                throw new IllegalArgumentException("derivations depend on each other in a cycle: " + waiting);
            }
            for (Derivation derivation : ready) {
                waiting.remove(derivation.table().name());
                derivations.put(derivation.table().name(), derivation);
            }
            rest.removeAll(ready);
        }
    }

    /** All derivations; every one comes after those that derive its inputs. */
    List<Derivation> inOrder() {
        return List.copyOf(derivations.values());
    }

    /** What derives a table; empty for what runs themselves write, such as landed rows. */
    Optional<Derivation> of(Table table) {
        return Optional.ofNullable(derivations.get(table.name()));
    }

    /** The tables that are kept from run to run. */
    List<Table> kept() {
        return derivations.values().stream()
                .filter(Graph::isKept)
                .map(Derivation::table)
                .toList();
    }

    static boolean isKept(Derivation derivation) {
        return derivation.keeping() != Keeping.EACH_RUN;
    }

    /** Whether a derivation reads a table that is made in each run. */
    boolean readsEachRun(Derivation derivation) {
        return derivation.inputs().stream()
                .anyMatch(input -> of(input).filter(one -> !isKept(one)).isPresent());
    }

    /** The names of tables and of all that they rest on. */
    Set<String> withInputs(Set<Table> tables) {
        Set<String> all = new TreeSet<>();
        tables.forEach(table -> all.add(table.name()));
        List<Derivation> order = inOrder();
        for (int i = order.size() - 1; i >= 0; i--) {
            if (all.contains(order.get(i).table().name())) {
                order.get(i).inputs().forEach(input -> all.add(input.name()));
            }
        }
        return all;
    }
}

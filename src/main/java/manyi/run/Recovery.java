package manyi.run;

import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import manyi.conformed.ReleasedWave;
import manyi.source.Landing;
import manyi.source.ReadFile;
import manyi.store.Backup;
import manyi.store.DeltaStore;
import manyi.store.Pins;
import manyi.store.Warehouse;
import manyi.table.Derivation;
import manyi.table.Failure;
import manyi.table.Keeping;
import manyi.table.Table;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Brings a warehouse back to what the last whole run left, and backs up what a run is to build anew. */
final class Recovery {

    private static final Logger LOG = LoggerFactory.getLogger(Recovery.class);

    private final Warehouse warehouse;
    private final DeltaStore store;
    private final Backup backup;
    private final Graph graph;

    Recovery(Warehouse warehouse, DeltaStore store, Graph graph) {
        this.warehouse = warehouse;
        this.store = store;
        this.graph = graph;
        this.backup = new Backup(warehouse.state(), warehouse.backup());
    }

    /** Puts back the state that a failed run was building anew, and removes what a killed run left of its folder. */
    void cleanUp() {
        backup.restore();
        Warehouse.remove(warehouse.work());
        warehouse.create();
        for (String id : warehouse.runIds()) {
            Path folder = warehouse.run(id);
            if (!Publication.isComplete(folder)) {
                LOG.info("removing the incomplete run {}", id);
                Warehouse.remove(folder);
            }
        }
    }

    /**
     * The journal of the last whole run, after state was rolled back to it.
     *
     * @throws Failure where tables are of another version of the program, and no rebuild was asked for
     */
    Journal restored(RunRequest request) {
        Pins pins = pins(request.isReload());
        Journal journal = new Journal(pins.notes());
        boolean isOlder = everKept().anyMatch(journal::isOfOtherVersion);
        if (isOlder && !request.isFullRefresh() && !request.isReload()) {
            throw new Failure(
                    Failure.Kind.USAGE,
                    "warehouse " + warehouse.root()
                            + " was written by another version of Manyi; run with --full-refresh to derive its tables"
                            + " again from landing, or with --reload to read the sources again");
        }
        if (request.isReload() || request.isFullRefresh()) {
            pins = rebuilding(request.isReload(), pins, journal);
        }
        if (store.rollBack(pins)) {
            // the restored versions are what the pins mean; they must not grow old in the log
            new Pins(store.versions(), journal.notes()).write(warehouse.state());
        }
        return journal;
    }

    /** Those of the last whole run. Where they are damaged and all is read again, the tables of waves say what they hold. */
    private Pins pins(boolean isReload) {
        try {
            return Pins.read(warehouse.state());
        } catch (Failure damaged) {
            if (!isReload) {
                throw damaged;
            }
            Map<String, Integer> released = new TreeMap<>();
            store.read(ReleasedWave.TABLE)
                    .collectAsList()
                    .forEach(row -> released.merge(row.getString(0), row.getInt(1), Math::max));
            Journal journal = new Journal(Map.of());
            waveTables().forEach(table -> {
                Map<String, Integer> waves = new TreeMap<>(released);
                waves.keySet().retainAll(store.partitions(table));
                journal.waves(table, waves);
            });
            return new Pins(store.versions(), journal.notes());
        }
    }

    private Stream<Table> waveTables() {
        return graph.inOrder().stream()
                .filter(derivation -> derivation.keeping() == Keeping.BY_WAVE)
                .map(Derivation::table);
    }

    /** Backs up what is to be built anew. Released waves stay as they are: they are no function of today's inputs. */
    private Pins rebuilding(boolean isReload, Pins pins, Journal journal) {
        Set<String> staying = Stream.concat(Stream.of(ReleasedWave.TABLE), waveTables())
                .filter(table -> !journal.isOfOtherVersion(table))
                .map(Table::name)
                .collect(Collectors.toCollection(TreeSet::new));
        Set<String> anew = new TreeSet<>(store.tables());
        anew.removeAll(staying);
        if (!isReload) {
            anew.removeIf(table -> table.startsWith("landing_")
                    || table.equals(ReadFile.TABLE.name())
                    || table.equals(Landing.REJECTED_ROW.name()));
        }
        backup.put(anew);
        journal.forget(table -> !staying.contains(table));
        Map<String, Long> kept = new HashMap<>(pins.versions());
        kept.keySet().removeAll(anew);
        Pins fewer = new Pins(kept, journal.notes());
        fewer.write(warehouse.state());
        return fewer;
    }

    /** Pins state as it stands: what was backed up is no longer needed. */
    void pin(Journal journal) {
        everKept().forEach(journal::version);
        new Pins(store.versions(), journal.notes()).write(warehouse.state());
        backup.drop();
    }

    /** Pins state but for what belongs to published waves; what was backed up stays, and comes back. */
    void pinUnpublished(Journal journal, Map<String, Long> before) {
        if (backup.exists()) {
            return;
        }
        journal.forgetPublished();
        Map<String, Long> versions = new HashMap<>(store.versions());
        Stream.concat(Stream.of(ReleasedWave.TABLE), waveTables())
                .map(Table::name)
                .forEach(table -> {
                    versions.remove(table);
                    if (before.containsKey(table)) {
                        versions.put(table, before.get(table));
                    }
                });
        everKept().forEach(journal::version);
        new Pins(versions, journal.notes()).write(warehouse.state());
    }

    private Stream<Table> everKept() {
        return Stream.concat(
                graph.kept().stream(), List.of(ReadFile.TABLE, Landing.REJECTED_ROW, ReleasedWave.TABLE).stream());
    }
}

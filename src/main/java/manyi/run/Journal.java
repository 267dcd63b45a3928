package manyi.run;

import java.time.LocalDate;
import java.util.Arrays;
import java.util.Collection;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import manyi.table.Table;

/** What runs note of the tables that they made, so that a later run knows what it need not make again. */
final class Journal {

    private static final String VERSION = "version.";
    private static final String IDENTITY = "identity.";
    private static final String PENDING = "pending.";
    private static final String FOLLOWED = "followed.";
    private static final String WAVES = "waves.";
    private static final String PUBLISHED = "published.";

    private final Map<String, String> notes;
    private final Map<String, String> before;

    Journal(Map<String, String> notes) {
        this.notes = new TreeMap<>(notes);
        this.before = Map.copyOf(notes);
    }

    /** A published or restricted table as a run made it. */
    record Made(String identity, long rows, String digest, String runId) {}

    synchronized Map<String, String> notes() {
        return Map.copyOf(notes);
    }

    /** Forgets all of tables for which a condition holds. */
    synchronized void forget(Predicate<String> table) {
        notes.keySet().removeIf(note -> table.test(note.substring(note.indexOf('.') + 1)));
    }

    /** Takes back what was noted of published tables and released waves, where a run publishes and releases nothing. */
    synchronized void forgetPublished() {
        notes.keySet().removeIf(Journal::isOfPublished);
        before.forEach((note, value) -> {
            if (isOfPublished(note)) {
                notes.put(note, value);
            }
        });
    }

    private static boolean isOfPublished(String note) {
        return note.startsWith(WAVES) || note.startsWith(PUBLISHED);
    }

    /** Whether a table was written in another version than the program has. */
    synchronized boolean isOfOtherVersion(Table table) {
        String version = notes.get(VERSION + table.name());
        return version != null && !version.equals(String.valueOf(table.version()));
    }

    synchronized void version(Table table) {
        notes.put(VERSION + table.name(), String.valueOf(table.version()));
    }

    /** What decided the rows of a kept table when it was last brought up to date; empty where it never was. */
    synchronized String identity(Table table) {
        return notes.getOrDefault(IDENTITY + table.name(), "");
    }

    synchronized void identity(Table table, String identity) {
        notes.put(IDENTITY + table.name(), identity);
    }

    /** The months whose inputs have changed since they were last derived. */
    synchronized Set<LocalDate> pending(Table table) {
        return texts(PENDING + table.name()).stream()
                .map(LocalDate::parse)
                .collect(Collectors.toCollection(TreeSet::new));
    }

    synchronized void pending(Table table, Collection<LocalDate> months) {
        put(PENDING + table.name(), months.stream().map(LocalDate::toString).collect(Collectors.toSet()));
    }

    /** What a table that follows another has seen of it: month → value. */
    synchronized Map<LocalDate, String> followed(Table table) {
        Map<LocalDate, String> followed = new TreeMap<>();
        for (String pair : texts(FOLLOWED + table.name())) {
            followed.put(LocalDate.parse(pair.substring(0, pair.indexOf('='))), pair.substring(pair.indexOf('=') + 1));
        }
        return followed;
    }

    synchronized void followed(Table table, Map<LocalDate, String> followed) {
        put(
                FOLLOWED + table.name(),
                followed.entrySet().stream()
                        .map(one -> one.getKey() + "=" + one.getValue())
                        .collect(Collectors.toSet()));
    }

    /** The waves that a table has, each with the revision. */
    synchronized Map<String, Integer> waves(Table table) {
        Map<String, Integer> waves = new TreeMap<>();
        String noted = notes.getOrDefault(WAVES + table.name(), "");
        noted.lines().forEach(line -> {
            int end = line.lastIndexOf('#');
            waves.put(line.substring(0, end), Integer.valueOf(line.substring(end + 1)));
        });
        return waves;
    }

    synchronized void waves(Table table, Map<String, Integer> waves) {
        notes.put(
                WAVES + table.name(),
                waves.entrySet().stream()
                        .map(wave -> wave.getKey() + "#" + wave.getValue())
                        .collect(Collectors.joining("\n")));
    }

    /** A published or restricted table as the last run made it. */
    synchronized Optional<Made> made(Table table) {
        String note = notes.get(PUBLISHED + table.name());
        if (note == null) {
            return Optional.empty();
        }
        String[] parts = note.split(" ", 4);
        return Optional.of(new Made(parts[0], Long.parseLong(parts[1]), parts[2], parts[3]));
    }

    synchronized void made(Table table, Made made) {
        notes.put(
                PUBLISHED + table.name(),
                String.join(" ", made.identity(), String.valueOf(made.rows()), made.digest(), made.runId()));
    }

    private Set<String> texts(String note) {
        return Arrays.stream(notes.getOrDefault(note, "").split(","))
                .filter(text -> !text.isEmpty())
                .collect(Collectors.toCollection(TreeSet::new));
    }

    private void put(String note, Set<String> texts) {
        if (texts.isEmpty()) {
            notes.remove(note);
        } else {
            notes.put(note, String.join(",", new TreeSet<>(texts)));
        }
    }
}

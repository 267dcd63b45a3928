package manyi.store;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Map;
import java.util.TreeMap;
import manyi.table.Failure;

/**
 * The state as the last complete run left it: the version of each state table, and notes, for example the job's digest. One
 * small file, replaced by one rename.
 *
 * @param versions state table → Delta version
 * @param notes further facts, name → value
 */
public record Pins(Map<String, Long> versions, Map<String, String> notes) {

    private static final ObjectMapper JSON = new ObjectMapper()
            .enable(SerializationFeature.INDENT_OUTPUT)
            .enable(SerializationFeature.ORDER_MAP_ENTRIES_BY_KEYS);

    public Pins {
        versions = new TreeMap<>(versions);
        notes = new TreeMap<>(notes);
    }

    /** The pins of a state folder that is new, or whose tables are to be read again. */
    public static Pins none() {
        return new Pins(Map.of(), Map.of());
    }

    /**
     * The pins of a state folder; none where it is new.
     *
     * @throws Failure where the file is damaged
     */
    public static Pins read(Path state) {
        Path file = file(state);
        if (!Files.exists(file)) {
            return none();
        }
        byte[] written;
        try {
            written = Files.readAllBytes(file);
        } catch (IOException e) {
            throw new UncheckedIOException(file + " cannot be read", e);
        }
        JsonNode tree;
        try {
            tree = JSON.readTree(written);
        } catch (IOException unreadable) {
            throw damaged(file);
        }
        if (!tree.path("versions").isObject() || !tree.path("notes").isObject()) {
            throw damaged(file);
        }
        Map<String, Long> versions = new TreeMap<>();
        tree.get("versions").properties().forEach(pin -> {
            if (!pin.getValue().isIntegralNumber()) {
                throw damaged(file);
            }
            versions.put(pin.getKey(), pin.getValue().longValue());
        });
        Map<String, String> notes = new TreeMap<>();
        tree.get("notes")
                .properties()
                .forEach(note -> notes.put(note.getKey(), note.getValue().asText()));
        return new Pins(versions, notes);
    }

    private static Failure damaged(Path file) {
        return new Failure(Failure.Kind.FAULT, file + " is damaged; " + Damage.RELOAD);
    }

    /** The file with the pins of a folder. */
    static Path file(Path folder) {
        return folder.resolve("pins.json");
    }

    /** Replaces the pins of a state folder. */
    public void write(Path state) {
        write(file(state), json());
    }

    /** Writes a small file atomically. */
    public static void write(Path file, String content) {
        Path next = file.resolveSibling(file.getFileName() + ".next");
        try {
            Files.writeString(next, content);
            try (FileChannel channel = FileChannel.open(next, StandardOpenOption.WRITE)) {
                channel.force(true);
            }
            Files.move(next, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private String json() {
        try {
            return JSON.writeValueAsString(Map.of("versions", versions, "notes", notes));
        } catch (JsonProcessingException impossible) {
            throw new IllegalStateException(impossible);
        }
    }
}

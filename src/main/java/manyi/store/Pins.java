package manyi.store;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.type.TypeReference;
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

/**
 * What the last whole run left behind: the version of each state table, and notes such as the job's digest. One small
 * file, replaced by one rename.
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

    /** The pins of a state folder; none where it is new. */
    public static Pins read(Path state) {
        Path file = state.resolve("pins.json");
        if (!Files.exists(file)) {
            return new Pins(Map.of(), Map.of());
        }
        try {
            Map<String, Map<String, Object>> tree = JSON.readValue(Files.readString(file), new TypeReference<>() {});
            Map<String, Long> versions = new TreeMap<>();
            tree.get("versions").forEach((table, version) -> versions.put(table, ((Number) version).longValue()));
            Map<String, String> notes = new TreeMap<>();
            tree.get("notes").forEach((name, value) -> notes.put(name, String.valueOf(value)));
            return new Pins(versions, notes);
        } catch (IOException e) {
            throw new UncheckedIOException(file + " cannot be read", e);
        }
    }

    /** Replaces the pins of a state folder. */
    public void write(Path state) {
        write(state.resolve("pins.json"), json());
    }

    /** Writes a small file whole or not at all. */
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

package manyi.testing;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.nio.file.StandardOpenOption.APPEND;
import static java.nio.file.StandardOpenOption.CREATE;
import static org.junit.jupiter.api.Assumptions.abort;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Public data of the literature, which a checkout does not carry; {@code .ci/fetch-reference} has most of it. A test that
 * needs what is absent is skipped, and the build names at its end what was missed.
 */
public final class ReferenceData {

    /** The build prints its lines, each once, when all tests have run. */
    private static final Path ABSENT = Path.of("target", "reference-absent.txt");

    private static final Set<String> NAMED = ConcurrentHashMap.newKeySet();

    private ReferenceData() {}

    /** The file or folder of this name, such as {@code mobi/mobi.csv}. */
    public static Path of(String name) {
        return folderWith(name).resolve(name);
    }

    /** The folder of all reference data, with this file or folder in it. */
    public static Path folderWith(String name) {
        Path folder = Path.of(System.getenv().getOrDefault("MANYI_REFERENCE", "../shared/reference"));
        if (!Files.exists(folder.resolve(name))) {
            if (NAMED.add(name)) {
                remember(name);
            }
            abort("reference data are absent: " + folder.resolve(name));
        }
        return folder;
    }

    private static void remember(String name) {
        try {
            Files.createDirectories(ABSENT.getParent());
            Files.writeString(ABSENT, name + "\n", UTF_8, CREATE, APPEND);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}

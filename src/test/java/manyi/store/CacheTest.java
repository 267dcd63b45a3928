package manyi.store;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CacheTest {

    @TempDir
    private Path folder;

    @Test
    void givesATableBackUnderItsOwnKeyAlone() throws IOException {
        var cache = new Cache(folder.resolve("cache"));
        Path cells = Files.createDirectories(folder.resolve("cells"));
        Files.writeString(cells.resolve("a.parquet"), "rows");

        cache.keep("cells", "k1", cells);

        assertThat(cache.recall("cells", "k2", folder.resolve("other"))).isFalse();
        assertThat(folder.resolve("other")).doesNotExist();
        assertThat(cache.recall("cells", "k1", folder.resolve("again"))).isTrue();
        assertThat(folder.resolve("again").resolve("a.parquet")).hasContent("rows");
    }

    @Test
    void keepsTheNewestOfATableAlone() throws IOException {
        var cache = new Cache(folder.resolve("cache"));
        Path cells = Files.createDirectories(folder.resolve("cells"));

        cache.keep("cells", "k1", cells);
        cache.keep("cells", "k2", cells);
        cache.keep("moments", "k1", cells);

        assertThat(cache.recall("cells", "k1", folder.resolve("one"))).isFalse();
        assertThat(cache.recall("moments", "k1", folder.resolve("two"))).isTrue();
        cache.clear();
        assertThat(cache.recall("moments", "k1", folder.resolve("three"))).isFalse();
    }
}

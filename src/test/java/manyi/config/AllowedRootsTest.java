package manyi.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AllowedRootsTest {

    @TempDir
    private Path folder;

    @BeforeEach
    void drawTheFolders() throws IOException {
        Files.createDirectories(folder.resolve("data/days"));
        Files.createDirectories(folder.resolve("database"));
        Files.createDirectories(folder.resolve("secret/deep"));
        Files.createSymbolicLink(folder.resolve("data/out"), folder.resolve("secret/deep"));
        Files.createSymbolicLink(folder.resolve("data/dangling"), Path.of("../secret/new"));
        Files.createSymbolicLink(folder.resolve("data/in"), Path.of("days"));
        Files.createSymbolicLink(folder.resolve("data/loop"), Path.of("loop"));
        Files.createSymbolicLink(folder.resolve("alias"), folder.resolve("data"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "F/data",
                "F/data/",
                "F/data/x.csv",
                "F/data/days/*.csv",
                "F/data/{a,b}/[0-9]?.csv",
                "F/data/new/warehouse",
                "F/data/days/../x",
                "F/secret/../data/x",
                "F/data/in/x",
                "F/alias/x",
                "file:F/data/x",
                "FILE://F/data/x",
                "s3a://bucket/clean/x/*.parquet",
                "S3A://BUCKET/clean/x"
            })
    void allowsWhatLiesBelowARoot(String path) {
        assertThat(roots().refusal(path.replace("F", folder.toString()).replace(folder + "ILE", "FILE")))
                .isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "F",
                "F/data*/x",
                "F/database/x",
                "F/*/x",
                "F/data/../secret/x",
                "F/data/days/../../secret",
                "F/data/out/x",
                "F/data/out/../x",
                "F/data/dangling",
                "F/data/dangling/x",
                "F/data/loop",
                "F/data/*/../../secret/x",
                "F/data/{x,../../secret}/y",
                "F/data/\\.\\./secret/x",
                "{F/secret,F/data}/x",
                "//F/data/x",
                "relative/x",
                "*.csv",
                "file:F/secret",
                "file:F/data/../secret",
                "s3a://bucket/other/x",
                "s3a://bucket/cleaner",
                "s3a://bucket/clean/../other",
                "s3a://other/clean/x",
                "s3://bucket/clean/x",
                "hdfs://host/clean",
                "jar:file:F/data/x",
                ""
            })
    void refusesWhatLeadsOutOfTheRoots(String path) {
        assertThat(roots().refusal(path.replace("F", folder.toString()))).isPresent();
    }

    @Test
    void allowsEverythingWhereNoRootIsNamed() {
        assertThat(AllowedRoots.of(Map.of()).refusal("/etc/passwd")).isEmpty();
        assertThat(AllowedRoots.of(Map.of("MANYI_ALLOWED_ROOTS", " ")).refusal("/etc/passwd"))
                .isEmpty();
    }

    @Test
    void saysWhichRootsThereAre() {
        assertThat(AllowedRoots.of(Map.of("MANYI_ALLOWED_ROOTS", "/data:s3a://bucket/clean:/more"))
                        .refusal("/etc/passwd"))
                .contains("'/etc/passwd' lies outside the folders that MANYI_ALLOWED_ROOTS allows: /data,"
                        + " s3a://bucket/clean, /more");
    }

    private AllowedRoots roots() {
        return AllowedRoots.of(Map.of("MANYI_ALLOWED_ROOTS", "/nowhere:" + folder + "/data:s3a://bucket/clean"));
    }
}

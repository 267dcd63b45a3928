package manyi.run;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import manyi.table.Audit;
import manyi.table.Dictionary;
import manyi.table.Table;
import manyi.testing.Sparks;
import org.junit.jupiter.api.Test;

class DictionaryTest {

    private static final Path PAGE = Path.of("docs/tables.md");

    /** {@code mvn test -Dtest=DictionaryTest -Dmanyi.write=true} writes the page anew. */
    @Test
    void thePageOfTablesSaysWhatTheCodeSays() throws IOException {
        String page = Dictionary.page(Pipeline.READABLE);
        if (Boolean.getBoolean("manyi.write")) {
            Files.writeString(PAGE, page);
        }
        assertThat(Files.readString(PAGE))
                .as("docs/tables.md is stale; write it with mvn test -Dtest=DictionaryTest -Dmanyi.write=true")
                .isEqualTo(page);
    }

    @Test
    void everyRuleOfEveryTableCanBeAskedOfAnEmptyOne() {
        for (Table table : Pipeline.READABLE) {
            var report = Audit.of(table, Sparks.session().createDataFrame(List.of(), table.schema()));
            assertThat(report.failed()).as(table.name()).isEmpty();
        }
        for (Table table :
                Stream.concat(Shop.landed().stream(), Shop.kept().stream()).toList()) {
            var report = Audit.of(table, Sparks.session().createDataFrame(List.of(), table.schema()));
            assertThat(report.failed()).as(table.name()).isEmpty();
        }
    }
}

package manyi.run;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import manyi.table.Audit;
import manyi.table.Field;
import manyi.table.Table;
import manyi.testing.Sparks;
import org.junit.jupiter.api.Test;

class DictionaryTest {

    private static final Path PAGE = Path.of("docs/tables.md");

    /** {@code mvn test -Dtest=DictionaryTest -Dmanyi.write=true} writes the page anew. */
    @Test
    void thePageOfTablesSaysWhatTheCodeSays() throws IOException {
        String page = page(Pipeline.READABLE);
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

    /** The page for people: a chapter per table. */
    private static String page(List<Table> tables) {
        StringBuilder page = new StringBuilder("# Tables\n\n"
                + "Generated from the code by `DictionaryTest`; change the code, not this page.\n"
                + "Key columns are marked ●. Published tables are in `published/current/`; restricted ones, with a row per"
                + " customer, are in `restricted/current/`.\n");
        for (Table table : tables) {
            page.append("\n## ").append(table.name()).append("\n\n").append(table.meaning());
            page.append(" One row per ").append(table.grain()).append(".");
            page.append(" Visibility: ")
                    .append(table.visibility().name().toLowerCase(Locale.ROOT))
                    .append("; version ")
                    .append(table.version())
                    .append(".\n\n| column | type | unit | meaning |\n|---|---|---|---|\n");
            for (Field field : table.fields()) {
                page.append("| ")
                        .append(table.key().contains(field) ? "● " : "")
                        .append('`')
                        .append(field.name())
                        .append("` | ")
                        .append(field.type().sql().toLowerCase(Locale.ROOT))
                        .append(" | ")
                        .append(field.unit())
                        .append(" | ")
                        .append(field.meaning())
                        .append(" |\n");
            }
            if (!table.expectations().isEmpty()) {
                page.append("\nEvery row satisfies: ");
                page.append(String.join(
                        "; ",
                        table.expectations().stream()
                                .map(rule -> "`" + rule + "`")
                                .toList()));
                page.append(".\n");
            }
        }
        return page.toString();
    }
}

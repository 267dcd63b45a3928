package manyi.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The written reference of the job document, {@code docs/job.md}, against the code. */
class JobReferenceTest {

    private static final Path REFERENCE = Path.of("docs/job.md");

    @TempDir
    private Path folder;

    @Test
    void theExamplesAreReadWithoutAFault() throws IOException {
        List<String> blocks = Pattern.compile("```yaml\\n(.*?)```", Pattern.DOTALL)
                .matcher(Files.readString(REFERENCE))
                .results()
                .map(match -> match.group(1))
                .toList();
        Files.writeString(folder.resolve("job.yaml"), blocks.get(0));
        Files.writeString(folder.resolve("questionnaire.yaml"), blocks.get(1));

        var job = JobFile.read(folder.resolve("job.yaml"), Map.of());

        assertThat(job.sources())
                .extracting(Source::name)
                .containsExactly("purchases", "purchases:web", "customers", "survey");
        assertThat(job.segments()).hasSize(4);
        assertThat(job.satisfaction().orElseThrow().questionnaire().items()).hasSize(5);
    }

    @Test
    void namesEveryFieldRoleAndKind() throws IOException {
        String text = Files.readString(REFERENCE);
        Stream<String> words = Stream.of(
                        SourceKind.all().stream().map(SourceKind::key),
                        SourceKind.all().stream().flatMap(kind -> kind.names().stream()),
                        SourceKind.RESERVED.stream(),
                        Stream.of(Questionnaire.Role.values()).map(Questionnaire.Role::key))
                .flatMap(word -> word);
        assertThat(words).allSatisfy(word -> assertThat(text).contains("`" + word + "`"));
    }

    /** {@code mvn test -Dtest=JobReferenceTest -Dmanyi.write=true} writes the tables anew. */
    @Test
    void theTablesSayWhatTheCodeSays() throws IOException {
        String page = Files.readString(REFERENCE);
        for (String name : JobReference.tables()) {
            String start = "<!-- table: " + name + " -->\n";
            int from = page.indexOf(start) + start.length();
            int to = page.indexOf("<!-- end of table -->", from);
            assertThat(page).contains(start);
            page = page.substring(0, from) + JobReference.table(name) + page.substring(to);
        }
        if (Boolean.getBoolean("manyi.write")) {
            Files.writeString(REFERENCE, page);
        }
        assertThat(Files.readString(REFERENCE))
                .as("the tables of docs/job.md are stale; write them with mvn test -Dtest=JobReferenceTest"
                        + " -Dmanyi.write=true")
                .isEqualTo(page);
    }
}

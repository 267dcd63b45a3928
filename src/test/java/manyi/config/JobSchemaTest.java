package manyi.config;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.util.DefaultIndenter;
import com.fasterxml.jackson.core.util.DefaultPrettyPrinter;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.networknt.schema.Error;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.yaml.snakeyaml.DumperOptions;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;
import org.yaml.snakeyaml.nodes.Tag;
import org.yaml.snakeyaml.representer.Representer;
import org.yaml.snakeyaml.resolver.Resolver;

/** The JSON Schemas of the job document and the questionnaire, by which editors complete and underline. */
class JobSchemaTest {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Path JOB = Path.of("docs/job.schema.json");
    private static final Path QUESTIONNAIRE = Path.of("docs/questionnaire.schema.json");

    /** {@code mvn test -Dtest=JobSchemaTest -Dmanyi.write=true} writes the schemas anew. */
    @Test
    void theSchemasSayWhatTheCodeSays() throws IOException {
        isWritten(JOB, JobReference.schema("Job document of Manyi", JobKeys.JOB));
        isWritten(QUESTIONNAIRE, JobReference.schema("Questionnaire of Manyi", QuestionnaireKeys.QUESTIONNAIRE));
    }

    private static void isWritten(Path file, JsonNode schema) throws IOException {
        var printer = new DefaultPrettyPrinter()
                .withObjectIndenter(new DefaultIndenter("  ", "\n"))
                .withArrayIndenter(new DefaultPrettyPrinter.FixedSpaceIndenter());
        String text = JSON.writer(printer).writeValueAsString(schema) + "\n";
        if (Boolean.getBoolean("manyi.write")) {
            Files.writeString(file, text);
        }
        assertThat(Files.readString(file))
                .as(file + " is stale; write it with mvn test -Dtest=JobSchemaTest -Dmanyi.write=true")
                .isEqualTo(text);
    }

    static Stream<Path> documents() throws IOException {
        Stream<Path> jobs = Stream.of("jobs", "src/test/resources/reference")
                .map(Path::of)
                .flatMap(folder -> {
                    try (Stream<Path> files = Files.list(folder)) {
                        return files.filter(file -> file.toString().endsWith(".yaml")).toList().stream();
                    } catch (IOException unreadable) {
                        throw new java.io.UncheckedIOException(unreadable);
                    }
                });
        return Stream.concat(jobs, Stream.of(Path.of("data-samples/questionnaire.yaml")));
    }

    @ParameterizedTest
    @MethodSource("documents")
    void everyDocumentOfOursIsValid(Path file) throws IOException {
        assertThat(faults(schema(file), Files.readString(file))).isEmpty();
    }

    @Test
    void theExamplesOfTheReferenceAreValid() throws IOException {
        List<String> blocks = Pattern.compile("```yaml\\n(.*?)```", Pattern.DOTALL)
                .matcher(Files.readString(Path.of("docs/job.md")))
                .results()
                .map(match -> match.group(1))
                .toList();

        assertThat(faults(JOB, blocks.get(0))).isEmpty();
        assertThat(faults(QUESTIONNAIRE, blocks.get(1))).isEmpty();
    }

    @Test
    void aMisspeltKeyAndAValueOutOfBoundsAreUnderlined() throws IOException {
        String job = Files.readString(Path.of("jobs/demo.yaml"));

        assertThat(faults(JOB, job.replaceFirst("(?m)^warehouse:", "warehose:")))
                .anySatisfy(fault -> assertThat(fault).contains("warehose"))
                .anySatisfy(fault -> assertThat(fault).contains("'warehouse' not found"));
        assertThat(faults(JOB, job + "\nretention: {runs: 0}\n"))
                .anySatisfy(fault -> assertThat(fault).contains("minimum value of 1"));
        assertThat(faults(JOB, job.replaceFirst("purchased_at:", "purchased_on:")))
                .anySatisfy(fault -> assertThat(fault).contains("purchased_on"));
    }

    private static Path schema(Path file) {
        return file.toString().contains("questionnaire") ? QUESTIONNAIRE : JOB;
    }

    private static List<String> faults(Path schema, String document) throws IOException {
        Schema read = SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12)
                .getSchema(JSON.readTree(Files.readString(schema)));
        return read.validate(JSON.valueToTree(yaml().load(document))).stream()
                .map(Error::toString)
                .toList();
    }

    /** YAML 1.2 as editors read it: days are texts, and no is no. */
    private static Yaml yaml() {
        Resolver resolver = new Resolver() {
            @Override
            protected void addImplicitResolvers() {
                addImplicitResolver(Tag.BOOL, Pattern.compile("^(?:true|false)$"), "tf");
                addImplicitResolver(Tag.INT, INT, "-+0123456789");
                addImplicitResolver(Tag.FLOAT, FLOAT, "-+0123456789.");
                addImplicitResolver(Tag.NULL, NULL, "~nN\0");
                addImplicitResolver(Tag.NULL, EMPTY, null);
            }
        };
        LoaderOptions loading = new LoaderOptions();
        return new Yaml(
                new SafeConstructor(loading),
                new Representer(new DumperOptions()),
                new DumperOptions(),
                loading,
                resolver);
    }
}

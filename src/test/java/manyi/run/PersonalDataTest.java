package manyi.run;

import static manyi.testing.Rows.picture;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.LocalDate;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Stream;
import manyi.config.JobFile;
import manyi.testing.Sparks;
import org.apache.logging.log4j.LogManager;
import org.apache.logging.log4j.core.LogEvent;
import org.apache.logging.log4j.core.Logger;
import org.apache.logging.log4j.core.appender.AbstractAppender;
import org.apache.logging.log4j.core.config.Property;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a survey tool exports about people and nobody mapped is nowhere afterwards. */
class PersonalDataTest {

    private static final String JOB = """
            job: panel
            warehouse: ${WAREHOUSE}
            time_zone: UTC
            currency: EUR
            customer_key: demo
            sources:
              survey:
                path: ${FOLDER}/survey/*.csv
                skip_after_header: 2
                columns:
                  response_id: ResponseId
                  answered_at: RecordedDate
                  disposition: "case when Status = '1' then 'test' when Finished = '0' then 'partial' else 'complete' end"
                  duration_seconds: "`Duration (in seconds)`"
            satisfaction: {questionnaire: questions.yaml, minimum_respondents: 2}
            quality: {maximum_rejected_share: 0.5}
            """;

    private static final String QUESTIONS = """
            questionnaire: panel
            scale: [1, 10]
            items:
              - {id: Q1, text: "How friendly is the staff?"}
              - {id: Q2, text: "How satisfied are you?", role: overall}
            waves:
              - {name: 2026Q1, end: 2026-03-31}
            """;

    /** The header, two lines of text, then people: one preview, one who broke off, one off the scale, one cut short. */
    private static final String EXPORT = """
            RecordedDate,Status,IPAddress,Duration (in seconds),Finished,ResponseId,RecipientLastName,RecipientFirstName,RecipientEmail,Q1,Q2
            Recorded Date,Response Type,IP Address,Duration (in seconds),Finished,Response ID,Last Name,First Name,Email,Staff,All
            "{""ImportId"":""recordedDate""}",x,x,x,x,x,x,x,x,x,x
            2026-03-01 10:00:00,0,203.0.113.77,300,1,R_1,Xanthopoulou,Quirina,quirina@mail.example,7,8
            2026-03-02 10:00:00,0,203.0.113.78,300,1,R_2,Xanthopoulos,Quirinus,quirinus@mail.example,9,9
            2026-03-03 10:00:00,1,203.0.113.79,10,1,R_3,Xanthopoulos,Quirinus,quirinus@mail.example,1,1
            2026-03-04 10:00:00,0,203.0.113.80,20,0,R_4,Xanthopoulos,Quirinus,quirinus@mail.example,5,
            2026-03-05 10:00:00,0,203.0.113.81,300,1,R_5,Xanthopoulos,Quirinus,quirinus@mail.example,99,1
            2026-03-06 10:00:00,0,203.0.113.82,300,1,R_6,Xanthopoulos,Quirinus,quirinus@mail.example
            """;

    private static final List<String> PERSONAL = List.of("203.0.113", "Xanthopoul", "Quirin", "mail.example");

    @TempDir
    Path folder;

    @Test
    void leavesNoTraceOfAddressesAndNames() throws IOException {
        Files.createDirectories(folder.resolve("survey"));
        Files.writeString(folder.resolve("survey/export.csv"), EXPORT);
        Files.writeString(folder.resolve("questions.yaml"), QUESTIONS);
        Path file = Files.writeString(folder.resolve("job.yaml"), JOB);
        Path warehouse = folder.resolve("w");
        Log log = new Log();
        RunResult result;
        Logger root = (Logger) LogManager.getRootLogger();
        root.addAppender(log);
        log.start();
        try {
            result = Run.execute(
                    Sparks.session(),
                    RunRequest.of(
                            JobFile.read(file, Map.of("WAREHOUSE", warehouse.toString(), "FOLDER", folder.toString())),
                            LocalDate.of(2026, 4, 10),
                            Instant.parse("2026-05-01T00:00:00Z")),
                    Progress.SILENT);
        } finally {
            root.removeAppender(log);
            log.stop();
        }

        Path published = result.folder().resolve("published");
        assertThat(picture(
                        Sparks.session()
                                .read()
                                .parquet(published.resolve("response_quality").toString()),
                        "segment_value",
                        "invitations",
                        "completes",
                        "partials",
                        "tests",
                        "mean_missing_share",
                        "is_suppressed"))
                .isEqualTo("""
                segment_value | invitations | completes | partials | tests | mean_missing_share | is_suppressed
                all | 3 | 2 | 1 | 1 |  | false
                """);
        assertThat(Shop.rejected(warehouse)).isEqualTo(2);
        assertThat(result.warnings()).anyMatch(warning -> warning.contains("IPAddress") && warning.contains("ignored"));
        for (String personal : PERSONAL) {
            assertThat(result.warnings()).noneMatch(warning -> warning.contains(personal));
            assertThat(log.lines).noneMatch(line -> line.contains(personal));
        }
        try (Stream<Path> files = Files.walk(warehouse)) {
            for (Path each : files.filter(Files::isRegularFile).toList()) {
                String content = each.toString().endsWith(".parquet")
                        ? String.join(
                                "\n",
                                Sparks.session()
                                        .read()
                                        .parquet(each.toString())
                                        .toJSON()
                                        .collectAsList())
                        : Files.readString(each, StandardCharsets.ISO_8859_1);
                assertThat(content).as(each.toString()).doesNotContain(PERSONAL);
            }
        }
    }

    /** Keeps what is logged. */
    private static final class Log extends AbstractAppender {
        private final List<String> lines = new CopyOnWriteArrayList<>();

        Log() {
            super("kept", null, null, true, Property.EMPTY_ARRAY);
        }

        @Override
        public void append(LogEvent event) {
            lines.add(event.getMessage().getFormattedMessage() + " " + event.getThrown());
        }
    }
}

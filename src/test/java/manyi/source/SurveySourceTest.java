package manyi.source;

import static manyi.source.Jobs.columns;
import static manyi.source.Jobs.job;
import static manyi.source.Jobs.questionnaire;
import static manyi.source.Jobs.source;
import static manyi.testing.Rows.picture;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import manyi.config.Questionnaire;
import manyi.config.Source;
import manyi.config.SourceKind;
import manyi.testing.Sparks;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SurveySourceTest {

    @TempDir
    Path folder;

    @Test
    void readsAColumnPerItem() throws IOException {
        Files.writeString(folder.resolve("a.csv"), """
                who,when,got,region,IMAG1,loyal,w,pop
                7,2026-03-31 23:00:00,2026-04-09,East,7,9.5,1.25,
                7,2026-04-01,,,99,,2,Employee
                7,2026-07-01,,,5,5,1,
                7,,,,5,5,1,
                7,2026-04-01,,,11,5,1,
                7,2026-04-01,,,5,0,1,
                7,2026-04-01,,,five,5,1,
                7,2026-04-01,,,5,1e400,1,
                7,2026-04-01,,,5,5,0,
                7,2026-04-01,,,5,5,,
                7,2026-04-01,,,5,5,1,robot
                ,2026-04-01,,,,,1,dealer
                """);
        Source source = source(
                SourceKind.SURVEY,
                folder,
                Map.of("when", "timestamp", "got", "date"),
                columns(
                        "customer_id", "who",
                        "answered_at", "when",
                        "received_at", "got",
                        "weight", "w",
                        "population", "pop",
                        "region", "region",
                        "CUSL3", "loyal"));

        assertThat(picture(read(source, questionnaire(true))
                        .selectExpr(
                                "lpad(place, 2, '0') as place",
                                "population",
                                "wave",
                                "received_on as received",
                                "weight",
                                "answers",
                                "attributes",
                                "reject_reason")))
                .isEqualTo("""
                place | population | wave | received | weight | answers | attributes | reject_reason
                01 | customer | 2026Q1 | 2026-04-09 | 1.25 | ArraySeq(7.0000, 9.5000) | ArraySeq(East) |
                02 | employee | 2026Q2 |  | 2 | ArraySeq(null, null) | ArraySeq(null) |
                03 | customer |  |  | 1 | ArraySeq(5.0000, 5.0000) | ArraySeq(null) | answered outside every wave
                04 | customer |  |  | 1 | ArraySeq(5.0000, 5.0000) | ArraySeq(null) | wave is missing
                05 | customer | 2026Q2 |  | 1 | ArraySeq(11.0000, 5.0000) | ArraySeq(null) | IMAG1 is off its scale 1 to 10
                06 | customer | 2026Q2 |  | 1 | ArraySeq(5.0000, 0.0000) | ArraySeq(null) | CUSL3 is off its scale 1 to 10
                07 | customer | 2026Q2 |  | 1 | ArraySeq(null, 5.0000) | ArraySeq(null) | IMAG1 is not a number
                08 | customer | 2026Q2 |  | 1 | ArraySeq(5.0000, null) | ArraySeq(null) | CUSL3 is not a number
                09 | customer | 2026Q2 |  | 0 | ArraySeq(5.0000, 5.0000) | ArraySeq(null) | weight is not above 0
                10 | customer | 2026Q2 |  |  | ArraySeq(5.0000, 5.0000) | ArraySeq(null) | weight is missing
                11 | robot | 2026Q2 |  | 1 | ArraySeq(5.0000, 5.0000) | ArraySeq(null) \
                | population is not customer, employee or dealer
                12 | dealer | 2026Q2 |  | 1 | ArraySeq(null, null) | ArraySeq(null) |
                """);
    }

    @Test
    void readsARowPerAnswer() throws IOException {
        Files.writeString(folder.resolve("a.csv"), """
                response,item,answer
                1,IMAG1,7
                1,CUSL3,99
                1,IMAG2,7
                1,CUSL3,0
                1,CUSL3,x
                1,,5
                1,IMAG1,
                """);
        Source source = Jobs.with(
                source(
                        SourceKind.SURVEY,
                        folder,
                        Map.of(),
                        columns("response_id", "response", "item", "item", "answer", "answer")),
                Jobs.answersInRows());

        assertThat(picture(
                        read(source, questionnaire(false)),
                        "place",
                        "response_id",
                        "wave",
                        "weight",
                        "item",
                        "answer",
                        "reject_reason"))
                .isEqualTo("""
                place | response_id | wave | weight | item | answer | reject_reason
                1 | 1 | all | 1 | IMAG1 | 7 |
                2 | 1 | all | 1 | CUSL3 |  |
                3 | 1 | all | 1 | IMAG2 | 7 | unknown item
                4 | 1 | all | 1 | CUSL3 | 0 | CUSL3 is off its scale 1 to 10
                5 | 1 | all | 1 | CUSL3 |  | CUSL3 is not a number
                6 | 1 | all | 1 |  | 5 | item is missing
                7 | 1 | all | 1 | IMAG1 |  |
                """);
    }

    @Test
    void takesCasesWithoutAnswersAndRefusesDispositionsThatNobodyKnows() throws IOException {
        Files.writeString(folder.resolve("a.csv"), """
                who,end,took,IMAG1,loyal,w
                1,,61.5,7,9,1
                2,Complete,0,7,9,2
                3,partial,,7,,1
                4,Refusal,,,,
                5,Non-contact,,,,3
                6,UNKNOWN ELIGIBILITY,,,,
                7,done,,7,9,1
                8,complete,-1,7,9,1
                9,complete,long,7,9,1
                10,complete,,7,9,
                """);
        Source source = source(
                SourceKind.SURVEY,
                folder,
                Map.of(),
                columns(
                        "customer_id", "who",
                        "disposition", "end",
                        "duration_seconds", "took",
                        "weight", "w",
                        "CUSL3", "loyal"));

        assertThat(picture(read(source, questionnaire(false))
                        .selectExpr(
                                "lpad(place, 2, '0') as place",
                                "disposition",
                                "duration_seconds as took",
                                "weight",
                                "reject_reason")))
                .isEqualTo("""
                place | disposition | took | weight | reject_reason
                01 |  | 61.5 | 1 |
                02 | complete | 0 | 2 |
                03 | partial |  | 1 |
                04 | refusal |  | 1 |
                05 | non_contact |  | 3 |
                06 | unknown_eligibility |  | 1 |
                07 | done |  | 1 | disposition is none of complete, partial, refusal, non_contact, other_nonresponse,\
                 unknown_eligibility, not_eligible, test
                08 | complete | -1 | 1 | duration_seconds is below 0
                09 | complete |  | 1 | duration_seconds is not a number that fits decimal(12,3)
                10 | complete |  |  | weight is missing
                """);
    }

    @Test
    void readsAnExportWithLinesOfTextBehindItsHeaderAndKeepsNothingThatIsNotMapped() throws IOException {
        Files.writeString(folder.resolve("a.csv"), """
                RecipientEmail,Status,Finished,Duration (in seconds),IMAG1,CUSL3
                Recipient Email,"Response
                Type",Finished,Duration (in seconds),How good is the image?,"And ""loyalty""?"
                "{""ImportId"":""recipientEmail""}","{""ImportId"":""status""}",x,x,x,x
                ann@example.org,IP Address,True,300,7,9
                bob@example.org,Survey Preview,True,300,7,9
                cid@example.org,IP Address,False,20,7,
                dan@example.org,IP Address,True,300,11,9
                eve@example.org,IP Address,True,300
                """);
        Source source = Jobs.with(
                source(
                        SourceKind.SURVEY,
                        folder,
                        Map.of(),
                        columns(
                                "disposition",
                                "case when Status = 'Survey Preview' then 'test' when Finished = 'False' then 'partial'"
                                        + " else 'complete' end",
                                "duration_seconds",
                                "`Duration (in seconds)`")),
                Jobs.skipping(2));

        assertThat(picture(
                        read(source, questionnaire(false)),
                        "place",
                        "disposition",
                        "duration_seconds",
                        "reject_reason",
                        "record"))
                .isEqualTo("""
                place | disposition | duration_seconds | reject_reason | record
                1 | complete | 300 |  |
                2 | test | 300 |  |
                3 | partial | 20 |  |
                4 | complete | 300 | IMAG1 is off its scale 1 to 10 | \
                {"Status":"IP Address","Finished":"True","Duration (in seconds)":"300","IMAG1":"11","CUSL3":"9"}
                5 | complete |  | malformed record |
                """);
    }

    private static Dataset<Row> read(Source given, Questionnaire questionnaire) {
        Source source = Jobs.withItems(given, questionnaire);
        SourceReader reader = new SourceReader(Sparks.session(), job("Europe/London", questionnaire, source));
        return reader.read(source, reader.files(source));
    }
}

package manyi.source;

import java.math.BigDecimal;
import java.nio.file.Path;
import java.time.LocalDate;
import java.time.ZoneId;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import manyi.config.Job;
import manyi.config.Questionnaire;
import manyi.config.Source;
import manyi.config.SourceKind;
import manyi.testing.Surveys;

/** Jobs and sources for tests, spelt as short as a job document. */
final class Jobs {

    /** Comma, double quote, UTF-8, a header, decimal point. */
    static final Source.Options STANDARD = new Source.Options(
            ',', '"', '"', "UTF-8", true, List.of(), '.', true, List.of(), Source.Layout.WIDE, Optional.empty(), 0);

    private Jobs() {}

    static Job job(Source... sources) {
        return job("Europe/London", null, sources);
    }

    static Job job(String zone, Questionnaire questionnaire, Source... sources) {
        Optional<Job.Satisfaction> satisfaction =
                Optional.ofNullable(questionnaire).map(one -> Surveys.satisfaction(one, 10));
        return new Job(
                "test",
                Path.of("job.yaml"),
                "warehouse",
                ZoneId.of(zone),
                "GBP",
                Optional.empty(),
                List.of(sources),
                List.of(),
                satisfaction,
                Optional.empty(),
                new Job.Cohorts(3),
                Optional.empty(),
                new Job.Retention(3, 12, 30),
                new Job.CustomerKey(true, Optional.empty()),
                "digest");
    }

    static Source purchases(Path path, Map<String, String> types, Map<String, String> columns) {
        return source(SourceKind.PURCHASES, path, types, columns);
    }

    static Source source(SourceKind kind, Path path, Map<String, String> types, Map<String, String> columns) {
        return new Source(
                kind, kind.key(), path.toString(), Source.Format.CSV, types, columns, List.of(), STANDARD, 0.05);
    }

    static Source with(Source source, Source.Options options) {
        return new Source(
                source.kind(),
                source.name(),
                source.path(),
                source.format(),
                source.types(),
                source.columns(),
                source.key(),
                options,
                source.maximumRejectedShare());
    }

    /** The source with every item that it does not map read from the column of its name, as a job document has it. */
    static Source withItems(Source source, Questionnaire questionnaire) {
        Map<String, String> columns = new LinkedHashMap<>(source.columns());
        if (source.options().layout() == Source.Layout.WIDE) {
            questionnaire.items().forEach(item -> columns.putIfAbsent(item.id(), "`" + item.id() + "`"));
        }
        return new Source(
                source.kind(),
                source.name(),
                source.path(),
                source.format(),
                source.types(),
                columns,
                source.key(),
                source.options(),
                source.maximumRejectedShare());
    }

    static Source as(Source source, Source.Format format) {
        return new Source(
                source.kind(),
                source.name(),
                source.path(),
                format,
                source.types(),
                source.columns(),
                source.key(),
                source.options(),
                source.maximumRejectedShare());
    }

    static Source keyed(Source source, String... key) {
        return new Source(
                source.kind(),
                source.name(),
                source.path(),
                source.format(),
                source.types(),
                source.columns(),
                List.of(key),
                source.options(),
                source.maximumRejectedShare());
    }

    static Source.Options encoding(String encoding) {
        return new Source.Options(
                ',',
                '"',
                '"',
                encoding,
                true,
                List.of(),
                '.',
                true,
                List.of(),
                Source.Layout.WIDE,
                Optional.empty(),
                0);
    }

    static Source.Options delimited(char delimiter, char decimal, String... nulls) {
        return new Source.Options(
                delimiter,
                '"',
                '"',
                "UTF-8",
                true,
                List.of(),
                decimal,
                true,
                List.of(nulls),
                Source.Layout.WIDE,
                Optional.empty(),
                0);
    }

    static Source.Options dated(String format) {
        return new Source.Options(
                ',',
                '"',
                '"',
                "UTF-8",
                true,
                List.of(),
                '.',
                true,
                List.of(),
                Source.Layout.WIDE,
                Optional.of(format),
                0);
    }

    static Source.Options headless(String format, String... names) {
        return new Source.Options(
                ',',
                '"',
                '"',
                "UTF-8",
                false,
                List.of(names),
                '.',
                true,
                List.of(),
                Source.Layout.WIDE,
                Optional.ofNullable(format),
                0);
    }

    static Source.Options lines() {
        return new Source.Options(
                ',',
                '"',
                '"',
                "UTF-8",
                true,
                List.of(),
                '.',
                false,
                List.of(),
                Source.Layout.WIDE,
                Optional.empty(),
                0);
    }

    static Source.Options skipping(int records) {
        return new Source.Options(
                ',',
                '"',
                '"',
                "UTF-8",
                true,
                List.of(),
                '.',
                true,
                List.of(),
                Source.Layout.WIDE,
                Optional.empty(),
                records);
    }

    static Source.Options answersInRows() {
        return new Source.Options(
                ',', '"', '"', "UTF-8", true, List.of(), '.', true, List.of(), Source.Layout.LONG, Optional.empty(), 0);
    }

    /** Two items from 1 to 10, 99 for "don't know", and two waves. */
    static Questionnaire questionnaire(boolean hasWaves) {
        return new Questionnaire(
                "q",
                List.of(item("IMAG1"), item("CUSL3")),
                List.of(new Questionnaire.Group("image", BigDecimal.ONE)),
                Map.of(),
                hasWaves
                        ? List.of(
                                new Questionnaire.Wave(
                                        "2026Q1", LocalDate.of(2026, 1, 1), LocalDate.of(2026, 3, 31), 7),
                                new Questionnaire.Wave(
                                        "2026Q2", LocalDate.of(2026, 4, 1), LocalDate.of(2026, 6, 30), 7))
                        : List.of(),
                "digest");
    }

    /** Items from 1 to 10, no waves. */
    static Questionnaire questionnaire(List<String> items) {
        return new Questionnaire(
                "q",
                items.stream().map(Jobs::item).toList(),
                List.of(new Questionnaire.Group("image", BigDecimal.ONE)),
                Map.of(),
                List.of(),
                "digest");
    }

    static Map<String, String> columns(String... pairs) {
        Map<String, String> columns = new LinkedHashMap<>();
        for (int i = 0; i < pairs.length; i += 2) {
            columns.put(pairs[i], pairs[i + 1]);
        }
        return columns;
    }

    private static Questionnaire.Item item(String id) {
        return new Questionnaire.Item(
                id,
                id,
                BigDecimal.ONE,
                BigDecimal.TEN,
                false,
                List.of(new BigDecimal(99)),
                Optional.of("image"),
                BigDecimal.ONE,
                Set.of(Questionnaire.Role.INDICATOR));
    }
}

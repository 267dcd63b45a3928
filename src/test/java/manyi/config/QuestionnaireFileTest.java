package manyi.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import java.io.IOException;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import manyi.config.Questionnaire.Group;
import manyi.config.Questionnaire.Item;
import manyi.config.Questionnaire.Role;
import manyi.config.Questionnaire.Wave;
import manyi.table.Failure;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class QuestionnaireFileTest {

    @TempDir
    private Path folder;

    @Test
    void readsTheEuropeanIndexOfMobilePhoneOperators() {
        var questionnaire =
                QuestionnaireFile.read(Path.of("src/test/resources/reference/mobi-questionnaire.yaml"), Map.of());

        assertThat(questionnaire.items()).hasSize(24);
        assertThat(questionnaire.groups())
                .containsExactly(
                        new Group("image", BigDecimal.ONE),
                        new Group("quality", BigDecimal.ONE),
                        new Group("value", BigDecimal.ONE),
                        new Group("service", BigDecimal.ONE));
        assertThat(questionnaire.items().stream().filter(item -> item.roles().contains(Role.INDICATOR)))
                .extracting(Item::id)
                .containsExactly(
                        "IMAG1", "IMAG2", "IMAG3", "IMAG4", "IMAG5", "PERQ1", "PERQ2", "PERQ3", "PERQ4", "PERQ5",
                        "PERQ6", "PERQ7", "PERV1", "PERV2", "CUSCO");
        assertThat(questionnaire.item(Role.OVERALL).map(Item::id)).contains("CUSA1");
        assertThat(questionnaire.item(Role.RECOMMEND).map(Item::id)).contains("CUSL3");
        assertThat(questionnaire.item(Role.EXPECTED).map(Item::id)).contains("CUEX1");
        assertThat(questionnaire.item(Role.PERCEIVED).map(Item::id)).contains("PERQ1");
        assertThat(questionnaire.item(Role.IDEAL).map(Item::id)).contains("CUSA3");
        assertThat(questionnaire.item(Role.REPURCHASE).map(Item::id)).contains("CUSL1");
        assertThat(questionnaire.item(Role.PRICE_TOLERANCE).map(Item::id)).contains("CUSL2");
        assertThat(questionnaire.groupings().get("construct")).hasSize(7).containsEntry("complaints", List.of("CUSCO"));
        assertThat(questionnaire.waves())
                .containsExactly(new Wave("2004", LocalDate.of(2004, 1, 1), LocalDate.of(2004, 12, 31), 0));
    }

    @Test
    void readsAllThatAnItemMaySay() throws IOException {
        var questionnaire = read("""
                questionnaire: 门店
                scale: [1, 7]
                missing: [8, 9]
                groups: {service: 2.5, price: 0}
                items:
                  - {id: 态度, text: 服务态度, group: service, weight: 0.25}
                  - {id: wait, text: How long you waited, scale: [0, 10.5], direction: lower_is_better, missing: [],
                     group: service, weight: 0, role: indicator}
                  - {id: cheap, text: Prices, direction: higher_is_better, group: price, roles: [perceived, indicator]}
                  - {id: age_of_shop, text: Background, scale: [-3, 3], missing: 99, roles: []}
                groupings:
                  stage: {before: [cheap], after: [wait, 态度]}
                waves:
                  - {name: 2026Q2, end: 2026-06-30}
                  - {name: 2026Q3, end: 2026-09-30, grace_days: 14}
                  - {name: 2026Q4, start: 2026-11-01, end: 2026-12-31}
                """);

        var eightNine = List.of(new BigDecimal("8"), new BigDecimal("9"));
        assertThat(questionnaire.items())
                .containsExactly(
                        new Item(
                                "态度",
                                "服务态度",
                                new BigDecimal("1"),
                                new BigDecimal("7"),
                                false,
                                eightNine,
                                Optional.of("service"),
                                new BigDecimal("0.25"),
                                Set.of(Role.INDICATOR)),
                        new Item(
                                "wait",
                                "How long you waited",
                                new BigDecimal("0"),
                                new BigDecimal("10.5"),
                                true,
                                List.of(),
                                Optional.of("service"),
                                new BigDecimal("0"),
                                Set.of(Role.INDICATOR)),
                        new Item(
                                "cheap",
                                "Prices",
                                new BigDecimal("1"),
                                new BigDecimal("7"),
                                false,
                                eightNine,
                                Optional.of("price"),
                                BigDecimal.ONE,
                                Set.of(Role.INDICATOR, Role.PERCEIVED)),
                        new Item(
                                "age_of_shop",
                                "Background",
                                new BigDecimal("-3"),
                                new BigDecimal("3"),
                                false,
                                List.of(new BigDecimal("99")),
                                Optional.empty(),
                                BigDecimal.ONE,
                                Set.of()));
        assertThat(questionnaire.groups())
                .containsExactly(new Group("service", new BigDecimal("2.5")), new Group("price", new BigDecimal("0")));
        assertThat(questionnaire.groupings())
                .isEqualTo(Map.of("stage", Map.of("before", List.of("cheap"), "after", List.of("wait", "态度"))));
        assertThat(questionnaire.waves())
                .containsExactly(
                        new Wave("2026Q2", LocalDate.of(1, 1, 1), LocalDate.of(2026, 6, 30), 0),
                        new Wave("2026Q3", LocalDate.of(2026, 7, 1), LocalDate.of(2026, 9, 30), 14),
                        new Wave("2026Q4", LocalDate.of(2026, 11, 1), LocalDate.of(2026, 12, 31), 0));
    }

    @Test
    void gathersIndicatorsWithoutAGroupInOne() throws IOException {
        var questionnaire = read("""
                questionnaire: q
                scale: [1, 5]
                items:
                  - {id: a, text: A}
                  - {id: b, text: B, role: overall}
                waves: {name: w, end: 2026-06-30}
                """);
        assertThat(questionnaire.groups()).containsExactly(new Group("indicators", BigDecimal.ONE));
        assertThat(questionnaire.items())
                .extracting(Item::group)
                .containsExactly(Optional.of("indicators"), Optional.empty());
    }

    @Test
    void weighsGroupsAlikeWhereNoneIsGivenAWeight() throws IOException {
        var questionnaire = read("""
                questionnaire: q
                scale: [1, 5]
                items:
                  - {id: a, text: A, group: two}
                  - {id: b, text: B, group: one}
                waves: {name: w, end: 2026-06-30}
                """);
        assertThat(questionnaire.groups())
                .containsExactly(new Group("two", BigDecimal.ONE), new Group("one", BigDecimal.ONE));
    }

    @Test
    void keepsItsDigestWhenAWaveIsAddedOrTheLayoutChanges() throws IOException {
        String head = "questionnaire: q\nscale: [1, 5]\n";
        String items = "items: [{id: a, text: A, weight: 1.0}]\n";
        String waves = "waves: [{name: w1, end: 2026-06-30}]\n";
        String digest = read(head + items + waves).digest();
        assertThat(read(waves.replace("]", ", {name: w2, end: 2026-07-31}]") + items.replace("1.0", "1") + head)
                        .digest())
                .isEqualTo(digest);
        assertThat(read(head + items.replace("text: A", "text: B") + waves).digest())
                .isNotEqualTo(digest);
        assertThat(read(head.replace("5", "7") + items + waves).digest()).isNotEqualTo(digest);
    }

    private static final String THREE = """
            questionnaire: q
            scale: [1, 5]
            items: [{id: a, text: A}, {id: b, text: B}, {id: c, text: C, role: overall}]
            waves: [{name: w1, end: 2026-06-30}]
            """;

    @Test
    void readsItsModelLikeASentence() throws IOException {
        var written = read(THREE + """
                model:
                  constructs: {image: [a], quality: {items: b, mode: B}, satisfaction: [c]}
                  paths: ['image -> quality, satisfaction', quality -> satisfaction]
                  scheme: centroid
                  weights: own
                  consistent: true
                  missing: pairwise
                drivers: {predictors: {first: a, second: [b]}}
                bootstrap: {replicates: 99, seed: 7}
                """);

        var model = written.model().orElseThrow();
        assertThat(model.replicates()).isEqualTo(99);
        assertThat(model.seed()).isEqualTo(7);
        assertThat(model.paths())
                .contains(new SurveyModel.PathModel(
                        List.of(
                                new SurveyModel.Construct("image", List.of("a"), false),
                                new SurveyModel.Construct("quality", List.of("b"), true),
                                new SurveyModel.Construct("satisfaction", List.of("c"), false)),
                        List.of(
                                new SurveyModel.Path("image", "quality"),
                                new SurveyModel.Path("image", "satisfaction"),
                                new SurveyModel.Path("quality", "satisfaction")),
                        SurveyModel.Scheme.CENTROID,
                        true,
                        true,
                        true));
        assertThat(model.drivers())
                .contains(new SurveyModel.Drivers(
                        List.of("c"), Map.of("first", List.of("a"), "second", List.of("b")), false));
        assertThat(written.digest()).isEqualTo(read(THREE).digest());
        assertThat(read(THREE).model()).isEmpty();
    }

    @Test
    void knowsThePathsOfTheAmericanAndTheEuropeanIndex() throws IOException {
        var model = read(THREE + "model: {template: acsi, constructs: {quality: a, value: b, satisfaction: c}}\n")
                .model()
                .orElseThrow();

        assertThat(model.paths().orElseThrow().paths())
                .containsExactly(
                        new SurveyModel.Path("quality", "value"),
                        new SurveyModel.Path("quality", "satisfaction"),
                        new SurveyModel.Path("value", "satisfaction"));
        assertThat(QuestionnaireFile.read(Path.of("src/test/resources/reference/mobi-questionnaire.yaml"), Map.of())
                        .model()
                        .flatMap(SurveyModel::paths)
                        .orElseThrow()
                        .paths())
                .hasSize(12);
    }

    @Test
    void tellsWhatIsWrongWithAModel() throws IOException {
        assertThat(faults(THREE + """
                model:
                  constructs:
                    image: [a, z]
                    quality: {items: [a], mode: C}
                    value: []
                    alone: b
                  paths:
                    image: [qualty, image]
                    quality: [value]
                    value: [quality, quality]
                  scheme: paths
                drivers: {outcome: [c], predictors: {first: [c]}, missing: none}
                bootstrap: {replicates: 1}
                """)).isEqualTo("""
                The questionnaire has 12 faults; fix them and try again:
                q.yaml:7: model.constructs.image: there is no item 'z'
                q.yaml:8: model.constructs.quality.items: the item 'a' already belongs to 'image'; an item measures one thing
                q.yaml:8: model.constructs.quality.mode: 'C' is not one of A, B
                q.yaml:9: model.constructs.value: has no items
                q.yaml:11: model.paths: form a cycle: quality -> value, value -> quality; remove one of them
                q.yaml:12: model.paths: there is no construct 'qualty'; did you mean 'quality'?
                q.yaml:12: model.paths: 'image' cannot act on itself
                q.yaml:14: model.paths: the path from 'value' to 'quality' is a duplicate
                q.yaml:15: model.scheme: 'paths' is not one of path, centroid, factorial; did you mean 'path'?
                q.yaml:16: drivers.predictors.first: the item 'c' already belongs to 'the outcome'; an item measures one thing
                q.yaml:16: drivers.missing: 'none' is not one of mean, pairwise
                q.yaml:17: bootstrap.replicates: '1' is not a whole number from 2 to 5000""");
        assertThat(faults(THREE + """
                model:
                  template: ecsi
                  constructs: {imaje: [a], loyalty: [b]}
                  paths: {}
                """)).isEqualTo("""
                The questionnaire has 2 faults; fix them and try again:
                q.yaml:7: model.constructs.imaje: is not a construct of ecsi; did you mean 'image'?
                q.yaml:8: model.paths: cannot stand beside template, which has paths of its own; keep one of the two""");
        assertThat(faults(THREE + """
                model:
                  constructs: {image: [a], loyalty: [b]}
                  paths: [image to loyalty]
                """)).isEqualTo("""
                The questionnaire has 1 fault; fix it and try again:
                q.yaml:7: model.paths: 'image to loyalty' is not a path; write it like 'image -> expectation, satisfaction'""");
    }

    @Test
    void tellsWhatIsWrongWithItems() throws IOException {
        assertThat(faults("""
                questionaire: q
                groups: {service: 1, price: -1, empty: 2, none:, many: x}
                constructs: {}
                items:
                  - {id: a, text: A, scale: [1, 5], group: servce}
                  - {id: a, text: A, scale: [5, 1]}
                  - {id: b, text: "", scale: [1], groop: service}
                  - {text: C, scale: [1, 2, 3]}
                  - {id: d e, text: D, scale: [1, x], direction: up}
                  - {id: weight, text: E}
                  - {id: f, text: F, scale: [1, 5], missing: [3, 1e9], role: overal}
                  - {id: g, text: G, scale: [1, 100000], role: overall, weight: 2}
                  - {id: h, text: H, scale: [1, 5], roles: [overall, indicator], group: service, weight: -1}
                  - {id: i, text: I, scale: [1, 5], role: ideal, roles: [expected]}
                  - H
                groupings:
                  system: {mind: [a, bb], body: [a], soul: []}
                  layer: x
                waves: []
                """)).isEqualTo("""
                The questionnaire has 33 faults; fix them and try again:
                q.yaml:1: the key 'questionnaire' is missing
                q.yaml:1: unknown key 'questionaire'; did you mean 'questionnaire'?
                q.yaml:2: groups.price: -1 is below 0
                q.yaml:2: groups.none: has no weight; write 1 where all groups weigh the same
                q.yaml:2: groups.many: 'x' is not a number such as 0.5
                q.yaml:3: unknown key 'constructs'; known here: questionnaire, scale, missing, items, groups, expectation, delivered_value, groupings, waves, model, drivers, bootstrap, weights
                q.yaml:5: the group 'servce' of item 'a' is not among the groups; did you mean 'service'?
                q.yaml:6: items[2].id: the item 'a' is a duplicate; the first is on line 5
                q.yaml:6: items[2].scale: the lowest answer 5 is not below the highest 1; where a high answer is bad, write direction: lower_is_better
                q.yaml:7: items[3].text: is blank
                q.yaml:7: items[3].scale: has 1 numbers; write the lowest and the highest answer, like [1, 10]
                q.yaml:7: unknown key 'groop' in items[3]; did you mean 'group'?
                q.yaml:8: the key 'id' is missing in items[4]
                q.yaml:8: items[4].scale: has 3 numbers; write the lowest and the highest answer, like [1, 10]
                q.yaml:9: items[5].id: 'd e' is not a valid item name; a name has letters, digits, '_', '.' and '-', at most 64
                q.yaml:9: items[5].scale: 'x' is not a number such as 0.5
                q.yaml:9: items[5].direction: 'up' is not one of higher_is_better, lower_is_better
                q.yaml:10: items[6].id: 'weight' is the name of a survey field; give the item another name
                q.yaml:10: the key 'scale' is missing in items[6]; write it like [1, 10]
                q.yaml:11: items[7].missing: '1e9' is not a number such as 0.5
                q.yaml:11: items[7].missing: the missing code 3 lies on the scale from 1 to 5, where it is an answer
                q.yaml:11: items[7].role: 'overal' is not a role; did you mean 'overall'?
                q.yaml:12: items[8].scale: answers have at most 5 digits before the point and 4 after it, not 100000
                q.yaml:12: items[8].weight: is for indicators; add indicator to the roles, or leave it out
                q.yaml:13: items[9].weight: -1 is below 0
                q.yaml:13: items[9].role: the role overall is for one item only, and 'g' has it
                q.yaml:14: items[10].roles: cannot stand beside role; keep one of the two
                q.yaml:15: items[11]: expected keys with values, found 'H'
                q.yaml:17: groupings.system.mind: there is no item 'bb'
                q.yaml:17: groupings.system.body: the item 'a' is in 'mind' already; a grouping has each item once
                q.yaml:17: groupings.system.soul: has no items
                q.yaml:18: groupings.layer: expected keys with values, found 'x'
                q.yaml:19: waves: a questionnaire needs at least one wave, with name and end""");
    }

    @Test
    void tellsWhatIsWrongWithWeights() throws IOException {
        assertThat(faults("""
                questionnaire: q
                scale: [1, 5]
                groups: {a: 0, b: 0, c: 0}
                items:
                  - {id: a1, text: A, group: a}
                  - {id: b1, text: B, group: b, weight: 0}
                  - {id: b2, text: B, group: b, weight: 0.00}
                  - {id: d1, text: D, group: d}
                  - {id: e1, text: E}
                waves: {name: w, end: 2026-06-30}
                """)).isEqualTo("""
                The questionnaire has 5 faults; fix them and try again:
                q.yaml:3: groups: all weights are 0; at least one must be above
                q.yaml:3: groups: the group 'c' has no indicator
                q.yaml:6: all indicators of the group 'b' have weight 0; at least one must be above
                q.yaml:8: the group 'd' of item 'd1' is not among the groups; known here: a, b, c
                q.yaml:9: the indicator 'e1' has no group, while others have one; name its group, or write 'roles: []' if it is not an indicator""");
        assertThat(faults("""
                questionnaire: q
                items: [{id: a, text: A, scale: [1, 5], role: overall}]
                waves: {name: w, end: 2026-06-30}
                """)).isEqualTo("""
                The questionnaire has 1 fault; fix it and try again:
                q.yaml:2: items: no item has the role indicator; a satisfaction index needs at least one""");
    }

    @Test
    void refusesRisesOfThePriceThatHaveTooManySteps() throws IOException {
        assertThat(faults("""
                questionnaire: q
                scale: [-1, 5]
                items:
                  - {id: a, text: A}
                  - {id: p, text: P, role: price_tolerance}
                waves: {name: w, end: 2026-06-30}
                """)).isEqualTo("""
                The questionnaire has 1 fault; fix it and try again:
                q.yaml:5: items[2]: the scale of the price tolerance is from -1 to 5; it must start at 0 or above and span at most 100""");
        assertThat(faults("""
                questionnaire: q
                items:
                  - {id: a, text: A, scale: [1, 5]}
                  - {id: p, text: P, scale: [0, 100.5], role: price_tolerance}
                waves: {name: w, end: 2026-06-30}
                """)).contains("from 0 to 100.5;");
        assertThat(read("""
                questionnaire: q
                items:
                  - {id: a, text: A, scale: [1, 5]}
                  - {id: p, text: P, scale: [0, 100], role: price_tolerance}
                waves: {name: w, end: 2026-06-30}
                """).item(Questionnaire.Role.PRICE_TOLERANCE)).isPresent();
    }

    @Test
    void tellsWhatIsWrongWithWaves() throws IOException {
        assertThat(faults("""
                questionnaire: q
                items: [{id: a, text: A, scale: [1, 5]}]
                waves:
                  - {name: 2026Q1, start: 2026-04-01, end: 2026-03-31}
                  - {name: 2026Q2, start: 2026-03-31, end: 2026-06-30, grace_days: two}
                  - {name: 2026Q2, start: 2026-10-01, end: 2026-09-30}
                  - {name: 2025Q4, end: 2026-12-31}
                  - {name: 2027Q1, end: 2026-12-31}
                  - {name: 2027Q2, end: 2027}
                  - {end: 2028-01-01, finish: 1}
                """)).isEqualTo("""
                The questionnaire has 10 faults; fix them and try again:
                q.yaml:4: waves[1].start: 2026-04-01 is after the wave's end 2026-03-31
                q.yaml:5: waves[2].grace_days: 'two' is not a whole number from 0 up
                q.yaml:5: waves[2].start: 2026-03-31 overlaps wave '2026Q1', which ends on 2026-03-31; an answer belongs to one wave
                q.yaml:6: waves[3].name: the wave '2026Q2' is a duplicate
                q.yaml:6: waves[3].start: 2026-10-01 is after the wave's end 2026-09-30
                q.yaml:7: waves[4].name: '2025Q4' sorts before '2026Q2', the wave above it; name waves so that they sort in time, like 2026Q3
                q.yaml:8: waves[5].end: 2026-12-31 is not after 2026-12-31, the end of wave '2025Q4' above it; list waves in order of time
                q.yaml:9: waves[6].end: '2027' is not a day; write it like 2011-12-09
                q.yaml:10: the key 'name' is missing in waves[7]
                q.yaml:10: unknown key 'finish' in waves[7]; known here: name, end, start, grace_days""");
    }

    private Questionnaire read(String document) throws IOException {
        Files.writeString(folder.resolve("q.yaml"), document);
        return QuestionnaireFile.read(folder.resolve("q.yaml"), Map.of());
    }

    private String faults(String document) throws IOException {
        Throwable thrown = catchThrowable(() -> read(document));
        assertThat(thrown).isInstanceOf(Failure.class);
        assertThat(((Failure) thrown).kind()).isEqualTo(Failure.Kind.USAGE);
        return thrown.getMessage().replace(folder + "/", "");
    }
}

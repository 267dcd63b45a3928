package manyi.mart.satisfaction;

import static manyi.testing.Rows.rows;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.math.BigDecimal;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Predicate;
import java.util.function.ToDoubleFunction;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import manyi.config.Dimension;
import manyi.config.Job;
import manyi.config.Questionnaire;
import manyi.config.Questionnaire.Role;
import manyi.conformed.Attributes;
import manyi.conformed.ScoredResponse;
import manyi.mart.loyalty.CustomerCell;
import manyi.mart.survey.PairedCell;
import manyi.mart.survey.PanelPairs;
import manyi.mart.survey.RoundedFigures;
import manyi.mart.survey.SatisfactionCell;
import manyi.mart.survey.Suppression;
import manyi.table.Derivation;
import manyi.table.Table;
import manyi.testing.Attacker;
import manyi.testing.Surveys;
import org.apache.commons.math3.optim.linear.LinearConstraint;
import org.apache.commons.math3.optim.linear.Relationship;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What somebody learns of a few customers who has nothing but the published tables, all of them, and patience. */
class AttackerTest {

    private static final LocalDate AS_OF = LocalDate.of(2026, 10, 31);
    private static final int MINIMUM = 10;
    private static final int REGIONS = 3;
    private static final int CHANNELS = 3;
    private static final int CLASSES = REGIONS * CHANNELS;
    private static final List<String> ITEMS = List.of("q1", "q2");
    private static final List<String> WAVES = List.of("2026Q2", "2026Q3");
    private static final List<Dimension> DIMENSIONS = List.of(
            new Dimension(List.of("region")),
            new Dimension(List.of("channel")),
            new Dimension(List.of("region", "channel")));
    private static final Attributes ATTRIBUTES =
            new Attributes(DIMENSIONS, List.of(), List.of(), List.of("region", "channel"));
    private static final Job.Satisfaction SATISFACTION = Surveys.satisfaction(Surveys.questionnaire(), MINIMUM);
    private static final String HEADER =
            "response_key | customer_id | population | wave | received_on | weight | answers"
                    + " | segments | csi | asked_items | answered_items | uniform_answers\n";

    /** The columns that are published of hidden cells too. */
    private static final Set<String> NAMES = Set.of(
            "as_of",
            "population",
            "wave",
            "previous_wave",
            "segment",
            "segment_value",
            "measure",
            "item",
            "item_text",
            "item_group",
            "weight",
            "weight_source",
            "weight_waves",
            "grouping",
            "group_name",
            "is_suppressed",
            "is_previous_suppressed");

    /** By seed; deriving them is dear, and three attacks are made on each. */
    private static final Map<Integer, Map<String, List<Row>>> PUBLISHED = new ConcurrentHashMap<>();

    private record Cell(String wave, String segment, String value) {
        static Cell of(Row row) {
            return new Cell(row.getAs("wave"), row.getAs("segment"), row.getAs("segment_value"));
        }
    }

    /** One customer's answers, and the class he is of: a region and a channel. */
    private record Answer(String customer, String wave, int of, int weight, int first, Integer second) {
        double csi() {
            return second == null ? first : (first + second) / 2.0;
        }

        boolean has(String item) {
            return item.equals("q1") || second != null;
        }

        String drawn(String key, String receivedOn) {
            return String.join(
                            " | ",
                            key,
                            customer,
                            "customer",
                            wave,
                            receivedOn,
                            "" + weight,
                            first + ", " + (second == null ? "" : second) + ", 5, 9",
                            region(of) + ", " + channel(of) + ", " + region(of) + Dimension.CROSS + channel(of),
                            "" + csi(),
                            "4",
                            second == null ? "3" : "4",
                            "0")
                    + "\n";
        }
    }

    private static String region(int of) {
        return "r" + of / CHANNELS;
    }

    private static String channel(int of) {
        return "c" + of % CHANNELS;
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2})
    void learnsNothingOfFewCustomersByAddingAndSubtracting(int seed) {
        List<Answer> answers = answers(seed);
        Map<String, List<Row>> published = published(seed);
        for (String wave : WAVES) {
            Set<Cell> cells = new HashSet<>();
            for (String table : List.of("segment_satisfaction", "response_quality")) {
                published.get(table).stream()
                        .filter(row -> isOpen(row) && row.getAs("wave").equals(wave))
                        .forEach(row -> cells.add(Cell.of(row)));
            }
            List<double[]> known = cells.stream()
                    .map(cell -> vector(CLASSES, 0, members(cell)))
                    .toList();
            assertThat(small(reduced(known), answers, wave, 0, answer -> true)).isEmpty();
        }
    }

    /** The attack is one: where nothing but the small cells is hidden, it tells them. */
    @Test
    void wouldLearnThemWhereTheSmallCellsAloneWereHidden() {
        int told = 0;
        for (int seed = 1; seed <= 20; seed++) {
            List<Answer> answers = answers(seed);
            List<double[]> known = cells("2026Q3").stream()
                    .filter(cell -> count(answers, cell) >= MINIMUM)
                    .map(cell -> vector(CLASSES, 0, members(cell)))
                    .toList();
            told += small(reduced(known), answers, "2026Q3", 0, answer -> true).isEmpty() ? 0 : 1;
        }
        assertThat(told).isGreaterThanOrEqualTo(15);
    }

    /** The same attack on the rule alone, on many more crossings: no group of classes comes out, whatever its make. */
    @Test
    void learnsOfNoGroupOfClassesWhateverTheCrossing() {
        List<String> told = new ArrayList<>();
        List<Cell> cells = cells("2026Q3");
        for (int seed = 1; seed <= 400; seed++) {
            List<Answer> answers = answers(seed);
            List<Cell> there =
                    cells.stream().filter(cell -> count(answers, cell) > 0).toList();
            BitSet hidden = new Suppression(MINIMUM)
                    .hidden(
                            there.stream()
                                    .map(cell -> Suppression.Cell.of(
                                            cell.segment(), cell.value(), List.of(count(answers, cell))))
                                    .toList(),
                            new BitSet());
            List<double[]> known = IntStream.range(0, there.size())
                    .filter(i -> !hidden.get(i))
                    .mapToObj(i -> vector(CLASSES, 0, members(there.get(i))))
                    .toList();
            for (Set<Integer> members : small(reduced(known), answers, "2026Q3", 0, answer -> true)) {
                told.add("seed %d: classes %s of %s, cells %s"
                        .formatted(
                                seed,
                                members,
                                counts(answers),
                                known.stream().map(Arrays::toString).toList()));
            }
        }
        assertThat(told).isEmpty();
    }

    /** Contributions of indicators add up to the index, so that what hides an answer must hide the rest too. */
    @ParameterizedTest
    @ValueSource(ints = {1, 2})
    void learnsNothingOfFewAnswersToAnItem(int seed) {
        List<Answer> answers = answers(seed);
        Map<String, List<Row>> published = published(seed);
        for (String wave : WAVES) {
            List<double[]> known = new ArrayList<>();
            published.get("segment_satisfaction").stream()
                    .filter(row -> isOpen(row) && row.getAs("wave").equals(wave))
                    .forEach(row -> {
                        double[] both = vector(2 * CLASSES, 0, members(Cell.of(row)));
                        double[] other = vector(2 * CLASSES, CLASSES, members(Cell.of(row)));
                        known.add(IntStream.range(0, 2 * CLASSES)
                                .mapToDouble(i -> both[i] + other[i])
                                .toArray());
                    });
            // whoever answered the second item answered both, so that its mean is its contribution; not so the first
            // one's
            published.get("indicator_satisfaction").stream()
                    .filter(row -> isOpen(row) && row.getAs("wave").equals(wave))
                    .filter(row -> row.getAs("item").equals("q2") || row.getAs("contribution") != null)
                    .forEach(row -> known.add(vector(
                            2 * CLASSES, ITEMS.indexOf(row.<String>getAs("item")) * CLASSES, members(Cell.of(row)))));
            published.get("grouped_satisfaction").stream()
                    .filter(row -> isOpen(row) && row.getAs("wave").equals(wave))
                    .filter(row -> row.getAs("group_name").equals("service"))
                    .forEach(row -> known.add(vector(2 * CLASSES, CLASSES, members(Cell.of(row)))));
            List<double[]> reduced = reduced(known);
            for (int item = 0; item < ITEMS.size(); item++) {
                String name = ITEMS.get(item);
                assertThat(small(reduced, answers, wave, item * CLASSES, answer -> answer.has(name)))
                        .as(name)
                        .isEmpty();
            }
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2})
    void findsNoFigureOfAHiddenCellInAnyTable(int seed) {
        List<Answer> answers = answers(seed);
        Map<String, List<Row>> published = published(seed);
        Set<Cell> hidden = published.get("segment_satisfaction").stream()
                .filter(row -> !isOpen(row))
                .map(Cell::of)
                .collect(Collectors.toSet());
        assertThat(hidden).isNotEmpty();
        Map<Cell, Row> segments = new HashMap<>();
        published.get("segment_satisfaction").forEach(row -> segments.put(Cell.of(row), row));
        published.forEach((table, rows) -> rows.forEach(row -> {
            boolean isHidden = hidden.contains(Cell.of(row));
            if (table.equals("satisfaction_trend")) {
                Cell before = new Cell(row.getAs("previous_wave"), row.getAs("segment"), row.getAs("segment_value"));
                assertThat(isOpen(row)).isEqualTo(!isHidden);
                if (isOpen(row) && row.getAs("measure").equals("csi")) {
                    assertThat(row.<Double>getAs("value"))
                            .isEqualTo(segments.get(Cell.of(row)).<Double>getAs("csi"));
                }
                if (row.getAs("measure").equals("csi")) {
                    boolean isKnown = isOpen(row) && segments.containsKey(before) && !hidden.contains(before);
                    assertThat(row.<Double>getAs("previous_value"))
                            .isEqualTo(isKnown ? segments.get(before).<Double>getAs("csi") : null);
                }
            }
            if (isHidden) {
                assertThat(isOpen(row)).as(table + " " + row).isFalse();
            }
            for (String column : row.schema().fieldNames()) {
                assertThat(isOpen(row) || NAMES.contains(column) || row.getAs(column) == null)
                        .as("%s of %s in %s", column, row, table)
                        .isTrue();
            }
        }));
        // the attacker's equations are the tables': what is published adds up over the classes
        published.get("segment_satisfaction").stream()
                .filter(AttackerTest::isOpen)
                .forEach(row -> {
                    Cell cell = Cell.of(row);
                    List<Answer> inside = answers.stream()
                            .filter(answer -> answer.wave().equals(cell.wave())
                                    && members(cell).contains(answer.of()))
                            .toList();
                    assertThat(row.<Long>getAs("respondents")).isEqualTo(inside.size());
                    assertThat(row.<Double>getAs("csi"))
                            .isCloseTo(mean(inside, answer -> answer.weight(), Answer::csi), within(1e-6));
                });
    }

    /** Yesterday's tables less today's: a late answer that says when it came changes nothing of a closed wave. */
    @Test
    void learnsNothingOfALateAnswerThatSaysWhenItCame() {
        List<Answer> answers = answers(1);
        String later = picture(answers) + late(answers).drawn("late", "2026-11-01");

        Map<String, List<Row>> yesterday = published(1);
        Map<String, List<Row>> today = published(AS_OF.plusDays(1), later);

        for (String table : yesterday.keySet()) {
            // only that somebody was late is told, where ten and more were asked
            Set<String> ignored = table.equals("response_quality")
                    ? Set.of("as_of", "invitations", "late_responses")
                    : Set.of("as_of");
            assertThat(without(ignored, today.get(table))).as(table).isEqualTo(without(ignored, yesterday.get(table)));
        }
        assertThat(sum(today, "late_responses") - sum(yesterday, "late_responses"))
                .isEqualTo(1);
    }

    /**
     * What the tables alone would tell: an answer that does not say when it came is taken to be in time, and yesterday's
     * total and today's then tell it. That is why a run keeps a closed wave as it was published until the answers of
     * enough respondents have changed.
     */
    @Test
    void learnsALateAnswerThatDoesNotSayWhenItCame() {
        List<Answer> answers = answers(1);
        Answer late = late(answers);

        Row yesterday = everybody(published(1));
        Row today = everybody(published(AS_OF.plusDays(1), picture(answers) + late.drawn("late", "")));

        // a reader who knows the sum of weights, as anybody does where all weigh the same
        double before = answers.stream()
                .filter(answer -> answer.wave().equals("2026Q3"))
                .mapToInt(Answer::weight)
                .sum();
        double told = today.<Double>getAs("csi") * (before + late.weight()) - yesterday.<Double>getAs("csi") * before;
        assertThat(today.<Long>getAs("respondents") - yesterday.<Long>getAs("respondents"))
                .isEqualTo(1);
        assertThat(told / late.weight()).isCloseTo(late.csi(), within(1e-6));
    }

    // ---- what a single respondent answered, by linear programming

    /** Four indicators and overall satisfaction, from 0 to 10; in two groups or in none. */
    private static Questionnaire four(boolean hasGroups) {
        List<Questionnaire.Item> items = new ArrayList<>();
        for (String id : List.of("A", "B", "C", "D")) {
            Optional<String> group =
                    hasGroups ? Optional.of(List.of("A", "B").contains(id) ? "first" : "second") : Optional.empty();
            items.add(Surveys.item(id, 0, 10, group, Role.INDICATOR));
        }
        items.add(Surveys.item("O", 0, 10, Optional.empty(), Role.OVERALL));
        return new Questionnaire(
                "four",
                items,
                hasGroups
                        ? List.of(
                                new Questionnaire.Group("first", BigDecimal.ONE),
                                new Questionnaire.Group("second", BigDecimal.ONE))
                        : List.of(),
                Map.of(),
                Surveys.WAVES,
                "four");
    }

    /**
     * What was derived of a survey.
     *
     * @param whole before anything was suppressed
     * @param full suppressed, with all digits
     * @param rounded suppressed, and rounded as published by default
     */
    private record Derived(Attacker attacker, Attacker.Release whole, Attacker.Release full, Attacker.Release rounded) {
        static Derived of(
                Questionnaire questionnaire, List<Dimension> dimensions, List<Attacker.Respondent> respondents) {
            Job.Satisfaction satisfaction = Surveys.satisfaction(questionnaire, MINIMUM);
            Dataset<Row> responses = rows(ScoredResponse.TABLE, picture(questionnaire, dimensions, respondents));
            Dataset<Row> cells = new SatisfactionCell(AS_OF, satisfaction, dimensions)
                    .from(Surveys.inputs(responses))
                    .localCheckpoint();
            Map<String, List<Row>> whole = new LinkedHashMap<>();
            Map<String, List<Row>> full = new LinkedHashMap<>();
            Map<String, List<Row>> rounded = new LinkedHashMap<>();
            List<Derivation> marts = List.of(
                    new SegmentSatisfaction(AS_OF),
                    new IndicatorSatisfaction(AS_OF, questionnaire),
                    new GroupedSatisfaction(AS_OF),
                    new SatisfactionTrend(AS_OF, List.of(), Optional.empty()));
            for (Derivation mart : marts) {
                String name = mart.table().name();
                Dataset<Row> audited =
                        mart.table().conform(mart.from(table -> cells)).localCheckpoint();
                whole.put(name, audited.collectAsList());
                full.put(name, mart.suppressed(audited).collectAsList());
                rounded.put(
                        name,
                        RoundedFigures.of(mart, satisfaction)
                                .suppressed(audited)
                                .collectAsList());
            }
            return new Derived(
                    new Attacker(questionnaire, respondents),
                    new Attacker.Release(whole, 0),
                    new Attacker.Release(full, 0),
                    new Attacker.Release(rounded, 0.05));
        }

        private static String picture(
                Questionnaire questionnaire, List<Dimension> dimensions, List<Attacker.Respondent> respondents) {
            StringBuilder picture = new StringBuilder(
                    "response_key | customer_id | population | wave | weight | answers | segments | csi\n");
            for (int i = 0; i < respondents.size(); i++) {
                Attacker.Respondent one = respondents.get(i);
                String answers = questionnaire.items().stream()
                        .map(item -> one.answers().containsKey(item.id())
                                ? one.answers().get(item.id()).toString()
                                : "")
                        .collect(Collectors.joining(", "));
                String segments = dimensions.stream()
                        .map(dimension -> one.segments().get(dimension.name()))
                        .collect(Collectors.joining(", "));
                picture.append(
                        "%s | %s | customer | %s | 1 | %s | %s | 50\n".formatted(i, i, one.wave(), answers, segments));
            }
            return picture.toString();
        }
    }

    private static Attacker.Respondent respondent(
            Random random, String wave, Map<String, String> segments, String... skipped) {
        Map<String, Double> answers = new TreeMap<>();
        for (String item : List.of("A", "B", "C", "D", "O")) {
            double answer = random.nextInt(11);
            if (!List.of(skipped).contains(item)) {
                answers.put(item, answer);
            }
        }
        return new Attacker.Respondent(wave, segments, answers);
    }

    /** One respondent of each region leaves an item out: the index, less what the items' means say, is theirs. */
    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void learnsNoAnswerOfTheOneWhoLeftAnItemOut(boolean hasGroups) {
        var random = new Random(41);
        List<Attacker.Respondent> respondents = new ArrayList<>();
        for (int i = 0; i < 60; i++) {
            Map<String, String> segments = Map.of("region", i < 25 ? "North" : "South");
            String[] skipped = i == 3 ? new String[] {"A"} : i == 40 ? new String[] {"B"} : new String[0];
            respondents.add(respondent(random, "2026Q3", segments, skipped));
        }

        Derived derived = Derived.of(four(hasGroups), List.of(DIMENSIONS.get(0)), respondents);

        assertThat(derived.attacker().learned(List.of(derived.full()))).isEmpty();
        assertThat(derived.attacker().learned(List.of(derived.rounded()))).isEmpty();
        assertThat(derived.attacker().counted(List.of(derived.full()))).isEmpty();
        // and what was published keeps its use: most items, in most cells
        assertThat(derived.full().tables().get("indicator_satisfaction"))
                .filteredOn(row -> row.getAs("mean_score") != null)
                .hasSizeGreaterThanOrEqualTo(9);
        // it is the suppression that keeps it: the whole figures tell both
        assertThat(derived.attacker().learned(List.of(derived.whole()))).hasSizeGreaterThanOrEqualTo(2);
    }

    /** Crossed segments, some small; a few leave out an item, others one after the other. */
    @ParameterizedTest
    @ValueSource(ints = {1, 2})
    void learnsNoAnswerWhereverItemsWereLeftOut(int seed) {
        var random = new Random(seed);
        List<Attacker.Respondent> respondents = new ArrayList<>();
        for (int of = 0; of < CLASSES; of++) {
            Map<String, String> segments = segments(of);
            int count = random.nextInt(3) == 0 ? 3 + random.nextInt(6) : 11 + random.nextInt(15);
            int skipping = random.nextInt(3);
            for (int i = 0; i < count; i++) {
                String[] skipped =
                        i < skipping ? new String[] {List.of("A", "B", "D").get(random.nextInt(3))} : new String[0];
                respondents.add(respondent(random, "2026Q3", segments, skipped));
            }
        }

        Derived derived = Derived.of(four(seed % 2 == 0), DIMENSIONS, respondents);

        assertThat(derived.attacker().learned(List.of(derived.full()))).isEmpty();
        assertThat(derived.attacker().counted(List.of(derived.full()))).isEmpty();
        assertThat(derived.attacker().learned(List.of(derived.whole())).findFirst())
                .isPresent();
    }

    private static Map<String, String> segments(int of) {
        return Map.of(
                "region",
                region(of),
                "channel",
                channel(of),
                DIMENSIONS.get(2).name(),
                region(of) + Dimension.CROSS + channel(of));
    }

    /**
     * A hidden cell of two respondents, in a job that publishes regions and their channels; the day after it publishes
     * channels too, and hides others. The two releases tell the cell together: its index, and how many it has.
     */
    private static List<Attacker.Respondent> crossed() {
        var random = new Random(42);
        List<Attacker.Respondent> respondents = new ArrayList<>();
        for (int of = 0; of < CLASSES; of++) {
            int count = of == CLASSES - 1 ? 2 : of == 0 ? 12 : 31 + of;
            for (int i = 0; i < count; i++) {
                respondents.add(respondent(random, "2026Q3", segments(of)));
            }
        }
        return respondents;
    }

    private static final List<Dimension> DAY_BEFORE = List.of(DIMENSIONS.get(0), DIMENSIONS.get(2));

    /** Why a wave is released once, its segments included: what two releases of other segments tell together. */
    @Test
    void learnsNothingOfAHiddenCellFromOneReleaseAndMuchFromTwo() {
        Derived before = Derived.of(four(false), DAY_BEFORE, crossed());
        Derived after = Derived.of(four(false), DIMENSIONS, crossed());

        for (Derived one : List.of(before, after)) {
            assertThat(one.attacker().learned(List.of(one.full()))).isEmpty();
            assertThat(one.attacker().counted(List.of(one.full()))).isEmpty();
        }
        assertThat(after.attacker().counted(List.of(before.full(), after.full())))
                .isNotEmpty();
    }

    // ---- pairs of expectation and later experience

    private static final Questionnaire PAIRS = new Questionnaire(
            "pairs",
            List.of(
                    Surveys.item("e", 1, 10, Optional.of("quality"), Role.INDICATOR),
                    Surveys.item("p", 1, 10, Optional.of("quality"), Role.INDICATOR)),
            List.of(new Questionnaire.Group("quality", BigDecimal.ONE)),
            Map.of(),
            List.of(
                    new Questionnaire.Wave("w1", LocalDate.of(2026, 1, 1), LocalDate.of(2026, 1, 31), 0),
                    new Questionnaire.Wave("w2", LocalDate.of(2026, 2, 1), LocalDate.of(2026, 2, 28), 0),
                    new Questionnaire.Wave("w3", LocalDate.of(2026, 3, 1), LocalDate.of(2026, 3, 31), 0)),
            List.of(new Questionnaire.Gap("service", "e", "p")),
            Optional.empty(),
            "digest",
            Optional.empty());
    private static final List<String> PANEL = List.of("w1", "w2", "w3");

    /** A customer of a panel: asked what he expects in the first wave, and what he met in those after it. */
    private record Panelist(String name, int of, List<String> waves, int expected, int met) {}

    /** Who is the same to every published sum: one unknown for each wave and item, and how many customers it is about. */
    private record Kind(int of, long aside, List<String> waves) {
        boolean isIn(Cell cell) {
            return (aside >> view(cell) & 1) == 0;
        }
    }

    /** An equation over the unknowns, by kind of customers, wave and item; and whether it comes from pairs. */
    private record Known(Map<String, Double> factors, boolean isOfPairs) {}

    /**
     * Nearly all of a panel come back, so that expectation and experience are known of nearly the same customers, wave
     * after wave. The attacker knows every mean of either item that is published, what everybody weighs, and the ratios,
     * which as published, to three decimals, do not give the two sums of whole numbers away.
     */
    @ParameterizedTest
    @ValueSource(ints = {1, 2})
    void learnsNothingOfFewCustomersFromPairsOfConsecutiveWaves(int seed) {
        List<Panelist> panel = panel(seed);
        Dataset<Row> responses = rows(ScoredResponse.TABLE, panelPicture(panel)).persist();
        Job.Satisfaction satisfaction = Surveys.satisfaction(PAIRS, MINIMUM);
        Dataset<Row> cells = new SatisfactionCell(AS_OF, satisfaction, DIMENSIONS)
                .from(Surveys.inputs(responses))
                .localCheckpoint();
        Dataset<Row> pairs = new PairedCell(AS_OF, satisfaction, DIMENSIONS).from(Surveys.inputs(responses));
        ExpectationGap mart = new ExpectationGap(AS_OF, PAIRS);
        List<Row> gaps = mart.suppressed(mart.from(table -> table.equals(PairedCell.TABLE) ? pairs : cells))
                .where("pairing = 'before and after'")
                .collectAsList();
        Map<String, Long> asides = new HashMap<>();
        new PanelPairs(PAIRS, DIMENSIONS.stream().map(Dimension::name).toList())
                .applied(responses)
                .select("customer_id", PanelPairs.ASIDE)
                .collectAsList()
                .forEach(row -> asides.put(row.getString(0), row.getLong(1)));
        List<Row> items = cells.where("figure = 'score' and previous_wave = '' and psus > 0 and not is_suppressed")
                .collectAsList();
        responses.unpersist();

        Map<Kind, Long> kinds = panel.stream()
                .collect(Collectors.groupingBy(
                        one -> new Kind(one.of(), asides.get(one.name()), one.waves()), Collectors.counting()));
        List<Known> known = new ArrayList<>();
        items.forEach(row -> known.add(ofItem(kinds.keySet(), Cell.of(row), row.getAs("item"))));
        gaps.stream()
                .filter(AttackerTest::isOpen)
                .forEach(row -> known.add(ofPairs(kinds.keySet(), Cell.of(row), row.<Double>getAs("ratio"), true)));

        // there is something to attack: everybody in both waves, and values of two dimensions
        assertThat(known.stream().filter(Known::isOfPairs)).hasSizeGreaterThan(6);
        for (Row row : gaps) {
            Cell cell = Cell.of(row);
            List<Panelist> inside = panel.stream()
                    .filter(one -> one.waves().contains(cell.wave())
                            && members(cell).contains(one.of())
                            && new Kind(one.of(), asides.get(one.name()), one.waves()).isIn(cell))
                    .toList();
            if (isOpen(row)) {
                assertThat(row.<Long>getAs("respondents")).isEqualTo(inside.size());
                assertThat(row.<Double>getAs("ratio"))
                        .isCloseTo(
                                inside.stream().mapToDouble(Panelist::met).sum()
                                        / inside.stream()
                                                .mapToDouble(Panelist::expected)
                                                .sum(),
                                within(0.0005 + 1e-9));
            }
        }
        assertThat(fewest(known, kinds, seed)).isGreaterThanOrEqualTo(MINIMUM);

        // were nobody set aside, ratios of segments and of everybody would tell the few who did not come back
        List<Known> plain =
                new ArrayList<>(known.stream().filter(one -> !one.isOfPairs()).toList());
        for (String wave : List.of("w2", "w3")) {
            for (Cell cell : cells(wave)) {
                List<Panelist> inside = panel.stream()
                        .filter(one ->
                                one.waves().contains(wave) && members(cell).contains(one.of()))
                        .toList();
                if (inside.size() >= MINIMUM) {
                    double ratio = inside.stream().mapToDouble(Panelist::met).sum()
                            / inside.stream().mapToDouble(Panelist::expected).sum();
                    plain.add(ofPairs(kinds.keySet(), cell, ratio, false));
                }
            }
        }
        assertThat(fewest(plain, kinds, seed)).isBetween(1L, MINIMUM - 1L);
    }

    /**
     * Why one customer in ten is held out of pairs although figures are rounded and bases that differ by few are hidden. All
     * of 30 say what they expect; {@code back} of them say later what they experienced, then all of these but one.
     */
    @ParameterizedTest
    @ValueSource(ints = {30, 20})
    void wouldLearnWhatOneExpectedFromRoundedPairsWereNobodyHeldOut(int back) {
        var random = new Random(7);
        double[] expected = random.doubles(30, 20, 80).toArray();
        double[] second = random.doubles(30, 20, 80).toArray();
        double[] third = random.doubles(30, 20, 80).toArray();
        // the unknowns: what the one, those who come back twice and the others expected; what the first two experienced
        int[] counts = {1, back - 1, 30 - back, 1, back - 1, back - 1};
        double[] sums = {
            expected[0],
            total(expected, 1, back),
            total(expected, back, 30),
            second[0],
            total(second, 1, back),
            total(third, 1, back)
        };
        List<LinearConstraint> known = new ArrayList<>();
        for (int i = 0; i < sums.length; i++) {
            known.add(new LinearConstraint(unit(sums.length, i), Relationship.LEQ, 100.0 * counts[i]));
        }
        between(known, sums, new double[] {1, 1, 1, 0, 0, 0}, 30 * 0.05);
        // where all come back but one there is no wave between
        if (back < 30) {
            between(known, sums, new double[] {0, 0, 0, 1, 1, 0}, back * 0.05);
            ratio(known, sums, new double[] {0, 0, 0, 1, 1, 0}, new double[] {1, 1, 0, 0, 0, 0});
        }
        between(known, sums, new double[] {0, 0, 0, 0, 0, 1}, (back - 1) * 0.05);
        ratio(known, sums, new double[] {0, 0, 0, 0, 0, 1}, new double[] {0, 1, 0, 0, 0, 0});

        double[] bounds = Attacker.bounds(known, unit(sums.length, 0));

        assertThat(bounds[1] - bounds[0]).isLessThan(20);
        assertThat(expected[0]).isBetween(bounds[0] - 1e-6, bounds[1] + 1e-6);
    }

    private static double total(double[] values, int from, int to) {
        return Arrays.stream(values, from, to).sum();
    }

    private static double[] unit(int length, int at) {
        double[] one = new double[length];
        one[at] = 1;
        return one;
    }

    private static double product(double[] one, double[] other) {
        return IntStream.range(0, one.length)
                .mapToDouble(i -> one[i] * other[i])
                .sum();
    }

    /** The sum of these is known to half of a last decimal. */
    private static void between(List<LinearConstraint> known, double[] sums, double[] chosen, double half) {
        known.add(new LinearConstraint(chosen, Relationship.LEQ, product(chosen, sums) + half));
        known.add(new LinearConstraint(chosen, Relationship.GEQ, product(chosen, sums) - half));
    }

    /** The ratio of two sums is known to three decimals. */
    private static void ratio(List<LinearConstraint> known, double[] sums, double[] above, double[] below) {
        double ratio = StrictMath.round(1000 * product(above, sums) / product(below, sums)) / 1000.0;
        for (int sign : new int[] {-1, 1}) {
            double[] factors = IntStream.range(0, sums.length)
                    .mapToDouble(i -> above[i] - (ratio + sign * 0.0005) * below[i])
                    .toArray();
            known.add(new LinearConstraint(factors, sign < 0 ? Relationship.GEQ : Relationship.LEQ, 0));
        }
    }

    /** Nine classes of eighty to a hundred, of whom one in a hundred stays away from a later wave. */
    private static List<Panelist> panel(int seed) {
        var random = new Random(seed);
        List<Panelist> panel = new ArrayList<>();
        for (int of = 0; of < CLASSES; of++) {
            int count = 80 + random.nextInt(20);
            for (int i = 0; i < count; i++) {
                List<String> waves = PANEL.stream()
                        .filter(wave -> wave.equals("w1") || random.nextInt(100) > 0)
                        .toList();
                panel.add(new Panelist(
                        of + "-" + seed + "-" + i, of, waves, 1 + random.nextInt(10), 1 + random.nextInt(10)));
            }
        }
        return panel;
    }

    private static String panelPicture(List<Panelist> panel) {
        StringBuilder picture = new StringBuilder(
                "response_key | customer_id | population | wave | answered_on | weight | answers | segments | csi\n");
        for (Panelist one : panel) {
            for (String wave : one.waves()) {
                String answers = wave.equals("w1") ? one.expected() + "," : ", " + one.met();
                String segments = region(one.of()) + ", " + channel(one.of()) + ", " + region(one.of())
                        + Dimension.CROSS + channel(one.of());
                picture.append("%s | %s | customer | %s | 2026-0%s-01 | 1 | %s | %s | 50\n"
                        .formatted(one.name(), one.name(), wave, wave.substring(1), answers, segments));
            }
        }
        return picture.toString();
    }

    private static int view(Cell cell) {
        return cell.segment().equals(Dimension.ALL)
                ? 0
                : 1 + DIMENSIONS.stream().map(Dimension::name).toList().indexOf(cell.segment());
    }

    private static String unknown(Kind kind, String wave, String item) {
        return kind + "/" + wave + "/" + item;
    }

    private static Known ofItem(Set<Kind> kinds, Cell cell, String item) {
        Map<String, Double> factors = new HashMap<>();
        boolean isAsked = item.equals("e") == cell.wave().equals("w1");
        kinds.stream()
                .filter(kind -> isAsked
                        && kind.waves().contains(cell.wave())
                        && members(cell).contains(kind.of()))
                .forEach(kind -> factors.put(unknown(kind, cell.wave(), item), 1.0));
        return new Known(factors, false);
    }

    /** Σ met − ratio · Σ expected = 0 over the pairs of a cell. */
    private static Known ofPairs(Set<Kind> kinds, Cell cell, double ratio, boolean isAnyAside) {
        Map<String, Double> factors = new HashMap<>();
        kinds.stream()
                .filter(kind -> kind.waves().contains(cell.wave())
                        && members(cell).contains(kind.of())
                        && (kind.isIn(cell) || !isAnyAside))
                .forEach(kind -> {
                    factors.put(unknown(kind, cell.wave(), "p"), 1.0);
                    factors.put(unknown(kind, "w1", "e"), -ratio);
                });
        return new Known(factors, true);
    }

    /**
     * The least number of customers whom a combination of equations is found to be about that uses one of pairs: the
     * equations are solved for one set of unknowns after the other, chosen at random, and each solved row is looked at.
     */
    private static long fewest(List<Known> known, Map<Kind, Long> kinds, int seed) {
        List<String> names = known.stream()
                .flatMap(one -> one.factors().keySet().stream())
                .distinct()
                .sorted()
                .collect(Collectors.toCollection(ArrayList::new));
        Map<String, Kind> kindOf = new HashMap<>();
        kinds.keySet()
                .forEach(kind -> names.stream()
                        .filter(name -> name.startsWith(kind + "/"))
                        .forEach(name -> kindOf.put(name, kind)));
        var random = new Random(seed);
        long fewest = Long.MAX_VALUE;
        for (int round = 0; round < 60; round++) {
            Collections.shuffle(names, random);
            // large kinds are solved for first, so that few are left over
            if (round % 2 == 0) {
                names.sort(Comparator.comparing(name -> -kinds.get(kindOf.get(name))));
            }
            int width = names.size();
            Map<String, Integer> at = new HashMap<>();
            for (int i = 0; i < width; i++) {
                at.put(names.get(i), i);
            }
            List<double[]> rows = new ArrayList<>();
            for (int i = 0; i < known.size(); i++) {
                double[] row = new double[width + known.size()];
                known.get(i).factors().forEach((name, factor) -> row[at.get(name)] = factor);
                row[width + i] = known.get(i).isOfPairs() ? 1 : 0;
                rows.add(row);
            }
            for (double[] row : solved(rows, width)) {
                boolean isOfPairs = IntStream.range(width, row.length).anyMatch(i -> StrictMath.abs(row[i]) > 1e-7);
                long customers = IntStream.range(0, width)
                        .filter(i -> StrictMath.abs(row[i]) > 1e-7)
                        .mapToObj(i -> kindOf.get(names.get(i)))
                        .distinct()
                        .mapToLong(kinds::get)
                        .sum();
                if (isOfPairs && customers > 0) {
                    fewest = Math.min(fewest, customers);
                }
            }
        }
        return fewest;
    }

    /** The rows solved for as many unknowns as there are independent ones; the columns from {@code width} go along. */
    private static List<double[]> solved(List<double[]> rows, int width) {
        List<double[]> left = new ArrayList<>(rows);
        List<double[]> done = new ArrayList<>();
        for (int column = 0; column < width && !left.isEmpty(); column++) {
            int at = column;
            double[] pivot = Collections.max(left, Comparator.comparing(row -> StrictMath.abs(row[at])));
            if (StrictMath.abs(pivot[at]) > 1e-7) {
                left.remove(pivot);
                double first = pivot[at];
                for (int i = 0; i < pivot.length; i++) {
                    pivot[i] /= first;
                }
                Stream.concat(left.stream(), done.stream()).forEach(row -> {
                    double times = row[at];
                    for (int i = 0; times != 0 && i < row.length; i++) {
                        row[i] -= times * pivot[i];
                    }
                });
                done.add(pivot);
            }
        }
        return done;
    }

    // ---- what there is to attack

    /** Two waves of nine classes, one in three of them small; half of those asked answer in both waves. */
    private static List<Answer> answers(int seed) {
        var random = new Random(seed);
        List<Answer> answers = new ArrayList<>();
        for (int of = 0; of < CLASSES; of++) {
            for (String wave : WAVES) {
                int count = random.nextInt(3) == 0 ? 1 + random.nextInt(8) : 8 + random.nextInt(25);
                for (int i = 0; i < count; i++) {
                    String customer = i % 2 == 0 ? of + "-" + i : wave + "-" + of + "-" + i;
                    Integer second = random.nextInt(3) == 0 ? null : random.nextInt(101);
                    answers.add(new Answer(customer, wave, of, 1 + random.nextInt(3), random.nextInt(101), second));
                }
            }
        }
        return answers;
    }

    /** An answer of somebody new in the largest class. */
    private static Answer late(List<Answer> answers) {
        int of = IntStream.range(0, CLASSES)
                .boxed()
                .max(Comparator.comparing(each -> answers.stream()
                        .filter(answer -> answer.of() == each && answer.wave().equals("2026Q3"))
                        .count()))
                .orElseThrow();
        return new Answer("somebody", "2026Q3", of, 2, 7, 94);
    }

    private static String picture(List<Answer> answers) {
        StringBuilder picture = new StringBuilder(HEADER);
        for (int i = 0; i < answers.size(); i++) {
            picture.append(answers.get(i).drawn("" + i, ""));
        }
        return picture.toString();
    }

    private static Map<String, List<Row>> published(int seed) {
        return PUBLISHED.computeIfAbsent(seed, any -> published(AS_OF, picture(answers(seed))));
    }

    /** What readers see of every table, by its name. */
    private static Map<String, List<Row>> published(LocalDate asOf, String picture) {
        Dataset<Row> responses = rows(ScoredResponse.TABLE, picture).persist();
        Dataset<Row> cells = new SatisfactionCell(asOf, SATISFACTION, DIMENSIONS)
                .from(table -> responses)
                .localCheckpoint();
        Map<Table, Dataset<Row>> tables = Map.of(
                ScoredResponse.TABLE,
                responses,
                ResponseCell.TABLE,
                ResponseCell.TABLE.conform(new ResponseCell(asOf, SATISFACTION, DIMENSIONS).from(table -> responses)),
                SatisfactionCell.TABLE,
                cells,
                CustomerCell.TABLE,
                rows(CustomerCell.TABLE, "segments | customers | fingerprint"));
        Map<String, List<Row>> published = new LinkedHashMap<>();
        for (Derivation mart : List.of(
                new SegmentSatisfaction(asOf),
                new IndicatorSatisfaction(asOf, SATISFACTION.questionnaire()),
                new GroupedSatisfaction(asOf),
                new SatisfactionTrend(asOf, List.of(), Optional.empty()),
                new ResponseQuality(asOf, SATISFACTION, ATTRIBUTES))) {
            List<Row> rows = mart.suppressed(mart.table().conform(mart.from(tables::get)))
                    .collectAsList();
            assertThat(rows).as(mart.table().name()).isNotEmpty();
            published.put(mart.table().name(), rows);
        }
        responses.unpersist();
        return published;
    }

    private static boolean isOpen(Row row) {
        return !row.<Boolean>getAs("is_suppressed");
    }

    /** All cells of the three dimensions and everybody. */
    private static List<Cell> cells(String wave) {
        Set<Cell> cells = new LinkedHashSet<>();
        cells.add(new Cell(wave, Dimension.ALL, Dimension.ALL));
        for (int of = 0; of < CLASSES; of++) {
            cells.add(new Cell(wave, "region", region(of)));
            cells.add(new Cell(wave, "channel", channel(of)));
            cells.add(new Cell(wave, DIMENSIONS.get(2).name(), region(of) + Dimension.CROSS + channel(of)));
        }
        return List.copyOf(cells);
    }

    private static List<Long> counts(List<Answer> answers) {
        return IntStream.range(0, CLASSES)
                .mapToObj(of -> answers.stream()
                        .filter(answer -> answer.of() == of && answer.wave().equals("2026Q3"))
                        .count())
                .toList();
    }

    private static long count(List<Answer> answers, Cell cell) {
        Set<Integer> members = members(cell);
        return answers.stream()
                .filter(answer -> answer.wave().equals(cell.wave()) && members.contains(answer.of()))
                .count();
    }

    /** The classes whose customers stand in a cell. */
    private static Set<Integer> members(Cell cell) {
        return IntStream.range(0, CLASSES)
                .filter(of -> cell.segment().equals(Dimension.ALL)
                        || Arrays.asList(cell.value().split(Dimension.CROSS, -1)).stream()
                                .allMatch(part -> part.equals(region(of)) || part.equals(channel(of))))
                .boxed()
                .collect(Collectors.toSet());
    }

    // ---- the attack

    /** The sets of classes that the known sums tell and that rest on fewer answers than the minimum. */
    private static List<Set<Integer>> small(
            List<double[]> reduced, List<Answer> answers, String wave, int from, Predicate<Answer> counts) {
        long[] base = new long[CLASSES];
        answers.stream()
                .filter(answer -> answer.wave().equals(wave) && counts.test(answer))
                .forEach(answer -> base[answer.of()]++);
        List<Set<Integer>> told = new ArrayList<>();
        for (int subset = 1; subset < 1 << CLASSES; subset++) {
            int bits = subset;
            Set<Integer> members = IntStream.range(0, CLASSES)
                    .filter(of -> (bits >> of & 1) == 1 && base[of] > 0)
                    .boxed()
                    .collect(Collectors.toSet());
            long customers = members.stream().mapToLong(of -> base[of]).sum();
            if (customers > 0 && customers < MINIMUM) {
                // classes without an answer may stand in the sums: they add nothing
                double[] rest = rest(reduced, vector(width(reduced), from, members));
                if (isNought(rest) && !told.contains(members)) {
                    told.add(members);
                }
            }
        }
        return told;
    }

    private static int width(List<double[]> rows) {
        return rows.isEmpty() ? 2 * CLASSES : rows.get(0).length;
    }

    private static double[] vector(int width, int from, Set<Integer> members) {
        return IntStream.range(0, width)
                .mapToDouble(i -> members.contains(i - from) ? 1 : 0)
                .toArray();
    }

    /** Independent rows, each with a one at its first place and none of the others there. */
    private static List<double[]> reduced(List<double[]> rows) {
        List<double[]> reduced = new ArrayList<>();
        for (double[] row : rows) {
            double[] rest = rest(reduced, row);
            if (!isNought(rest)) {
                double first = rest[first(rest)];
                reduced.add(Arrays.stream(rest).map(value -> value / first).toArray());
            }
        }
        return reduced;
    }

    private static double[] rest(List<double[]> reduced, double[] row) {
        double[] rest = row.clone();
        for (double[] pivot : reduced) {
            double times = rest[first(pivot)];
            for (int i = 0; i < rest.length; i++) {
                rest[i] -= times * pivot[i];
            }
        }
        return rest;
    }

    private static int first(double[] row) {
        return IntStream.range(0, row.length)
                .filter(i -> StrictMath.abs(row[i]) > 1e-9)
                .findFirst()
                .orElseThrow();
    }

    private static boolean isNought(double[] row) {
        return Arrays.stream(row).allMatch(value -> StrictMath.abs(value) <= 1e-9);
    }

    private static double mean(List<Answer> answers, ToDoubleFunction<Answer> weight, ToDoubleFunction<Answer> value) {
        double sum = answers.stream()
                .mapToDouble(answer -> weight.applyAsDouble(answer) * value.applyAsDouble(answer))
                .sum();
        return sum / answers.stream().mapToDouble(weight).sum();
    }

    // ---- two runs

    private static Set<String> without(Set<String> ignored, List<Row> rows) {
        return rows.stream()
                .map(row -> Arrays.stream(row.schema().fieldNames())
                        .filter(column -> !ignored.contains(column))
                        .map(column -> column + " " + row.getAs(column))
                        .collect(Collectors.joining(" | ")))
                .collect(Collectors.toSet());
    }

    private static long sum(Map<String, List<Row>> published, String column) {
        return published.get("response_quality").stream()
                .filter(row -> row.getAs("segment").equals(Dimension.ALL))
                .mapToLong(row -> row.<Long>getAs(column))
                .sum();
    }

    private static Row everybody(Map<String, List<Row>> published) {
        return published.get("segment_satisfaction").stream()
                .filter(row -> Cell.of(row).equals(new Cell("2026Q3", Dimension.ALL, Dimension.ALL)))
                .findFirst()
                .orElseThrow();
    }
}

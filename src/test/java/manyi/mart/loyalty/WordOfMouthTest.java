package manyi.mart.loyalty;

import static manyi.testing.Rows.picture;
import static manyi.testing.Rows.rows;
import static org.apache.spark.sql.functions.expr;
import static org.apache.spark.sql.functions.rand;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.LocalDate;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import manyi.config.Job;
import manyi.config.Questionnaire;
import manyi.config.Questionnaire.Role;
import manyi.conformed.Referral;
import manyi.conformed.SurveyResponse;
import manyi.table.Audit;
import manyi.table.Inputs;
import manyi.testing.Surveys;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.junit.jupiter.api.Test;

/** Periods of three months up to 15 June 2026, so the last one begins on 1 April; May is the last whole month. */
class WordOfMouthTest {

    /** The first is closed when October begins, the second in January, the third in April. */
    private static final List<Questionnaire.Wave> WAVES = List.of(
            new Questionnaire.Wave("2025Q3", LocalDate.of(2025, 7, 1), LocalDate.of(2025, 9, 20), 10),
            new Questionnaire.Wave("2025Q4", LocalDate.of(2025, 10, 1), LocalDate.of(2025, 12, 31), 10),
            new Questionnaire.Wave("2026Q1", LocalDate.of(2026, 1, 1), LocalDate.of(2026, 3, 31), 5));

    /** On the overall item, the third, 6 and 7 are very satisfied, 5 is satisfied. */
    private static final String ANSWERED = """
            population | wave   | response_key | customer_id | answered_on | received_on | csi | answers
            customer   | 2025Q3 | 1            | bob         | 2025-08-05  |             | 50  | 50,50,7,
            customer   | 2025Q3 | 2            | cid         | 2025-08-05  |             | 50  | 50,50,6,
            customer   | 2025Q3 | 3            | zoe         | 2025-08-05  |             | 50  | 50,50,6,
            customer   | 2025Q3 | 4            |             | 2025-08-05  |             | 50  | 50,50,6,
            customer   | 2025Q4 | 5            | bob         | 2025-12-20  |             | 50  | 50,50,4,
            customer   | 2025Q4 | 6            | ann         | 2026-01-04  |             | 50  | 50,50,1,
            customer   | 2025Q4 | 7            | ann         | 2026-01-05  |             | 50  | 50,50,5,
            customer   | 2025Q4 | 8            | eve         | 2025-12-20  |             | 50  | 50,50,,
            customer   | 2025Q4 | 9            | fay         | 2025-12-20  | 2026-02-01  | 50  | 50,50,7,
            employee   | 2025Q4 | 10           | ann         | 2026-01-06  |             | 50  | 50,50,7,
            customer   | 2026Q1 | 11           | bob         | 2026-03-15  |             | 50  | 50,50,7,
            """;

    private static final String TOLD = """
            customer_id | referred_customer_id | referred_on | is_credited | referrals
            ann         | cid                  | 2026-05-05  | true        | 1
            ann         | eve                  | 2026-05-05  | true        | 1
            ann         |                      | 2026-02-05  | false       | 2
            bob         | cid                  | 2026-05-06  | false       | 1
            bob         | ann                  | 2026-01-15  | true        | 1
            fay         |                      | 2026-04-10  | false       | 3
            zoe         | bob                  | 2025-05-01  | true        | 1
            zoe         | nobody               | 2026-06-05  | true        | 1
            """;

    private static Job.Satisfaction satisfaction(int minimum, boolean hasOverall) {
        Questionnaire small = Surveys.questionnaire();
        var items = List.of(
                small.items().get(0),
                small.items().get(1),
                Surveys.item("o", 1, 7, Optional.empty(), hasOverall ? Role.OVERALL : Role.PERCEIVED),
                small.items().get(3));
        return Surveys.satisfaction(
                new Questionnaire("small", items, small.groups(), Map.of(), WAVES, "digest"), minimum);
    }

    private static Inputs inputs(String customers, String ledger, String answered, String told) {
        Inputs loyal = Loyal.inputs(Loyal.LOYALTY, customers, ledger);
        Dataset<Row> answers = rows(SurveyResponse.TABLE, answered);
        Dataset<Row> referrals = rows(Referral.TABLE, told);
        return table -> table.equals(SurveyResponse.TABLE)
                ? answers
                : table.equals(Referral.TABLE) ? referrals : loyal.read(table);
    }

    private static Inputs few() {
        return inputs(Loyal.CUSTOMERS, Loyal.LEDGER, ANSWERED, TOLD);
    }

    private static Dataset<Row> derived(Job.Loyalty loyalty, Job.Satisfaction satisfaction, Inputs inputs) {
        var word = new WordOfMouth(Loyal.AS_OF, Loyal.REGION, loyalty, satisfaction);
        Dataset<Row> mart = Loyal.derived(word, inputs);
        assertThat(Audit.of(WordOfMouth.TABLE, mart).breaches()).isEmpty();
        Dataset<Row> masked = word.masked(mart);
        assertThat(Audit.of(WordOfMouth.TABLE, masked).breaches()).isEmpty();
        return masked;
    }

    private static Dataset<Row> few(int minimum) {
        return derived(Loyal.LOYALTY, satisfaction(minimum, true), few());
    }

    @Test
    void whoIsSatisfiedBeforeThePeriodTellsSoManyInIt() {
        // in April bob's answer of the second wave is known, not yet that of the third; ann's last answer counts;
        // eve left the item out and fay was late; cid and zoe were no customers, and June is no whole month
        assertThat(picture(
                        few(1).where("period_from = '2026-04-01'"),
                        "segment_value",
                        "state",
                        "customers",
                        "referrers",
                        "referrals",
                        "referrals_per_customer",
                        "standard_error",
                        "low",
                        "high",
                        "customers_won",
                        "counted_to",
                        "is_unfinished"))
                .isEqualTo("""
                segment_value | state | customers | referrers | referrals | referrals_per_customer | standard_error | low | high | customers_won | counted_to | is_unfinished
                East | dissatisfied | 1 | 1 | 1 | 1.0000 |  |  |  | 0 | 2026-05-31 | true
                East | satisfied | 1 | 1 | 2 | 2.0000 |  |  |  | 1 | 2026-05-31 | true
                East | unknown | 0 | 0 | 0 |  |  |  |  | 0 | 2026-05-31 | true
                East | very satisfied | 0 | 0 | 0 |  |  |  |  | 0 | 2026-05-31 | true
                West | dissatisfied | 0 | 0 | 0 |  |  |  |  | 0 | 2026-05-31 | true
                West | satisfied | 0 | 0 | 0 |  |  |  |  | 0 | 2026-05-31 | true
                West | unknown | 2 | 1 | 3 | 1.5000 | 1.5000 | 0.0000 | 20.5593 | 0 | 2026-05-31 | true
                West | very satisfied | 0 | 0 | 0 |  |  |  |  | 0 | 2026-05-31 | true
                all | dissatisfied | 1 | 1 | 1 | 1.0000 |  |  |  | 0 | 2026-05-31 | true
                all | satisfied | 1 | 1 | 2 | 2.0000 |  |  |  | 1 | 2026-05-31 | true
                all | unknown | 2 | 1 | 3 | 1.5000 | 1.5000 | 0.0000 | 20.5593 | 0 | 2026-05-31 | true
                all | very satisfied | 0 | 0 | 0 |  |  |  |  | 0 | 2026-05-31 | true
                """);
    }

    @Test
    void anAnswerCountsFromThePeriodAfterTheCloseOfItsWave() {
        // the wave of bob's second answer is closed on 10 January only; ann told others before she was a customer of
        // the
        // period, and zoe, who never was one, brought bob
        assertThat(picture(
                        few(1).where("period_from < '2026-04-01' and segment = 'all'")
                                .where("customers > 0 or referrals > 0"),
                        "period_from",
                        "state",
                        "customers",
                        "referrals",
                        "high",
                        "customers_won",
                        "counted_to",
                        "is_unfinished"))
                .isEqualTo("""
                period_from | state | customers | referrals | high | customers_won | counted_to | is_unfinished
                2025-04-01 | no customer | 0 | 1 |  | 1 | 2025-06-30 | false
                2025-07-01 | unknown | 1 | 0 | 3.6889 | 0 | 2025-09-30 | false
                2025-10-01 | very satisfied | 1 | 0 | 3.6889 | 0 | 2025-12-31 | false
                2026-01-01 | no customer | 0 | 2 |  | 0 | 2026-03-31 | false
                2026-01-01 | unknown | 1 | 0 | 3.6889 | 0 | 2026-03-31 | false
                2026-01-01 | very satisfied | 1 | 1 |  | 1 | 2026-03-31 | false
                """);
    }

    @Test
    void overAllStatesItIsTheCustomersAndReferralsThereAre() {
        Inputs inputs = few();
        var word = few(1);
        var three = Loyal.derived(new ThreeR(Loyal.AS_OF, Loyal.REGION, Loyal.LOYALTY, false, true), inputs);

        String[] shared = {"segment", "segment_value", "period_from", "referrals", "referrers"};
        assertThat(picture(
                        word.groupBy("segment", "segment_value", "period_from")
                                .agg(expr("sum(referrals) as referrals"), expr("sum(referrers) as referrers"))
                                .where("referrals > 0 and period_from < '2026-04-01'"),
                        shared))
                .isEqualTo(picture(three.where("referrals > 0 and period_from < '2026-04-01'"), shared))
                .contains("region | unknown | 2025-04-01 | 1");
        assertThat(picture(word.groupBy("segment", "period_from")
                        .agg(expr("sum(customers) as customers"))
                        .where("customers > 0")))
                .isEqualTo("""
                segment | period_from | customers
                all | 2025-07-01 | 1
                all | 2025-10-01 | 1
                all | 2026-01-01 | 2
                all | 2026-04-01 | 4
                region | 2025-07-01 | 1
                region | 2025-10-01 | 1
                region | 2026-01-01 | 2
                region | 2026-04-01 | 4
                """);
    }

    @Test
    void whatFewCustomersSaidIsHiddenWithAllStates() {
        // nobody in the West has answered, so nothing is told there of what anybody said
        assertThat(picture(
                        few(2).where("period_from = '2026-04-01'"),
                        "segment_value",
                        "state",
                        "is_suppressed",
                        "customers",
                        "referrals",
                        "high"))
                .isEqualTo("""
                segment_value | state | is_suppressed | customers | referrals | high
                East | dissatisfied | true |  |  |
                East | satisfied | true |  |  |
                East | unknown | true |  |  |
                East | very satisfied | true |  |  |
                West | dissatisfied | false | 0 | 0 |
                West | satisfied | false | 0 | 0 |
                West | unknown | false | 2 | 3 | 20.5593
                West | very satisfied | false | 0 | 0 |
                all | dissatisfied | true |  |  |
                all | satisfied | true |  |  |
                all | unknown | true |  |  |
                all | very satisfied | true |  |  |
                """);
    }

    /** Customers since June 2025, by the first letter of their region, who all answered in the first wave. */
    private static Dataset<Row> village(int minimum, String told, String... people) {
        StringBuilder customers = new StringBuilder("customer_id | first_month | cohort_on | segments\n");
        StringBuilder ledger = new StringBuilder("customer_id | month | day_mask | purchase_days | lines | net\n");
        StringBuilder answered =
                new StringBuilder("population | wave | response_key | customer_id | answered_on | csi | answers\n");
        for (String person : people) {
            String[] said = person.split(" ", -1);
            customers.append("%s | 2025-06-01 | 2025-06-01 | %s%n".formatted(said[0], said[0].substring(0, 1)));
            ledger.append("%s | 2025-06-01 | 1 | 1 | 1 | 10000%n".formatted(said[0]));
            answered.append(
                    "customer | 2025Q3 | %s | %s | 2025-08-05 | 50 | 50,50,%s,%n".formatted(said[0], said[0], said[1]));
        }
        String referrals = "customer_id | referred_customer_id | referred_on | is_credited | referrals\n" + told;
        return derived(
                        Loyal.LOYALTY,
                        satisfaction(minimum, true),
                        inputs(customers.toString(), ledger.toString(), answered.toString(), referrals))
                .where("period_from = '2026-04-01' and state = 'very satisfied'");
    }

    @Test
    void anotherValueIsHiddenWhereTheTotalWouldTell() {
        // the North is all there is less the East and the West
        assertThat(picture(
                        village(2, "", "e1 7", "e2 7", "n1 7", "w1 7", "w2 7", "w3 7"),
                        "segment_value",
                        "is_suppressed",
                        "customers"))
                .isEqualTo("""
                segment_value | is_suppressed | customers
                all | false | 6
                e | true |
                n | true |
                w | false | 3
                """);
    }

    @Test
    void theOnlyOneKnownToHaveToldOthersIsNotToldApart() {
        String told = """
                e1 | | 2026-04-02 | false | 1
                w1 | | 2026-04-02 | false | 1
                w2 | | 2026-04-02 | false | 1
                n1 | | 2026-04-02 | false | 1
                n2 | | 2026-04-02 | false | 1
                """;
        assertThat(picture(
                        village(
                                2, told, "e1 7", "e2 7", "e3 7", "n1 7", "n2 7", "n3 7", "n4 7", "w1 7", "w2 7", "w3 7",
                                "w4 7", "w5 7"),
                        "segment_value",
                        "is_suppressed",
                        "referrers"))
                .isEqualTo("""
                segment_value | is_suppressed | referrers
                all | false | 5
                e | true |
                n | true |
                w | false | 2
                """);
    }

    @Test
    void withoutAnOverallItemTheIndexTellsTheState() {
        String answered = """
                population | wave   | response_key | customer_id | answered_on | csi | answers
                customer   | 2025Q4 | 1            | ann         |             | 80  | 50,50,1,
                customer   | 2025Q4 | 2            | bob         | 2025-12-20  | 60  | 50,50,7,
                customer   | 2025Q4 | 3            | fay         | 2025-12-20  | 59  | 50,50,7,
                customer   | 2025Q4 | 4            | eve         | 2025-12-20  |     | ,,7,
                """;

        assertThat(picture(
                        derived(
                                        Loyal.LOYALTY,
                                        satisfaction(1, false),
                                        inputs(Loyal.CUSTOMERS, Loyal.LEDGER, answered, TOLD))
                                .where("period_from = '2026-04-01' and segment = 'all'"),
                        "state",
                        "customers"))
                .isEqualTo("""
                state | customers
                dissatisfied | 1
                satisfied | 1
                unknown | 1
                very satisfied | 1
                """);
    }

    @Test
    void aPeriodWithoutAWholeMonthIsNotThereYet() {
        var months = derived(Loyal.loyalty(1, 90), satisfaction(1, true), few());

        assertThat(picture(
                        months.where("segment = 'all' and state = 'unknown' and period_from >= '2026-04-01'"),
                        "period_from",
                        "counted_to",
                        "referrals"))
                .isEqualTo("""
                period_from | counted_to | referrals
                2026-04-01 | 2026-04-30 | 3
                2026-05-01 | 2026-05-31 | 0
                """);
    }

    @Test
    void neitherOrderNorPartitionsChangeAFigure() {
        Inputs inputs = few();
        var once = few(1);

        for (int partitions : new int[] {1, 7}) {
            Inputs shuffled = table -> inputs.read(table)
                    .orderBy(rand(partitions))
                    .repartition(partitions)
                    .localCheckpoint();
            assertThat(Audit.of(WordOfMouth.TABLE, derived(Loyal.LOYALTY, satisfaction(1, true), shuffled))
                            .digest())
                    .isEqualTo(Audit.of(WordOfMouth.TABLE, once).digest());
        }
    }
}

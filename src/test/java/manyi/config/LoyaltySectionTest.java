package manyi.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import java.io.IOException;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import manyi.config.Job.Loyalty;
import manyi.table.Failure;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LoyaltySectionTest {

    private static final String JOB = """
            job: shop
            warehouse: warehouse/shop
            time_zone: Europe/London
            currency: GBP
            sources:
              purchases:
                path: data/*.csv
                columns: {purchased_at: day, amount: paid}
            """;

    @TempDir
    private Path folder;

    @Test
    void isOffUntilItIsNamedAndHasADefaultForEverything() throws IOException {
        assertThat(read("").loyalty()).isEmpty();
        assertThat(read("loyalty: {}\n").loyalty())
                .contains(new Loyalty(
                        12,
                        90,
                        365,
                        new Loyalty.Usage(12, Optional.empty()),
                        new Loyalty.Usage(4, Optional.empty()),
                        List.of(),
                        List.of(),
                        Optional.empty(),
                        List.of(),
                        Optional.empty()));
        assertThat(read("loyalty: {}\n").digest()).isNotEqualTo(read("").digest());
        assertThat(read("loyalty: {rfm: quintiles, period_months: 12}\n").digest())
                .isEqualTo(read("loyalty: {}\n").digest());
    }

    @Test
    void readsTheRuleOfVisits() throws IOException {
        var force = read("""
                loyalty:
                  sales_force: {yearly_cost: 182500, visits: 365, visits_per_customer: 4}
                """).loyalty().orElseThrow().salesForce().orElseThrow();

        assertThat(force.yearlyCost()).isEqualByComparingTo("182500");
        assertThat(force.visits()).isEqualByComparingTo("365");
        assertThat(force.visitsPerCustomer()).isEqualByComparingTo("4");
    }

    @Test
    void readsTiersCutsAndTargets() throws IOException {
        var loyalty = read("""
                loyalty:
                  period_months: 6
                  active_gap_days: 60
                  lost_gap_days: 180
                  usage_tiers:
                    heavy: {purchase_days: 8, money: 1000.00}
                    medium: {money: 250}
                  value_tiers: {vip: 5000, target: 1000}
                  account_classes: {strategic: 100000, group: 50000, important: 10000}
                  rfm: {recency_days: [30, 60, 90, 180], purchase_days: [2, 3, 5, 10], money: [10, 20.5, 50, 100]}
                  targets:
                    - {from: medium, to: heavy, share: 0.05}
                    - {from: lost, to: won back, share: 0.1}
                    - {from: target, to: vip, share: 0}
                """).loyalty().orElseThrow();

        assertThat(loyalty.heavy()).isEqualTo(new Loyalty.Usage(8, Optional.of(new BigDecimal("1E+3"))));
        assertThat(loyalty.medium()).isEqualTo(new Loyalty.Usage(1, Optional.of(new BigDecimal("2.5E+2"))));
        assertThat(loyalty.valueTiers()).extracting(Loyalty.MoneyTier::name).containsExactly("vip", "target");
        assertThat(loyalty.accountClasses())
                .extracting(Loyalty.MoneyTier::name)
                .containsExactly("strategic", "group", "important");
        assertThat(loyalty.rfm().orElseThrow().money())
                .containsExactly(
                        new BigDecimal("1E+1"), new BigDecimal("20.5"), new BigDecimal("5E+1"), new BigDecimal("1E+2"));
        assertThat(loyalty.targets())
                .containsExactly(
                        new Loyalty.TierTarget(TierKind.USAGE, "medium", "heavy", new BigDecimal("0.05")),
                        new Loyalty.TierTarget(TierKind.LIFE_CYCLE, "lost", "won back", new BigDecimal("0.1")),
                        new Loyalty.TierTarget(TierKind.VALUE, "target", "vip", BigDecimal.ZERO));
    }

    @Test
    void tellsEveryFaultWithItsLine() {
        assertThat(faults("""
                loyalty:
                  period_month: 12
                  period_months: 25
                  active_gap_days: 400
                  lost_gap_days: 20
                  usage_tiers:
                    heavy: {purchase_days: 4}
                    medium: {}
                    lite: {}
                  value_tiers: {vip: 100, target: 100}
                  account_classes: {strategic: 5}
                  rfm: {recency_days: [30, 20, 90, 180], purchase_days: [1, 2], money: [a, 2, 3, 4], days: 3}
                  targets:
                    - {from: medum, to: heavy, share: 0.05}
                    - {from: medium, to: lost, share: 0.05}
                    - {from: lost, to: new, share: 0.05}
                    - {from: medium, to: heavy, share: 5}
                    - {from: medium, to: heavy, shar: 0.5}
                    - heavy
                """)).isEqualTo("""
                The job document has 20 faults; fix them and try again:
                job.yaml:10: unknown key 'period_month' in loyalty; did you mean 'period_months'?
                job.yaml:11: loyalty.period_months: '25' is not a whole number from 1 to 24
                job.yaml:13: loyalty.lost_gap_days: '20' is not a whole number from 30 up
                job.yaml:13: loyalty.lost_gap_days: 365 is not above active_gap_days 400
                job.yaml:16: loyalty.usage_tiers.medium: names neither purchase_days nor money
                job.yaml:17: unknown key 'lite' in loyalty.usage_tiers; known here: heavy, medium
                job.yaml:18: loyalty.value_tiers.target: 100 is not below the 100 of vip
                job.yaml:19: loyalty.account_classes.group: is missing; give the minimum money in the period
                job.yaml:19: loyalty.account_classes.important: is missing; give the minimum money in the period
                job.yaml:20: loyalty.rfm.recency_days: five scores need 4 cuts, each above the one before, such as [1, 2, 5, 10]
                job.yaml:20: loyalty.rfm.purchase_days: five scores need 4 cuts, each above the one before, such as [1, 2, 5, 10]
                job.yaml:20: loyalty.rfm.money: 'a' is not a number such as 0.5
                job.yaml:20: unknown key 'days' in loyalty.rfm; known here: recency_days, purchase_days, money
                job.yaml:22: loyalty.targets[1].from: 'medum' is not one of heavy, medium, light, none, new, won back, active, dormant, lost, vip, target, mass; did you mean 'medium'?
                job.yaml:23: loyalty.targets[2].to: 'lost' is not a tier of the same kind as 'medium'; those are heavy, medium, light, none
                job.yaml:24: loyalty.targets[3].to: customers of the period before cannot become new
                job.yaml:25: loyalty.targets[4].share: 5 is not between 0 and 1
                job.yaml:26: loyalty.targets[5].share: is missing; give the share of the customers that should move, such as 0.05
                job.yaml:26: unknown key 'shar' in loyalty.targets[5]; did you mean 'share'?
                job.yaml:27: loyalty.targets[6]: expected keys with values, found 'heavy'""");
    }

    @Test
    void refusesTargetsOfTiersThatAreNotThere() {
        assertThat(faults("loyalty: {rfm: quintile, targets: [{from: mass, to: vip, share: 0.1}]}\n"))
                .isEqualTo("""
                The job document has 3 faults; fix them and try again:
                job.yaml:9: loyalty.rfm: 'quintile' is neither quintiles nor a block of recency_days, purchase_days and money
                job.yaml:9: loyalty.targets[1].from: 'mass' is a tier of value_tiers, which the job does not have
                job.yaml:9: loyalty.targets[1].to: 'vip' is a tier of value_tiers, which the job does not have""");
    }

    @Test
    void theExampleOfTheReferenceIsReadWithoutAFault() throws IOException {
        String page = Files.readString(Path.of("docs/job.md"));
        int start = page.indexOf("```yaml\nloyalty:") + "```yaml\n".length();

        var loyalty = read(page.substring(start, page.indexOf("```", start)))
                .loyalty()
                .orElseThrow();

        assertThat(loyalty.accountClasses()).hasSize(3);
        assertThat(loyalty.targets()).hasSize(2);
    }

    private Job read(String section) throws IOException {
        Files.writeString(folder.resolve("job.yaml"), JOB + section);
        return JobFile.read(folder.resolve("job.yaml"), Map.of());
    }

    private String faults(String section) {
        Throwable thrown = catchThrowable(() -> read(section));
        assertThat(thrown).isInstanceOf(Failure.class);
        return thrown.getMessage().replace(folder + "/", "");
    }
}

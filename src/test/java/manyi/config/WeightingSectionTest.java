package manyi.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import java.io.IOException;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class WeightingSectionTest {

    private static final String JOB = """
            job: shop
            warehouse: warehouse/shop
            time_zone: Europe/London
            currency: GBP
            sources:
              purchases:
                path: purchases.csv
                columns: {customer_id: customer, purchased_at: day, amount: money, channel: channel}
              survey:
                path: answers.csv
                columns: {wave: "'2026Q3'", region: region}
            segments: [channel, region]
            satisfaction:
              questionnaire: questions.yaml
            """;

    private static final String QUESTIONS = """
            questionnaire: shop
            scale: [0, 10]
            items:
              - {id: STAFF, text: "How friendly is the staff?"}
            waves:
              - {name: 2026Q3, end: 2026-09-30}
            """;

    @TempDir
    private Path folder;

    @Test
    void takesWeightsAsTheyAreUnlessTold() throws IOException {
        var job = read("");

        assertThat(job.satisfaction().orElseThrow().weighting()).isEmpty();
        assertThat(read("  weighting:\n").digest()).isEqualTo(job.digest());
        assertThat(read("  weighting: {margins: {channel: customers}}\n").digest())
                .isNotEqualTo(job.digest());
    }

    @Test
    void readsMarginsAndBounds() throws IOException {
        var weighting = read("""
                  weighting:
                    margins:
                      region: {East: 120000, West: 80000.50}
                      channel: customers
                    trim: 5
                """).satisfaction().orElseThrow().weighting().orElseThrow();

        assertThat(weighting.population()).isEqualTo("customer");
        assertThat(weighting.margins())
                .containsExactly(
                        new Weighting.Margin(
                                "region",
                                new TreeMap<>(
                                        Map.of("East", new BigDecimal("1.2E+5"), "West", new BigDecimal("80000.5")))),
                        new Weighting.Margin("channel", new TreeMap<>()));
        assertThat(weighting.trim()).isEqualTo(Optional.of(new Weighting.Trim(0, 5, false)));
        assertThat(read("""
                          weighting:
                            population: dealer
                            margins: {region: {East: 12}}
                            trim: {lowest: 0.2, highest: 4, of: median}
                        """).satisfaction().flatMap(Job.Satisfaction::weighting).flatMap(Weighting::trim))
                .isEqualTo(Optional.of(new Weighting.Trim(0.2, 4, true)));
    }

    @Test
    void tellsEveryFaultWithItsLine() {
        assertThat(faults("""
                  weighting:
                    margins:
                      regoin: {East: 10, West: -1}
                      region: customers
                      channel: customer
                    trim: 0.5
                    trimm: 5
                """))
                .contains("job.yaml:17: satisfaction.weighting.margins.regoin: is not a segment dimension; did you mean"
                        + " 'region'?")
                .contains("job.yaml:17: satisfaction.weighting.margins.regoin.West: -1 is below 0")
                .contains("job.yaml:18: satisfaction.weighting.margins.region: comes from the survey itself, so that it"
                        + " cannot be counted among customers; give counts")
                .contains("job.yaml:19: satisfaction.weighting.margins.channel: 'customer' is neither customers nor a"
                        + " block of counts such as {East: 1200, West: 800}; did you mean 'customers'?")
                .contains("job.yaml:20: satisfaction.weighting.trim: 0.5 is not between 1 and 1000000")
                .contains("job.yaml:21: unknown key 'trimm' in satisfaction.weighting; did you mean 'trim'?");
    }

    @Test
    void refusesMarginsThatContradictEachOtherOrAreShares() {
        assertThat(faults("""
                  weighting:
                    margins:
                      region: {East: 60, West: 40}
                      channel: {web: 50, shop: 51}
                """))
                .contains("job.yaml:16: satisfaction.weighting.margins: region sums to 100, channel to 101; both must"
                        + " count the same people");
        assertThat(faults("  weighting: {margins: {region: {East: 0.6, West: 0.4}}}\n"))
                .contains("satisfaction.weighting.margins.region: sums to 1.0; give counts of people");
        assertThat(faults("  weighting: {margins: {}}\n"))
                .contains("satisfaction.weighting.margins: names no segment dimension");
        assertThat(faults("  weighting: {trim: 5}\n"))
                .contains("the key 'margins' is missing in satisfaction.weighting");
        assertThat(faults("  weighting: {population: dealer, margins: {channel: customers}}\n"))
                .contains("customers do not measure the population 'dealer'; give counts");
        assertThat(faults("  weighting: {margins: {region: {East: 10}}, trim: {lowest: 1, highest: 1}}\n"))
                .contains("satisfaction.weighting.trim: lowest is not below highest");
    }

    private Job read(String weighting) throws IOException {
        Files.writeString(folder.resolve("questions.yaml"), QUESTIONS);
        Path file = folder.resolve("job.yaml");
        Files.writeString(file, JOB + weighting);
        return JobFile.read(file, Map.of());
    }

    private String faults(String weighting) {
        return String.valueOf(catchThrowable(() -> read(weighting)).getMessage());
    }
}

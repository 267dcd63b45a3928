package manyi.run;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import manyi.config.Job;
import manyi.conformed.CustomerKeys;
import manyi.table.Derivation;
import manyi.table.Keeping;
import manyi.table.Table;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class IdentitiesTest {

    @TempDir
    Path folder;

    private List<Derivation> derivations() {
        Job job = new Shop(folder.resolve("shop")).withCustomers().withSurvey().job(folder.resolve("warehouse"));
        return Pipeline.of(job, Shop.AS_OF, new CustomerKeys(new byte[16]));
    }

    private static Map<String, String> identities(List<Derivation> derivations, Map<String, Integer> releases) {
        Graph graph = new Graph(derivations);
        var identities = new Identities(graph, Table::name, releases, Shop.AS_OF, derivation -> true);
        Map<String, String> all = new TreeMap<>();
        derivations.forEach(derivation -> all.put(derivation.table().name(), identities.ofRead(derivation.table())));
        return all;
    }

    @Test
    void definitionsHoldNothingThatDiffersBetweenProcesses() {
        // what is kept by wave is identified by its releases
        var defined = derivations().stream().filter(derivation -> derivation.keeping() != Keeping.BY_WAVE);
        assertThat(defined)
                .isNotEmpty()
                .allSatisfy(derivation -> assertThat(Identities.definition(derivation))
                        .doesNotContainPattern("@[0-9a-f]{5,}\\b")
                        .doesNotContain("$$Lambda"));
    }

    @Test
    void theSameJobGivesTheSameIdentitiesAndAnotherReleaseOthers() {
        var first = identities(derivations(), Map.of("2026Q1", 1, "2026Q2", 1));

        assertThat(identities(derivations(), Map.of("2026Q2", 1, "2026Q1", 1))).isEqualTo(first);
        var revised = identities(derivations(), Map.of("2026Q1", 2, "2026Q2", 1));
        assertThat(revised.get("segment_satisfaction")).isNotEqualTo(first.get("segment_satisfaction"));
        assertThat(revised.get("cohort_retention")).isEqualTo(first.get("cohort_retention"));
    }
}

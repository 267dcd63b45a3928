package manyi.run;

import static manyi.testing.Rows.rows;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import manyi.conformed.SurveyResponse;
import manyi.testing.Sparks;
import manyi.testing.Surveys;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.junit.jupiter.api.Test;

/** Few changes, held against a count of them one by one. */
class FewChangesTest {

    private static final int MINIMUM = 3;

    /**
     * @param customer null where he is not known
     * @param counts whether the response counts in figures
     */
    private record Said(String customer, String region, String tier, int weight, Integer e, Integer p, boolean counts) {

        List<String> cells() {
            return List.of("all", "region " + region, "tier " + tier);
        }

        /** What is said of each thing; things that are not said are left out. */
        Map<String, String> things() {
            Map<String, String> things = new TreeMap<>();
            things.put("case", weight + " " + counts);
            if (counts) {
                things.put("response", "" + weight);
            }
            if (counts && e != null) {
                things.put("e", e + " " + weight);
            }
            if (counts && p != null) {
                things.put("p", p + " " + weight);
            }
            return things;
        }

        String picture(String wave, int key) {
            return "%s-%d | %s | customer | %s | 2026-01-10 | %d | %s, %s | 50 | %s, %s | %s"
                    .formatted(
                            wave,
                            key,
                            customer == null ? "" : customer,
                            wave,
                            weight,
                            e == null ? "" : e,
                            p == null ? "" : p,
                            region,
                            tier,
                            counts ? "complete" : "test");
        }
    }

    private static Integer answer(Random random) {
        return random.nextInt(8) == 0 ? null : Integer.valueOf(random.nextInt(4));
    }

    private static Said any(Random random) {
        return new Said(
                random.nextInt(4) == 0 ? null : "c" + random.nextInt(9),
                random.nextInt(3) == 0 ? "West" : "East",
                random.nextInt(2) == 0 ? "Gold" : "Silver",
                1 + random.nextInt(6) / 5,
                answer(random),
                answer(random),
                random.nextInt(9) > 0);
    }

    /** The same response with something other: an answer, a segment, a customer, a weight, or whether it counts. */
    private static Said changed(Said said, int what, Random random) {
        return switch (what) {
            case 0 -> new Said(said.customer, said.region, said.tier, said.weight, answer(random), said.p, said.counts);
            case 1 -> new Said(said.customer, said.region, said.tier, said.weight, said.e, answer(random), said.counts);
            case 2 -> new Said(said.customer, "West", said.tier, said.weight, said.e, said.p, said.counts);
            case 3 -> new Said("new", said.region, said.tier, said.weight, said.e, said.p, said.counts);
            case 4 -> new Said(said.customer, said.region, said.tier, 3 - said.weight, said.e, said.p, said.counts);
            default -> new Said(said.customer, said.region, said.tier, said.weight, said.e, said.p, !said.counts);
        };
    }

    @Test
    void agreesWithACountOneByOne() {
        Random random = new Random(20261123);
        Map<String, List<Said>> before = new TreeMap<>();
        Map<String, List<Said>> now = new TreeMap<>();
        for (int i = 0; i < 120; i++) {
            String wave = "w%03d".formatted(i);
            List<Said> said = new ArrayList<>();
            Stream.generate(() -> any(random)).limit(24).forEach(said::add);
            List<Said> after = new ArrayList<>(said);
            int changes = random.nextInt(20);
            int what = random.nextInt(8);
            for (int j = 0; j < changes; j++) {
                after.set(j, changed(after.get(j), what < 6 ? what : random.nextInt(6), random));
            }
            for (int j = random.nextInt(3) - 1; j > 0; j--) {
                after.add(any(random));
            }
            before.put(wave, said);
            now.put(wave, after);
        }

        FewChanges.Found found = compiled(
                () -> new FewChanges(Surveys.expectedAndMet(), MINIMUM).ofResponses(responses(now), responses(before)));

        Set<String> few = new TreeSet<>();
        Set<String> changed = new TreeSet<>();
        before.forEach((wave, said) -> {
            List<Said> after = now.get(wave);
            if (!bag(said, Function.identity()).equals(bag(after, Function.identity()))) {
                changed.add(wave);
                if (isFew(said, after)) {
                    few.add(wave);
                }
            }
        });
        assertThat(found.changed()).isEqualTo(changed);
        assertThat(found.few()).isEqualTo(few);
        assertThat(few).as("of both kinds there are some").hasSizeBetween(20, changed.size() - 10);
    }

    /** Runs as a job does, with expressions that are compiled. */
    private static FewChanges.Found compiled(java.util.function.Supplier<FewChanges.Found> work) {
        Map<String, String> asInJobs = Map.of(
                "spark.sql.codegen.wholeStage", "true",
                "spark.sql.codegen.factoryMode", "CODEGEN_ONLY",
                "spark.sql.adaptive.enabled", "true");
        Map<String, String> asInTests = new HashMap<>();
        asInJobs.forEach((key, value) -> {
            asInTests.put(key, Sparks.session().conf().get(key));
            Sparks.session().conf().set(key, value);
        });
        try {
            return work.get();
        } finally {
            asInTests.forEach(Sparks.session().conf()::set);
        }
    }

    private static Dataset<Row> responses(Map<String, List<Said>> said) {
        StringBuilder picture =
                new StringBuilder("response_key | customer_id | population | wave | answered_on | weight"
                        + " | answers | csi | segments | disposition\n");
        said.forEach((wave, responses) -> {
            for (int i = 0; i < responses.size(); i++) {
                picture.append(responses.get(i).picture(wave, i)).append('\n');
            }
        });
        Dataset<Row> responses = rows(SurveyResponse.TABLE, picture.toString());
        return responses.withColumn(
                FewChanges.COUNTS, responses.col("disposition").equalTo("complete"));
    }

    private static <T> Map<T, Integer> bag(List<Said> said, Function<Said, T> of) {
        Map<T, Integer> bag = new HashMap<>();
        said.forEach(one -> bag.merge(of.apply(one), 1, Integer::sum));
        return bag;
    }

    private static <T> Map<T, Integer> net(List<Said> before, List<Said> now, Function<Said, T> of) {
        Map<T, Integer> net = bag(now, of);
        bag(before, of).forEach((one, times) -> net.merge(one, -times, Integer::sum));
        net.values().removeIf(times -> times == 0);
        return net;
    }

    private static boolean isFew(List<Said> before, List<Said> now) {
        Set<String> cells = Stream.concat(before.stream(), now.stream())
                .flatMap(one -> one.cells().stream())
                .collect(Collectors.toSet());
        boolean areNumbersOther = false;
        for (String cell : cells) {
            for (String thing : List.of("case", "response", "e", "p")) {
                List<Said> was = having(before, cell, thing);
                List<Said> is = having(now, cell, thing);
                areNumbersOther |= was.size() != is.size();
                int customers = 0;
                for (Map.Entry<List<String>, Integer> one : net(
                                was,
                                is,
                                said -> List.of(
                                        String.valueOf(said.customer),
                                        said.things().get(thing)))
                        .entrySet()) {
                    customers += one.getKey().get(0).equals("null") ? Math.abs(one.getValue()) : 0;
                }
                customers +=
                        (int) net(
                                        was,
                                        is,
                                        said -> List.of(
                                                String.valueOf(said.customer),
                                                said.things().get(thing)))
                                .keySet()
                                .stream()
                                .map(one -> one.get(0))
                                .filter(customer -> !customer.equals("null"))
                                .distinct()
                                .count();
                int gained = 0;
                int lost = 0;
                for (int times : net(was, is, FewChangesTest::content).values()) {
                    gained += Math.max(times, 0);
                    lost += Math.max(-times, 0);
                }
                int few = Math.min(customers, Math.max(gained, lost));
                if (few > 0 && few < MINIMUM) {
                    return true;
                }
            }
        }
        return areNumbersOther && (isHiding(before, cells) || isHiding(now, cells));
    }

    /** What matters of a response, whoever gave it. */
    private static String content(Said said) {
        return said.region + " " + said.tier + " " + said.things();
    }

    private static List<Said> having(List<Said> said, String cell, String thing) {
        return said.stream()
                .filter(one -> one.cells().contains(cell) && one.things().containsKey(thing))
                .toList();
    }

    private static boolean isHiding(List<Said> said, Set<String> cells) {
        for (String cell : cells) {
            for (String thing : List.of("case", "response", "e", "p")) {
                Set<String> customers = new HashSet<>();
                int unknown = 0;
                for (Said one : having(said, cell, thing)) {
                    if (one.customer == null) {
                        unknown++;
                    } else {
                        customers.add(one.customer);
                    }
                }
                int units = customers.size() + unknown;
                if (units > 0 && units < MINIMUM) {
                    return true;
                }
            }
        }
        return false;
    }
}

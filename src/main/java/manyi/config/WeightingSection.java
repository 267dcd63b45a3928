package manyi.config;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import manyi.config.Section.Value;
import manyi.config.Weighting.Margin;
import manyi.config.YamlTree.Mapping;

/** Reads the block {@code satisfaction.weighting} of a job document. A fault is told, and reading goes on. */
final class WeightingSection {

    private static final String CUSTOMERS = "customers";
    private static final double MOST_TRIM = 1_000_000;
    /** Margins whose totals differ by more than this, relative to the larger, contradict each other. */
    private static final double SAME_TOTAL = 1e-9;

    private final Section section;
    private final Map<String, Dimension> dimensions = new LinkedHashMap<>();

    WeightingSection(Section section, List<Dimension> dimensions) {
        this.section = section;
        dimensions.forEach(dimension -> this.dimensions.put(dimension.name(), dimension));
    }

    /**
     * The weighting; empty where a fault was told.
     *
     * @param ofAnswers attributes that only the survey sources give, so that no customer has them
     * @param hasCustomers whether a source tells of customers apart from a survey
     */
    Optional<Weighting> read(Set<String> ofAnswers, boolean hasCustomers) {
        String population = section.notBlank("population").orElse(Weighting.CUSTOMER);
        List<Margin> margins = new ArrayList<>();
        Optional<Section> block = section.requiredSection("margins");
        block.ifPresent(given -> {
            if (given.keys().isEmpty()) {
                section.fault(
                        "margins", "names no segment dimension; name one with its counts, or leave weighting out");
            }
            for (String segment : given.keys()) {
                margin(given, segment, population, ofAnswers, hasCustomers).ifPresent(margins::add);
            }
        });
        refuseContradictions(margins);
        int levels = margins.stream().mapToInt(margin -> margin.counts().size()).sum();
        if (levels > Weighting.MOST_LEVELS) {
            section.fault(
                    "margins",
                    levels + " values in all margins together; at most " + Weighting.MOST_LEVELS
                            + " are allowed, so merge rare ones");
        }
        Optional<Weighting.Trim> trim = trim();
        section.end();
        return margins.isEmpty() ? Optional.empty() : Optional.of(new Weighting(population, margins, trim));
    }

    private Optional<Margin> margin(
            Section block, String segment, String population, Set<String> ofAnswers, boolean hasCustomers) {
        Dimension dimension = dimensions.get(segment);
        if (dimension == null) {
            String hint = Nearest.hint(segment, dimensions.keySet());
            block.fault(
                    segment,
                    "is not a segment dimension" + (hint.isEmpty() ? "; add it to segments of the job" : hint));
        }
        if (!(block.node(segment).orElse(null) instanceof Mapping)) {
            Optional<Value> word = block.requiredText(segment);
            if (word.isEmpty()) {
                return Optional.empty();
            }
            if (!word.get().text().equals(CUSTOMERS)) {
                block.fault(
                        segment,
                        "'" + word.get().text() + "' is neither " + CUSTOMERS
                                + " nor a block of counts such as {East: 1200, West: 800}"
                                + Nearest.hint(word.get().text(), List.of(CUSTOMERS)));
                return Optional.empty();
            }
            if (!population.equals(Weighting.CUSTOMER)) {
                block.fault(segment, "customers do not measure the population '" + population + "'; give counts");
            } else if (!hasCustomers) {
                block.fault(segment, "no source of purchases or customers says how many there are; give counts");
            } else if (dimension != null && dimension.attributes().stream().anyMatch(ofAnswers::contains)) {
                block.fault(
                        segment,
                        "comes from the survey itself, so that it cannot be counted among customers; give counts");
            }
            return Optional.of(new Margin(segment, new TreeMap<>()));
        }
        return block.section(segment).flatMap(counts -> counted(block, segment, counts));
    }

    private static Optional<Margin> counted(Section block, String segment, Section given) {
        SortedMap<String, BigDecimal> counts = new TreeMap<>();
        BigDecimal total = BigDecimal.ZERO;
        for (String value : new LinkedHashSet<>(given.keys())) {
            Optional<BigDecimal> count = given.requiredText(value).flatMap(any -> given.decimal(value));
            if (count.isPresent()) {
                counts.put(
                        value,
                        count.get().signum() == 0
                                ? BigDecimal.ZERO
                                : count.get().stripTrailingZeros());
                total = total.add(count.get());
            }
        }
        if (given.keys().isEmpty()) {
            block.fault(segment, "names no value; give counts such as {East: 1200, West: 800}, or the word customers");
        }
        if (!counts.isEmpty() && total.compareTo(BigDecimal.ONE) <= 0) {
            block.fault(
                    segment,
                    "sums to " + total.toPlainString() + "; give counts of people, since shares leave too few digits"
                            + " for weights");
        }
        return counts.isEmpty() ? Optional.empty() : Optional.of(new Margin(segment, counts));
    }

    private void refuseContradictions(List<Margin> margins) {
        List<Margin> counted =
                margins.stream().filter(margin -> !margin.isOfCustomers()).toList();
        for (Margin margin : counted) {
            double first = total(counted.get(0));
            double other = total(margin);
            if (StrictMath.abs(first - other) > SAME_TOTAL * StrictMath.max(first, other)) {
                section.fault(
                        "margins",
                        counted.get(0).segment() + " sums to " + Section.plain(first) + ", " + margin.segment() + " to "
                                + Section.plain(other) + "; both must count the same people");
            }
        }
    }

    private static double total(Margin margin) {
        return margin.counts().values().stream()
                .reduce(BigDecimal.ZERO, BigDecimal::add)
                .doubleValue();
    }

    private Optional<Weighting.Trim> trim() {
        if (!section.has("trim")) {
            return Optional.empty();
        }
        if (section.node("trim").orElseThrow() instanceof Mapping) {
            Section block = section.section("trim").orElseThrow();
            double highest =
                    block.decimal("highest").map(BigDecimal::doubleValue).orElse(MOST_TRIM);
            double lowest = block.decimal("lowest").map(BigDecimal::doubleValue).orElse(0.0);
            Optional<String> centre = block.word("of");
            block.end();
            if (!block.has("highest") && !block.has("lowest")) {
                section.fault("trim", "names neither highest nor lowest");
                return Optional.empty();
            }
            if (lowest >= highest) {
                section.fault("trim", "lowest is not below highest, so no weight is possible");
                return Optional.empty();
            }
            return Optional.of(new Weighting.Trim(
                    lowest, highest, centre.filter("median"::equals).isPresent()));
        }
        return section.decimal("trim").map(highest -> new Weighting.Trim(0, highest.doubleValue(), false));
    }
}

package manyi.config;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import manyi.config.Questionnaire.Gap;
import manyi.config.Questionnaire.Item;
import manyi.config.Section.Value;

/** Reads the blocks of a questionnaire that set expectation against experience, and value against cost. */
final class ExpectationSection {

    private static final String ALL = "all";
    private static final String TOTAL = "total";

    private final Section root;
    private final Faults faults;
    private final Map<String, Item> items;
    /** Where an item could not be read, nothing is said of items that seem to be missing. */
    private final boolean isEveryItemRead;

    ExpectationSection(Section root, Faults faults, List<Item> items, boolean isEveryItemRead) {
        this.root = root;
        this.faults = faults;
        this.items = items.stream().collect(Collectors.toMap(Item::id, Function.identity(), (first, second) -> first));
        this.isEveryItemRead = isEveryItemRead;
    }

    /** The block {@code expectation}: dimension → the item expected and the item perceived. */
    List<Gap> gaps() {
        List<Gap> gaps = new ArrayList<>();
        root.section("expectation").ifPresent(all -> {
            for (String name : all.keys()) {
                if (name.equals(ALL)) {
                    all.fault(name, "is reserved for all dimensions together; choose another name");
                }
                all.section(name).ifPresent(section -> {
                    Optional<Value> expected = section.requiredText("expected");
                    Optional<Value> perceived = section.requiredText("perceived");
                    section.end();
                    Optional<Item> before = expected.flatMap(value -> item(section, "expected", value));
                    Optional<Item> after = perceived.flatMap(value -> item(section, "perceived", value));
                    if (before.isPresent() && after.isPresent()) {
                        refuseUnlike(section, before.get(), after.get());
                        gaps.add(new Gap(name, before.get().id(), after.get().id()));
                    }
                });
            }
        });
        return gaps;
    }

    private void refuseUnlike(Section section, Item expected, Item perceived) {
        if (expected.id().equals(perceived.id())) {
            section.fault("perceived", "is the same item as expected; a ratio needs two");
        }
        if (expected.low().compareTo(perceived.low()) != 0
                || expected.high().compareTo(perceived.high()) != 0
                || expected.isReversed() != perceived.isReversed()) {
            section.fault(
                    "perceived",
                    "'" + perceived.id() + "' has another scale or direction than '" + expected.id()
                            + "'; a ratio of the two would mean nothing");
        }
    }

    /** The block {@code delivered_value}. */
    Optional<DeliveredValue> deliveredValue() {
        return root.section("delivered_value").flatMap(section -> {
            int before = faults.count();
            Optional<Section> weights = section.section("weights");
            Set<String> used = new LinkedHashSet<>();
            Set<String> asked = new LinkedHashSet<>();
            List<DeliveredValue.Component> value = parts(section, "value", weights, used, asked);
            List<DeliveredValue.Component> cost = parts(section, "cost", weights, used, asked);
            double band = section.number("band");
            weights.ifPresent(given -> given.keys().stream()
                    .filter(kind -> !used.contains(kind))
                    .forEach(kind -> faults.add(
                            given.line(kind),
                            "unknown key '" + kind + "' in " + given.name() + Nearest.hintOrAll(kind, used))));
            section.end();
            return faults.count() > before || value.isEmpty() || cost.isEmpty()
                    ? Optional.empty()
                    : Optional.of(new DeliveredValue(value, cost, band));
        });
    }

    private List<DeliveredValue.Component> parts(
            Section section, String side, Optional<Section> weights, Set<String> used, Set<String> asked) {
        List<DeliveredValue.Component> parts = new ArrayList<>();
        section.requiredSection(side).ifPresent(block -> {
            for (String kind : block.keys()) {
                List<String> ids = new ArrayList<>();
                if (kind.equals(TOTAL)) {
                    block.fault(kind, "is reserved for all kinds together; choose another name");
                }
                for (Value value : block.texts(kind)) {
                    item(block, kind, value).ifPresent(item -> {
                        if (!asked.add(item.id())) {
                            faults.add(
                                    value.line(),
                                    block.path(kind) + ": the item '" + item.id()
                                            + "' is already in delivered_value; each item counts once");
                        }
                        ids.add(item.id());
                    });
                }
                if (block.elements(kind).isEmpty()) {
                    block.fault(kind, "has no items");
                }
                if (!used.add(kind)) {
                    block.fault(kind, "is listed under both value and cost; keep one of the two");
                }
                BigDecimal weight =
                        weights.flatMap(given -> given.decimal(kind)).orElse(BigDecimal.ONE);
                if (weight.signum() <= 0) {
                    weights.ifPresent(given -> given.fault(
                            kind,
                            "the weight " + weight.toPlainString() + " is not above 0; leave the kind out instead"));
                } else if (!ids.isEmpty()) {
                    parts.add(new DeliveredValue.Component(kind, ids, weight.doubleValue()));
                }
            }
            if (block.keys().isEmpty()) {
                section.fault(side, "has no kinds; name at least one");
            }
        });
        return parts;
    }

    private Optional<Item> item(Section section, String key, Value value) {
        Item item = items.get(value.text());
        if (item == null && isEveryItemRead) {
            faults.add(
                    value.line(),
                    section.path(key) + ": there is no item '" + value.text() + "'"
                            + Nearest.hint(value.text(), items.keySet()));
        }
        return Optional.ofNullable(item);
    }
}

package manyi.config;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import manyi.config.Job.Loyalty;
import manyi.config.Section.Value;
import manyi.config.YamlTree.Mapping;

/** Reads the block {@code loyalty} of a job document. A fault is told, and reading goes on with the default. */
final class LoyaltySection {

    private static final int HEAVY_DAYS = 12;
    private static final int MEDIUM_DAYS = 4;
    private static final int CUTS = 4;
    private static final String QUINTILES = "quintiles";
    private static final List<String> ACCOUNT_CLASSES = List.of("strategic", "group", "important");

    private final Section section;

    private LoyaltySection(Section section) {
        this.section = section;
    }

    static Loyalty read(Section section) {
        return new LoyaltySection(section).loyalty();
    }

    private Loyalty loyalty() {
        int months = section.whole("period_months");
        int active = section.whole("active_gap_days");
        int lost = section.whole("lost_gap_days");
        if (lost <= active) {
            section.fault("lost_gap_days", lost + " is not above active_gap_days " + active);
        }
        Optional<Section> usage = section.section("usage_tiers");
        Loyalty.Usage heavy = usage(usage, "heavy", HEAVY_DAYS);
        Loyalty.Usage medium = usage(usage, "medium", MEDIUM_DAYS);
        usage.ifPresent(Section::end);
        if (!asksMore(heavy, medium)) {
            section.fault(
                    "usage_tiers",
                    "heavy asks for " + said(heavy) + ", medium for " + said(medium)
                            + "; heavy must ask for no less of either and for more of one");
        }
        List<String> valued = TierKind.VALUE.tiers();
        List<Loyalty.MoneyTier> values = moneyTiers("value_tiers", valued.subList(0, valued.size() - 1));
        List<Loyalty.MoneyTier> accounts = moneyTiers("account_classes", ACCOUNT_CLASSES);
        Optional<Loyalty.RfmCuts> rfm = rfm();
        List<Loyalty.TierTarget> targets = targets(!values.isEmpty());
        Optional<Loyalty.SalesForce> salesForce = section.section("sales_force").map(LoyaltySection::salesForce);
        section.end();
        return new Loyalty(months, active, lost, heavy, medium, values, accounts, rfm, targets, salesForce);
    }

    private static Loyalty.SalesForce salesForce(Section block) {
        Loyalty.SalesForce force = new Loyalty.SalesForce(
                aboveZero(block, "yearly_cost", "182500"),
                aboveZero(block, "visits", "365"),
                aboveZero(block, "visits_per_customer", "4"));
        block.end();
        return force;
    }

    private static BigDecimal aboveZero(Section block, String key, String example) {
        if (!block.has(key)) {
            block.fault(key, "is missing; give a number such as " + example);
        }
        return block.decimal(key).map(LoyaltySection::plain).orElse(BigDecimal.ONE);
    }

    private static Loyalty.Usage usage(Optional<Section> usage, String tier, int days) {
        Optional<Section> block = usage.flatMap(tiers -> tiers.section(tier));
        if (block.isEmpty()) {
            return new Loyalty.Usage(days, Optional.empty());
        }
        if (!block.get().has("purchase_days") && !block.get().has("money")) {
            usage.get().fault(tier, "names neither purchase_days nor money");
        }
        Loyalty.Usage read = new Loyalty.Usage(
                block.get().whole("purchase_days"), block.get().decimal("money").map(LoyaltySection::plain));
        block.get().end();
        return read;
    }

    private static boolean asksMore(Loyalty.Usage heavy, Loyalty.Usage medium) {
        int days = Integer.compare(heavy.purchaseDays(), medium.purchaseDays());
        int money;
        if (heavy.money().isPresent() && medium.money().isPresent()) {
            money = heavy.money().get().compareTo(medium.money().get());
        } else {
            money = Boolean.compare(heavy.money().isPresent(), medium.money().isPresent());
        }
        return days >= 0 && money >= 0 && days + money > 0;
    }

    private static String said(Loyalty.Usage usage) {
        return usage.purchaseDays() + " purchase days"
                + usage.money().map(money -> " and " + money.toPlainString()).orElse("");
    }

    /** Tiers by money: all of them or, where the block is left out, none. */
    private List<Loyalty.MoneyTier> moneyTiers(String key, List<String> names) {
        List<Loyalty.MoneyTier> tiers = new ArrayList<>();
        Optional<Section> block = section.section(key);
        if (block.isEmpty()) {
            return tiers;
        }
        for (String name : names) {
            if (!block.get().has(name)) {
                block.get().fault(name, "is missing; give the minimum money in the period");
            }
            Optional<BigDecimal> money = block.get().decimal(name).map(LoyaltySection::plain);
            if (money.isPresent()
                    && !tiers.isEmpty()
                    && money.get().compareTo(tiers.get(tiers.size() - 1).money()) >= 0) {
                block.get()
                        .fault(
                                name,
                                money.get().toPlainString() + " is not below the "
                                        + tiers.get(tiers.size() - 1).money().toPlainString() + " of "
                                        + tiers.get(tiers.size() - 1).name());
            }
            money.ifPresent(least -> tiers.add(new Loyalty.MoneyTier(name, least)));
        }
        block.get().end();
        return tiers;
    }

    private Optional<Loyalty.RfmCuts> rfm() {
        if (!(section.node("rfm").orElse(null) instanceof Mapping)) {
            section.text("rfm")
                    .filter(word -> !word.text().equals(QUINTILES))
                    .ifPresent(word -> section.fault(
                            "rfm",
                            "'" + word.text() + "' is neither " + QUINTILES
                                    + " nor a block of recency_days, purchase_days and money"));
            return Optional.empty();
        }
        Section block = section.section("rfm").orElseThrow();
        Loyalty.RfmCuts cuts =
                new Loyalty.RfmCuts(cuts(block, "recency_days"), cuts(block, "purchase_days"), cuts(block, "money"));
        block.end();
        return Optional.of(cuts);
    }

    private static List<BigDecimal> cuts(Section block, String key) {
        List<BigDecimal> cuts = new ArrayList<>();
        List<Value> texts = block.texts(key);
        for (Value text : texts) {
            block.decimal(block.path(key), text).map(LoyaltySection::plain).ifPresent(cuts::add);
        }
        boolean isAscending = true;
        for (int i = 1; i < cuts.size(); i++) {
            isAscending &= cuts.get(i - 1).compareTo(cuts.get(i)) < 0;
        }
        if (texts.size() != CUTS || !isAscending) {
            block.fault(key, "five scores need " + CUTS + " cuts, each above the one before, such as [1, 2, 5, 10]");
        }
        return cuts;
    }

    private List<Loyalty.TierTarget> targets(boolean hasValueTiers) {
        List<Loyalty.TierTarget> targets = new ArrayList<>();
        Set<List<String>> seen = new HashSet<>();
        for (Section target : section.blocks("targets")) {
            Optional<String> from = tier(target, "from", hasValueTiers);
            Optional<String> to = tier(target, "to", hasValueTiers);
            if (!target.has("share")) {
                target.fault("share", "is missing; give the share of the customers that should move, such as 0.05");
            }
            Optional<BigDecimal> share = target.decimal("share").map(LoyaltySection::plain);
            target.end();
            if (from.isEmpty() || to.isEmpty() || share.isEmpty()) {
                continue;
            }
            TierKind kind = TierKind.of(from.get()).orElseThrow();
            if (!kind.tiers().contains(to.get())) {
                target.fault(
                        "to",
                        "'" + to.get() + "' is not a tier of the same kind as '" + from.get() + "'; those are "
                                + String.join(", ", kind.tiers()));
            } else if (kind == TierKind.LIFE_CYCLE
                    && to.get().equals(kind.tiers().get(0))) {
                target.fault("to", "customers of the period before cannot become new");
            } else if (!seen.add(List.of(from.get(), to.get()))) {
                target.fault("from", "the move from " + from.get() + " to " + to.get() + " already has a target");
            } else {
                targets.add(new Loyalty.TierTarget(kind, from.get(), to.get(), share.get()));
            }
        }
        return targets;
    }

    private static Optional<String> tier(Section target, String key, boolean hasValueTiers) {
        if (!target.has(key)) {
            target.fault(key, "is missing; name a tier");
            return Optional.empty();
        }
        Optional<String> tier = target.word(key);
        if (!hasValueTiers && tier.flatMap(TierKind::of).equals(Optional.of(TierKind.VALUE))) {
            target.fault(key, "'" + tier.get() + "' is a tier of value_tiers, which the job does not have");
        }
        return tier;
    }

    private static BigDecimal plain(BigDecimal number) {
        return number.signum() == 0 ? BigDecimal.ZERO : number.stripTrailingZeros();
    }
}

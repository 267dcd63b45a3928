package manyi.config;

import java.math.BigDecimal;
import java.nio.file.Path;
import java.time.LocalDate;
import java.time.ZoneId;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * The job document: what to read, how to split customers, where to publish.
 *
 * @param file where the document lies
 * @param warehouse the warehouse's folder
 * @param timeZone the zone in which days begin and end
 * @param currency the reporting currency, ISO 4217
 * @param asOf the last day that exists for the run, where the document fixes it
 * @param segments the segment dimensions beside {@code all}
 * @param customerKey where the secret behind {@code customer_key} comes from
 * @param digest of all that the document and its questionnaire say, defaults and environment values filled in, but not
 *     of where things lie (paths, warehouse)
 */
public record Job(
        String name,
        Path file,
        String warehouse,
        ZoneId timeZone,
        String currency,
        Optional<LocalDate> asOf,
        List<Source> sources,
        List<Dimension> segments,
        Optional<Satisfaction> satisfaction,
        Optional<LifetimeValue> lifetimeValue,
        Cohorts cohorts,
        Optional<Loyalty> loyalty,
        Retention retention,
        CustomerKey customerKey,
        String digest) {

    /** How precisely figures of a survey are published. */
    public enum Decimals {
        /** One decimal of a point, three of a share or ratio. */
        ROUNDED("rounded"),
        /** All digits, for public or synthetic data. */
        FULL("full");

        private final String key;

        Decimals(String key) {
            this.key = key;
        }

        /** As it stands in a job document. */
        public String key() {
            return key;
        }
    }

    /**
     * How answers become indices.
     *
     * @param minimumRespondents cells with fewer distinct customers are suppressed
     * @param minimumAnsweredWeight a respondent who answered less than this share of the indicators' weight is left out
     * @param verySatisfiedFrom the least score of "very satisfied", points 0 to 100
     * @param satisfiedFrom the least score of "satisfied"
     * @param promotersFrom the least answer of a promoter
     * @param detractorsTo the greatest answer of a detractor
     * @param restatedWaves waves that are revised, each as often as its latest revision says; their late answers count
     * @param csatFrom the answer to the overall item from which a respondent counts for CSAT, on the item's scale; where a
     *     high answer is a bad one, up to which. Where it is not given, the last two steps of the scale count.
     * @param intentionFrom the same for the item that asks for the intention
     * @param targets what segments shall reach
     * @param quality which responses are flagged, and left out
     * @param weighting what survey weights are raked to
     * @param decimals how precisely figures are published
     */
    public record Satisfaction(
            Questionnaire questionnaire,
            int minimumRespondents,
            double minimumAnsweredWeight,
            double verySatisfiedFrom,
            double satisfiedFrom,
            double promotersFrom,
            double detractorsTo,
            List<String> restatedWaves,
            Optional<Double> csatFrom,
            Optional<Double> intentionFrom,
            List<SatisfactionTarget> targets,
            ResponseRules quality,
            Optional<Weighting> weighting,
            Decimals decimals) {
        public Satisfaction {
            restatedWaves = List.copyOf(restatedWaves);
            targets = List.copyOf(targets);
        }

        /** The revision in which a wave is to be published; 0 for its first release. */
        public int revision(String wave) {
            return Collections.frequency(restatedWaves, wave);
        }

        /** The same figures from weights raked so, or not at all. */
        public Satisfaction raked(Optional<Weighting> margins) {
            return new Satisfaction(
                    questionnaire,
                    minimumRespondents,
                    minimumAnsweredWeight,
                    verySatisfiedFrom,
                    satisfiedFrom,
                    promotersFrom,
                    detractorsTo,
                    restatedWaves,
                    csatFrom,
                    intentionFrom,
                    targets,
                    quality,
                    margins,
                    decimals);
        }
    }

    /** Cohorts of the first {@code leftTruncationMonths} months of data are marked: their customers are partly old. */
    public record Cohorts(int leftTruncationMonths) {}

    /**
     * How customers are sorted by what they do.
     *
     * @param periodMonths how many months a period has; the last one holds as_of
     * @param activeGapDays a customer is active while the last purchase lies at most so many days back
     * @param lostGapDays and lost beyond so many; who buys after a longer gap is won back
     * @param heavy what makes a heavy user
     * @param medium what makes a medium user; whoever else bought is a light one
     * @param valueTiers least money in the period of each value tier but the last, the best first; empty for no tiers
     * @param accountClasses the same for account classes
     * @param rfm the cuts of the scores; empty for quintiles
     * @param targets which share of a tier shall move where
     * @param salesForce what winning a customer costs by the rule of visits, where it is configured
     */
    public record Loyalty(
            int periodMonths,
            int activeGapDays,
            int lostGapDays,
            Usage heavy,
            Usage medium,
            List<MoneyTier> valueTiers,
            List<MoneyTier> accountClasses,
            Optional<RfmCuts> rfm,
            List<TierTarget> targets,
            Optional<SalesForce> salesForce) {
        public Loyalty {
            valueTiers = List.copyOf(valueTiers);
            accountClasses = List.copyOf(accountClasses);
            targets = List.copyOf(targets);
        }

        /** The least purchase days and, where given, the least net money in the period. */
        public record Usage(int purchaseDays, Optional<BigDecimal> money) {}

        /** A tier and the least net money in the period that it takes. */
        public record MoneyTier(String name, BigDecimal money) {}

        /**
         * Four ascending cuts per measure: the longest recency, in days, of the scores 5 to 2, and the least purchase days
         * and money of the scores 2 to 5.
         */
        public record RfmCuts(List<BigDecimal> recencyDays, List<BigDecimal> purchaseDays, List<BigDecimal> money) {
            public RfmCuts {
                recencyDays = List.copyOf(recencyDays);
                purchaseDays = List.copyOf(purchaseDays);
                money = List.copyOf(money);
            }
        }

        /**
         * A customer is won by visits: yearly cost of a sales person / visits a year × visits per won customer.
         *
         * @param yearlyCost of one sales person, units of the reporting currency
         * @param visits that one makes a year
         * @param visitsPerCustomer how many it takes to win a customer
         */
        public record SalesForce(BigDecimal yearlyCost, BigDecimal visits, BigDecimal visitsPerCustomer) {}

        /** The least share of the customers of one tier that shall be in another a period later. */
        public record TierTarget(TierKind kind, String from, String to, BigDecimal share) {}
    }

    /**
     * What is kept beside the current run.
     *
     * @param runs the last runs
     * @param monthEnds the last runs whose as_of is the last day of a month, one for each month
     * @param rejectedRowDays days for which rejected rows stay in state
     */
    public record Retention(int runs, int monthEnds, int rejectedRowDays) {}

    /**
     * Where the secret of {@code customer_key} comes from: the environment ({@code MANYI_CUSTOMER_KEY}), a file, or the
     * fixed one of the demonstration.
     */
    public record CustomerKey(boolean isDemo, Optional<String> file) {}

    public Job {
        sources = List.copyOf(sources);
        segments = List.copyOf(segments);
    }

    /** The same job under another digest. */
    Job withDigest(String newDigest) {
        return new Job(
                name,
                file,
                warehouse,
                timeZone,
                currency,
                asOf,
                sources,
                segments,
                satisfaction,
                lifetimeValue,
                cohorts,
                loyalty,
                retention,
                customerKey,
                newDigest);
    }

    /** The attributes that the sources of a kind map, in alphabetical order. */
    public List<String> attributes(SourceKind kind) {
        Set<String> mapped = new HashSet<>();
        sources(kind).forEach(source -> mapped.addAll(source.columns().keySet()));
        return List.copyOf(kind.attributesAmong(mapped, satisfaction.map(Satisfaction::questionnaire)));
    }

    /** The sources of one kind. */
    public List<Source> sources(SourceKind kind) {
        return sources.stream().filter(source -> source.kind().equals(kind)).toList();
    }
}

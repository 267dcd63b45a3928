package manyi.config;

import java.math.BigDecimal;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * How lifetime values are forecast.
 *
 * @param model the model of purchases; none where the validation window chooses
 * @param horizonWeeks the lifetime value is that of so many weeks after as_of; what comes later is the residual
 * @param yearlyDiscount D, by which money a year away is worth 1 / (1 + D) today
 * @param margin share of revenue that is margin; without it values are revenue
 * @param proofWeeks the holdout window: the last weeks before as_of, kept out of fit and choice and compared with the
 *     forecast; as many weeks before them are the validation window, on which models are chosen
 * @param segment the dimension whose values have models of their own, drawn towards the pooled one
 * @param activeFrom customers at least so likely alive are active
 * @param lostBelow customers less likely alive are lost; those between are at risk
 * @param yearsOfLoyalty for the simple lifetime revenue: yearly revenue × these years × margin
 */
public record LifetimeValue(
        Optional<Model> model,
        int horizonWeeks,
        double yearlyDiscount,
        Optional<Double> margin,
        int proofWeeks,
        Optional<Dimension> segment,
        double activeFrom,
        double lostBelow,
        Optional<Double> yearsOfLoyalty) {

    private static final String CHOOSE = "choose";

    /** Models of purchases without a contract. */
    public enum Model {
        BG_NBD,
        MBG_NBD,
        PARETO_NBD,
        NBD;

        /** The model of that name. */
        public static Model of(String key) {
            return valueOf(key.toUpperCase(Locale.ROOT));
        }

        /** The name in documents and tables. */
        public String key() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /** δ per week: ln(1 + D) / (365.25 / 7). */
    public double weeklyDiscount() {
        return StrictMath.log1p(yearlyDiscount) / (365.25 / 7);
    }

    /** What the key {@code model} may say. */
    static List<String> models() {
        return Stream.concat(Stream.of(CHOOSE), Stream.of(Model.values()).map(Model::key))
                .toList();
    }

    /** Reads the section; faults are told to it. */
    static LifetimeValue of(Section section, List<Dimension> dimensions) {
        Optional<Model> model =
                section.word("model").filter(word -> !word.equals(CHOOSE)).map(Model::of);
        int horizon = section.whole("horizon_weeks");
        double discount = section.number("yearly_discount");
        Optional<Double> margin = section.decimal("margin").map(BigDecimal::doubleValue);
        int proof = section.whole("proof_weeks");
        Optional<Dimension> segment = segment(section, dimensions);
        double active = section.number("active_from");
        double lost = section.number("lost_below");
        if (lost > active) {
            section.fault("lost_below", Section.plain(lost) + " is above active_from " + Section.plain(active));
        }
        Optional<Double> years = section.decimal("years_of_loyalty").map(BigDecimal::doubleValue);
        section.end();
        return new LifetimeValue(model, horizon, discount, margin, proof, segment, active, lost, years);
    }

    private static Optional<Dimension> segment(Section section, List<Dimension> dimensions) {
        var names = section.texts("segment");
        if (names.isEmpty()) {
            return Optional.empty();
        }
        Dimension wanted = new Dimension(names.stream().map(Section.Value::text).toList());
        if (!dimensions.contains(wanted)) {
            section.fault(
                    "segment",
                    "'" + wanted.name() + "' is not one of the job's segments ("
                            + dimensions.stream().map(Dimension::name).collect(Collectors.joining(", ")) + ")");
        }
        return Optional.of(wanted);
    }
}

package manyi.math.survey;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.MathContext;
import java.math.RoundingMode;

/**
 * What a mean would have changed by, had the mix of its parts stayed as it was: Σ over the parts of the mean of both
 * shares × the change of the part's own mean. What is left of the change comes from the mix.
 *
 * @see "Kitagawa (1955), Components of a Difference Between Two Rates, JASA 50(272)"
 */
public final class MixAdjustment {

    /** The digits behind the point that each part is rounded to, once; sums of parts are exact. */
    public static final int DIGITS = 18;

    private static final BigDecimal TWO = BigDecimal.valueOf(2);

    private MixAdjustment() {}

    /**
     * A part at one time.
     *
     * @param total Σw·y of the part, in units of 10⁻¹⁸
     * @param weight Σw of the part, in units of 10⁻⁹
     * @param whole Σw of all parts, in units of 10⁻⁹
     */
    public record Component(BigInteger total, BigInteger weight, BigInteger whole) {
        public Component {
            if (weight.signum() <= 0 || whole.compareTo(weight) < 0) {
                throw new IllegalArgumentException("a part of weight " + weight + " of " + whole);
            }
        }

        private BigDecimal share() {
            return new BigDecimal(weight).divide(new BigDecimal(whole), MathContext.DECIMAL128);
        }

        private BigDecimal mean() {
            return new BigDecimal(total, 18).divide(new BigDecimal(weight, 9), MathContext.DECIMAL128);
        }
    }

    /** What one part adds to the change, in the unit of y. */
    public static BigDecimal change(Component earlier, Component later) {
        BigDecimal share = earlier.share().add(later.share()).divide(TWO, MathContext.DECIMAL128);
        return share.multiply(later.mean().subtract(earlier.mean())).setScale(DIGITS, RoundingMode.HALF_EVEN);
    }
}

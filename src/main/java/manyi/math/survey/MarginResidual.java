package manyi.math.survey;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.RoundingMode;
import java.util.ArrayList;
import java.util.List;

/**
 * What is left of a figure's A or B of a sampling unit where the margins are held: A − t'β, β from the regression of the
 * base-weighted answers on the margins. Variations of such residuals follow from those of A, B and t.
 *
 * @param kind {@link LevelSums#A} or {@link LevelSums#B}
 * @param beta β by level, in billionths
 * @see "Deville, Särndal (1992), Calibration Estimators in Survey Sampling, JASA 87(418), eq. 3.4"
 */
record MarginResidual(int kind, List<BigInteger> beta) {

    private static final int NINE = 9;
    private static final int MOST = 4 * NINE;

    MarginResidual {
        beta = List.copyOf(beta);
    }

    /** Variation with a level of the other side's margins. */
    interface WithLevel {
        BigInteger at(int level);
    }

    /** Variation of two levels. */
    interface OfLevels {
        BigInteger at(int row, int level);
    }

    /** The residual of a figure; of a wave that is not raked all of it is left. */
    static MarginResidual of(LevelSums sums, int figure, int kind, MarginRegression regression) {
        double[] products = new double[sums.levels()];
        for (int level = 0; level < products.length; level++) {
            products[level] = new BigDecimal(sums.base(figure, kind, level), digits(kind)).doubleValue();
        }
        double[] coefficients = regression == null ? new double[products.length] : regression.coefficients(products);
        List<BigInteger> beta = new ArrayList<>();
        for (double coefficient : coefficients) {
            beta.add(BigDecimal.valueOf(coefficient)
                    .movePointRight(NINE)
                    .setScale(0, RoundingMode.HALF_UP)
                    .toBigInteger());
        }
        return new MarginResidual(kind, beta);
    }

    /**
     * The variation of this residual with another one, rounded once.
     *
     * @param plain that of the two figures themselves
     * @param levelsWithOther of this side's t with the other figure
     * @param thisWithLevels of this figure with the other side's t
     * @param levels of this side's t with the other side's
     */
    BigInteger variation(
            BigInteger plain,
            MarginResidual other,
            WithLevel levelsWithOther,
            WithLevel thisWithLevels,
            OfLevels levels) {
        int p = digits(kind);
        int q = digits(other.kind);
        BigInteger fitted = BigInteger.ZERO;
        BigInteger otherFitted = BigInteger.ZERO;
        BigInteger both = BigInteger.ZERO;
        for (int row = 0; row < beta.size(); row++) {
            fitted = fitted.add(beta.get(row).multiply(levelsWithOther.at(row)));
            otherFitted = otherFitted.add(other.beta.get(row).multiply(thisWithLevels.at(row)));
            for (int level = 0; level < beta.size(); level++) {
                both = both.add(beta.get(row).multiply(other.beta.get(level)).multiply(levels.at(row, level)));
            }
        }
        BigInteger sum = plain.multiply(BigInteger.TEN.pow(MOST - p - q))
                .subtract(fitted.multiply(BigInteger.TEN.pow(2 * NINE - q)))
                .subtract(otherFitted.multiply(BigInteger.TEN.pow(2 * NINE - p)))
                .add(both);
        return Exact.rounded(sum, BigInteger.TEN.pow(MOST - p - q));
    }

    /** A is in millionths, B in billionths. */
    private static int digits(int kind) {
        return kind == LevelSums.A ? 6 : NINE;
    }
}

package manyi.math.regression;

/**
 * How well an index measures what it stands for: an index that is partly noise shows too small an effect.
 *
 * @param value the share of the index's variance that is no noise, such as Cronbach's α or ρ_A; above 0, at most 1
 * @param standardError of it; 0 where it is known
 */
public record Reliability(double value, double standardError) {

    public Reliability {
        if (!(value > 0 && value <= 1 && standardError >= 0)) {
            throw new IllegalArgumentException("a reliability of " + value + ", error " + standardError);
        }
    }

    /** A slope without the attenuation, with its error by the delta method, slope and reliability independent. */
    public record Corrected(double slope, double standardError) {}

    /**
     * Corrects the slope of an index.
     *
     * @param rSquared of the index on the other covariates, which leaves less of it that is no noise: slope and effect
     *     shrink by (reliability − R²)/(1 − R²); 0 without other covariates
     * @throws RefusedRegression where the other covariates explain all that is no noise
     * @see "Fuller (1987), Measurement Error Models, 1.1; Carroll et al. (2006), Measurement Error in Nonlinear Models,
     *     3.3 and 4.4 (approximate in a logistic regression)"
     */
    public Corrected correct(double slope, double slopeError, double rSquared) {
        if (!(rSquared >= 0 && rSquared < 1)) {
            throw new IllegalArgumentException("an R² of " + rSquared);
        }
        double attenuation = (value - rSquared) / (1 - rSquared);
        if (!(attenuation > 0)) {
            throw new RefusedRegression("The index has a reliability of " + value + ", and other covariates explain "
                    + rSquared + " of it: nothing reliable is left to correct by.");
        }
        double corrected = slope / attenuation;
        double attenuationError = standardError / (1 - rSquared);
        return new Corrected(corrected, StrictMath.hypot(slopeError, corrected * attenuationError) / attenuation);
    }
}

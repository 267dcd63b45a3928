package manyi.mart.survey;

import manyi.math.survey.Stratum;

/** What the responses of one wave say of a stratum, or of all strata of a wave. */
final class StratumDesign {

    private long psus;
    private long least = Long.MAX_VALUE;
    private long greatest = Long.MIN_VALUE;
    private long strataWithTwoSizes;
    private long strataBelowSample;
    private long psusWithTwoSizes;
    private long psusBelowSample;
    private long sized;

    StratumDesign() {}

    StratumDesign(long[] data) {
        psus = data[0];
        least = data[1];
        greatest = data[2];
        strataWithTwoSizes = data[3];
        strataBelowSample = data[4];
        psusWithTwoSizes = data[5];
        psusBelowSample = data[6];
        sized = data[7];
    }

    long[] data() {
        return new long[] {
            psus, least, greatest, strataWithTwoSizes, strataBelowSample, psusWithTwoSizes, psusBelowSample, sized
        };
    }

    /** Adds what a response says of the stratum's size; 0 where it says nothing. */
    void addSize(long size) {
        least = Math.min(least, size);
        greatest = Math.max(greatest, size);
    }

    /**
     * Adds a sampling unit.
     *
     * @param sampled its customers
     * @param leastSize the least size that its responses give, 0 for none
     * @param greatestSize the greatest
     */
    void addUnit(long sampled, long leastSize, long greatestSize) {
        psus++;
        psusWithTwoSizes += leastSize == greatestSize ? 0 : 1;
        psusBelowSample += greatestSize > 0 && greatestSize < sampled ? 1 : 0;
    }

    /** Adds what other responses say of the stratum. */
    void add(StratumDesign other) {
        psus += other.psus;
        least = Math.min(least, other.least);
        greatest = Math.max(greatest, other.greatest);
        psusWithTwoSizes += other.psusWithTwoSizes;
        psusBelowSample += other.psusBelowSample;
    }

    /** Adds a stratum that is whole to the account of the wave. */
    void addStratum(StratumDesign stratum) {
        psus += stratum.psus;
        strataWithTwoSizes += stratum.least == stratum.greatest ? 0 : 1;
        strataBelowSample += stratum.greatest > 0 && stratum.greatest < stratum.psus ? 1 : 0;
        psusWithTwoSizes += stratum.psusWithTwoSizes;
        psusBelowSample += stratum.psusBelowSample;
        sized += stratum.greatest > 0 ? 1 : 0;
    }

    /** Adds the account of other strata. */
    void addAccount(StratumDesign other) {
        psus += other.psus;
        strataWithTwoSizes += other.strataWithTwoSizes;
        strataBelowSample += other.strataBelowSample;
        psusWithTwoSizes += other.psusWithTwoSizes;
        psusBelowSample += other.psusBelowSample;
        sized += other.sized;
    }

    /** The stratum; a size that cannot be is an audit's matter. */
    Stratum stratum() {
        return new Stratum(psus, Math.max(0, greatest));
    }

    long psus() {
        return psus;
    }

    long strataWithTwoSizes() {
        return strataWithTwoSizes;
    }

    long strataBelowSample() {
        return strataBelowSample;
    }

    long psusWithTwoSizes() {
        return psusWithTwoSizes;
    }

    long psusBelowSample() {
        return psusBelowSample;
    }

    /** Whether a stratum's size is given, so that the design has a finite correction. */
    boolean isFinite() {
        return sized > 0;
    }
}

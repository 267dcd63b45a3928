package manyi.math.survey;

import java.math.BigInteger;

/** The customers of one PSU in one domain. */
public final class SamplingUnit extends Answers {
    static final int QAA = 0;
    static final int QAB = 2;
    static final int QBB = 4;
    static final int SQUARES_WIDTH = 6;

    final long[] squares;
    /** Products of a customer's answers in the domain with those outside of it. */
    private long[] outside;
    /** Products of customers' answers with their weights in the levels of margins. */
    final LevelSums customers;

    /** A unit without a customer yet. */
    public SamplingUnit(int figures) {
        this(figures, 0);
    }

    /**
     * A unit without a customer yet.
     *
     * @param levels how many levels the margins have that weights are raked to
     */
    public SamplingUnit(int figures, int levels) {
        super(figures, levels);
        squares = new long[figures * SQUARES_WIDTH];
        customers = levels == 0 ? null : LevelSums.ofProducts(figures, levels);
    }

    /**
     * Adds a customer with all of their answers in the domain.
     *
     * @param isCounted whether the customer counts here; one with several PSUs is counted elsewhere
     */
    public void add(Answers customer, boolean isCounted) {
        addMember(customer, customer, isCounted);
    }

    private void addMember(Answers customer, Answers all, boolean isCounted) {
        addAnswers(customer);
        if (customers != null) {
            customers.add(customer, all, all);
        }
        for (int figure = 0; figure < a.length; figure++) {
            long y = customer.a[figure];
            long x = customer.b[figure];
            if (x > 0) {
                counts[figure * FigureCounts.COUNTS + FigureCounts.CUSTOMERS] += isCounted ? 1 : 0;
                int at = figure * SQUARES_WIDTH;
                Exact.addProduct(squares, at + QAA, y, y);
                Exact.addProduct(squares, at + QAB, y, x);
                Exact.addProduct(squares, at + QBB, x, x);
            }
        }
    }

    /**
     * Adds a customer who answered outside the domain too.
     *
     * @param whole all of the customer's answers
     */
    public void add(Answers customer, Answers whole, boolean isCounted) {
        addMember(customer, whole, isCounted);
        if (outside == null) {
            outside = new long[a.length * DomainSums.CROSS_WIDTH];
        }
        DomainSums.addOutside(outside, customer, whole);
    }

    /** Adds other customers of the unit. */
    public void add(SamplingUnit other) {
        addAnswers(other);
        if (customers != null) {
            customers.add(other.customers);
        }
        Exact.addAll(squares, other.squares);
        if (other.outside != null) {
            if (outside == null) {
                outside = new long[a.length * DomainSums.CROSS_WIDTH];
            }
            Exact.addAll(outside, other.outside);
        }
    }

    BigInteger product(int figure, int cross) {
        return outside == null ? BigInteger.ZERO : Exact.at(outside, figure * DomainSums.CROSS_WIDTH + cross);
    }
}

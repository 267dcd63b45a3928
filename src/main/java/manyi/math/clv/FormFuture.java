package manyi.math.clv;

/** A future under a model at an edge of its range: the model's own, with slopes by fewer parameters. */
record FormFuture(Future future, FormModel model) implements Future {

    @Override
    public double expectedPurchases(double t) {
        return future.expectedPurchases(t);
    }

    @Override
    public double factorialMoment(double t) {
        return future.factorialMoment(t);
    }

    @Override
    public double discountedPurchases(double delta, double from, double to) {
        return future.discountedPurchases(delta, from, to);
    }

    @Override
    public Prospect prospect(double horizon, double delta) {
        Prospect prospect = future.prospect(horizon, delta);
        return new Prospect(
                prospect.expected.by(model),
                prospect.factorial,
                prospect.discounted.by(model),
                prospect.residual.by(model));
    }
}

package manyi.math.clv;

import java.util.Collection;
import java.util.List;

/** A model of purchases in one of its forms: all figures are those of the model, slopes are by the form's parameters. */
public final class FormModel implements PurchaseModel, Parametric<FormModel> {

    private final Form form;
    private final List<Double> parameters;
    private final PurchaseModel model;

    /**
     * A model of a form.
     *
     * @param parameters in the order of the form's names
     */
    public FormModel(Form form, List<Double> parameters) {
        if (parameters.size() != form.names().size()) {
            throw new IllegalArgumentException(parameters.size() + " parameters for " + form.names());
        }
        this.form = form;
        this.parameters = List.copyOf(parameters);
        model = form.model(this.parameters);
    }

    public Form form() {
        return form;
    }

    @Override
    public double logLikelihood(long x, double tx, double T) {
        return model.logLikelihood(x, tx, T);
    }

    @Override
    public double logLikelihood(Collection<Cell> cells) {
        return model.logLikelihood(cells);
    }

    @Override
    public double[] logLikelihoodGradient(long x, double tx, double T) {
        return slopes(model.logLikelihoodGradient(x, tx, T));
    }

    @Override
    public double probabilityAlive(long x, double tx, double T) {
        return model.probabilityAlive(x, tx, T);
    }

    @Override
    public Alive alive(long x, double tx, double T) {
        return model.alive(x, tx, T).by(this);
    }

    @Override
    public Future future(long x, double T) {
        return mapped(model.future(x, T));
    }

    @Override
    public Futures futures() {
        Futures futures = model.futures();
        return (x, T) -> mapped(futures.of(x, T));
    }

    @Override
    public List<String> names() {
        return form.names();
    }

    @Override
    public List<Double> parameters() {
        return parameters;
    }

    /** A probability of leaving lies below 1. */
    @Override
    public boolean allows(List<Double> other) {
        int p = names().indexOf("p");
        return p < 0 || other.get(p) < 1;
    }

    @Override
    public FormModel with(List<Double> other) {
        return new FormModel(form, other);
    }

    /** Slopes by this form's parameters, from those by all of the model's. */
    double[] slopes(double[] full) {
        return form.slopes(full, parameters);
    }

    private Future mapped(Future future) {
        return form.isInner() ? future : new FormFuture(future, this);
    }

    @Override
    public String toString() {
        return form + " " + parameters;
    }
}

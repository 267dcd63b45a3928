package manyi.math.clv;

/** The data cannot identify the parameters of a model; the message is the reason, fit to be published. */
public final class RefusedFit extends RuntimeException {

    private static final long serialVersionUID = 1L;

    RefusedFit(String reason) {
        super(reason);
    }
}

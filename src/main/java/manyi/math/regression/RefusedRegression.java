package manyi.math.regression;

/** The data cannot give the figures asked for; the message is the reason, fit to be published. */
public final class RefusedRegression extends RuntimeException {

    private static final long serialVersionUID = 1L;

    RefusedRegression(String reason) {
        super(reason);
    }
}

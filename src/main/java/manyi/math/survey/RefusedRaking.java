package manyi.math.survey;

/** The weights cannot be fitted to the margins; the message is the reason, fit to be published. */
public final class RefusedRaking extends RuntimeException {

    private static final long serialVersionUID = 1L;

    RefusedRaking(String reason) {
        super(reason);
    }
}

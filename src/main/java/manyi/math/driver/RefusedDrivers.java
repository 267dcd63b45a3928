package manyi.math.driver;

/** The importance of drivers cannot be told; the message is the reason, fit to be published. */
public final class RefusedDrivers extends RuntimeException {

    private static final long serialVersionUID = 1L;

    RefusedDrivers(String reason) {
        super(reason);
    }
}

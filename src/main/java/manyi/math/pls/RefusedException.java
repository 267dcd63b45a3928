package manyi.math.pls;

import manyi.math.pls.Refusal.Reason;

/** Carries a refusal from the depth of an estimation to its border, where it becomes data. */
final class RefusedException extends Exception {

    private static final long serialVersionUID = 1L;

    private final Reason reason;

    RefusedException(Reason reason, String sentence) {
        super(sentence, null, false, false);
        this.reason = reason;
    }

    Refusal refusal() {
        return new Refusal(reason, getMessage());
    }
}

package manyi.config;

import java.util.Locale;

/** The kinds of input, by the key they have below {@code sources:}. */
public enum SourceKind {
    PURCHASES(true),
    SURVEY(true),
    CUSTOMERS(true),
    CONTRACTS(false),
    CASES(false),
    COSTS(true),
    MARGINS(true),
    RATES(false),
    SPENDING(true),
    REFERRALS(true),
    PROMISES(false),
    VISITS(false),
    ACTIONS(false);

    private final boolean isRead;

    SourceKind(boolean isRead) {
        this.isRead = isRead;
    }

    /** Whether this version reads the kind; the others are names that are kept for later. */
    public boolean isRead() {
        return isRead;
    }

    /** The key in the job document. */
    public String key() {
        return name().toLowerCase(Locale.ROOT);
    }
}

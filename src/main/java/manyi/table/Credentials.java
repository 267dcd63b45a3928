package manyi.table;

import java.util.regex.Pattern;

/**
 * Credentials written into an address: {@code scheme://user:password@host}, {@code ?token=...}, or whatever follows the
 * name of a {@code jdbc:} driver. No message may repeat them.
 */
public final class Credentials {

    /** Digits that end at a slash are a port. Lengths are bounded, so that no text takes long to search. */
    private static final Pattern USER_AND_PASSWORD =
            Pattern.compile("//[^/\\s:@]{0,255}:(?!\\d{1,5}(?:[/\\s]|$))\\S{0,1000}@");

    private static final Pattern PARAMETERS = Pattern.compile("(:/{1,3}[^\\s?']{0,1000})\\?[^\\s']{0,200}=[^\\s']*");
    private static final Pattern DRIVER = Pattern.compile("(?i)\\b(jdbc:[a-z0-9]{0,40}:)[^\\s']+");

    private Credentials() {}

    /** The text with {@code ***} in the place of credentials. */
    public static String hidden(String text) {
        String hidden = USER_AND_PASSWORD.matcher(text).replaceAll("//***@");
        hidden = PARAMETERS.matcher(hidden).replaceAll("$1?***");
        return DRIVER.matcher(hidden).replaceAll("$1***");
    }

    /** Whether an address holds credentials. */
    public static boolean isIn(String address) {
        return !hidden(address).equals(address);
    }
}

package manyi.config;

import java.util.Collection;
import java.util.Locale;
import java.util.Optional;

/** Finds the right word that a misspelt one was meant to be. */
final class Nearest {

    private Nearest() {}

    /**
     * The candidate with the fewest slips (a letter too many, too few, wrong, or two swapped) from the word, where these
     * are few enough for a slip of the pen; of equals the first. Upper and lower case count as equal.
     */
    static Optional<String> to(String word, Collection<String> candidates) {
        int allowed = word.length() < 3 ? 0 : word.length() < 5 ? 1 : word.length() < 9 ? 2 : 3;
        String best = null;
        int least = allowed + 1;
        for (String candidate : candidates) {
            int slips = slips(word.toLowerCase(Locale.ROOT), candidate.toLowerCase(Locale.ROOT));
            if (slips < least) {
                least = slips;
                best = candidate;
            }
        }
        return Optional.ofNullable(best);
    }

    /** The end of a message: the nearest candidate as a question, or nothing where none is near. */
    static String hint(String word, Collection<String> candidates) {
        return to(word, candidates)
                .map(nearest -> "; did you mean '" + nearest + "'?")
                .orElse("");
    }

    /** The end of a message: the nearest candidate as a question, or all of them where none is near. */
    static String hintOrAll(String word, Collection<String> candidates) {
        return to(word, candidates)
                .map(nearest -> "; did you mean '" + nearest + "'?")
                .orElseGet(() -> "; known here: " + String.join(", ", candidates));
    }

    /** Edit distance in which two swapped neighbours are one slip (optimal string alignment). */
    static int slips(String a, String b) {
        int[] before = new int[b.length() + 1];
        int[] last = new int[b.length() + 1];
        for (int j = 0; j <= b.length(); j++) {
            last[j] = j;
        }
        for (int i = 1; i <= a.length(); i++) {
            int[] row = new int[b.length() + 1];
            row[0] = i;
            for (int j = 1; j <= b.length(); j++) {
                int change = a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1;
                row[j] = Math.min(Math.min(row[j - 1], last[j]) + 1, last[j - 1] + change);
                if (i > 1 && j > 1 && a.charAt(i - 1) == b.charAt(j - 2) && a.charAt(i - 2) == b.charAt(j - 1)) {
                    row[j] = Math.min(row[j], before[j - 2] + 1);
                }
            }
            before = last;
            last = row;
        }
        return last[b.length()];
    }
}

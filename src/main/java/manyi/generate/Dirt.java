package manyi.generate;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;

/**
 * Rows that are broken on purpose, as files from real systems have them. Each is a copy of a clean line with one fault;
 * the clean line stays, so the clean rows remain those that the truth counts.
 *
 * @param fault what is wrong, in words
 * @param rows how many such lines a table gets
 * @param outcome what a reader should make of them: rejected, or a duplicate of its key
 */
record Dirt(String fault, int rows, Outcome outcome, UnaryOperator<String[]> breaks) {

    /** What becomes of a broken row. */
    enum Outcome {
        REJECTED,
        DUPLICATE
    }

    private static final int SCATTER = 7919;

    /** The faults of each table. */
    static final Map<String, List<Dirt>> OF = Map.of(
            "customers",
            List.of(
                    new Dirt("record cut off after three columns", 2, Outcome.REJECTED, line -> cut(line, 3)),
                    new Dirt("no customer_id", 2, Outcome.REJECTED, line -> with(line, 0, "")),
                    new Dirt("the same record again", 3, Outcome.DUPLICATE, line -> line)),
            "purchases",
            List.of(
                    new Dirt("record cut off after five columns", 12, Outcome.REJECTED, line -> cut(line, 5)),
                    new Dirt("record with two columns too many", 6, Outcome.REJECTED, Dirt::lengthened),
                    new Dirt(
                            "purchased_at is no date (month 13)",
                            12,
                            Outcome.REJECTED,
                            line -> with(line, 3, line[3].replaceFirst("-[0-9]{2}-", "-13-"))),
                    new Dirt("purchased_at is a word", 4, Outcome.REJECTED, line -> with(line, 3, "yesterday")),
                    new Dirt("amount missing", 12, Outcome.REJECTED, line -> with(line, 6, "")),
                    new Dirt("amount is not a number", 5, Outcome.REJECTED, line -> with(line, 6, "NaN")),
                    new Dirt("unknown currency ZZZ", 6, Outcome.REJECTED, line -> with(line, 12, "ZZZ")),
                    new Dirt("the same record again", 8, Outcome.DUPLICATE, line -> line),
                    new Dirt(
                            "the same order and line again from another branch; the later record counts",
                            4,
                            Outcome.DUPLICATE,
                            line -> with(line, 11, "Head office"))),
            "survey",
            List.of(
                    new Dirt("record cut off after nine columns", 4, Outcome.REJECTED, line -> cut(line, 9)),
                    new Dirt("overall is 9 on a scale from 1 to 7", 6, Outcome.REJECTED, line -> with(line, 16, "9")),
                    new Dirt("function is a word", 4, Outcome.REJECTED, line -> with(line, 5, "good")),
                    new Dirt("answered_at is no date", 4, Outcome.REJECTED, line -> with(line, 3, "32.01.2024")),
                    new Dirt("wave 1999Q9 is none", 3, Outcome.REJECTED, line -> with(line, 2, "1999Q9")),
                    new Dirt("the same response again", 4, Outcome.DUPLICATE, line -> line)));

    /** The lines of one of {@code files} files of a table with their share of the table's dirt strewn in. */
    static List<String> strewn(String table, List<String> clean, int file, int files) {
        List<String> lines = new ArrayList<>(clean);
        int serial = 0;
        for (Dirt dirt : OF.getOrDefault(table, List.of())) {
            for (int i = 0; i < dirt.rows(); i++, serial++) {
                if (serial % files == file) {
                    String victim = clean.get(serial * SCATTER % clean.size());
                    // behind the clean line, since of equal keys the later record counts
                    int behind = lines.lastIndexOf(victim) + 1;
                    lines.add(
                            behind,
                            String.join(
                                    ",",
                                    dirt.breaks().apply(victim.split(",", -1).clone())));
                }
            }
        }
        return lines;
    }

    private static String[] with(String[] line, int place, String value) {
        line[place] = value;
        return line;
    }

    private static String[] cut(String[] line, int columns) {
        return java.util.Arrays.copyOf(line, columns);
    }

    private static String[] lengthened(String[] line) {
        String[] longer = java.util.Arrays.copyOf(line, line.length + 2);
        longer[line.length] = "0";
        longer[line.length + 1] = "0";
        return longer;
    }
}

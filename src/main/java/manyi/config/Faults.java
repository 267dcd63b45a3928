package manyi.config;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Collectors;
import manyi.table.Failure;

/** What is wrong with a document, line by line; collected, so that all of it is reported at once. */
final class Faults {

    private record Fault(int line, String message) {}

    private static final int LONGEST = 2_000;
    private static final int TAIL = 500;
    /** More are counted, not listed. */
    private static final int MOST = 100;

    private final String file;
    private final List<Fault> faults = new ArrayList<>();

    Faults(String file) {
        this.file = file;
    }

    void add(int line, String message) {
        // a text of the document may be of any length
        faults.add(new Fault(
                line,
                message.length() <= LONGEST
                        ? message
                        : message.substring(0, LONGEST - TAIL) + " ... " + message.substring(message.length() - TAIL)));
    }

    int count() {
        return faults.size();
    }

    private String lines() {
        String listed = faults.stream()
                .sorted(Comparator.comparingInt(Fault::line))
                .limit(MOST)
                .map(fault -> "\n" + file + ":" + fault.line() + ": " + fault.message())
                .collect(Collectors.joining());
        return faults.size() <= MOST ? listed : listed + "\n" + file + ": ... and " + (faults.size() - MOST) + " more";
    }

    /** Ends with all faults of all documents, or does nothing where there are none. */
    static void end(String what, Faults... documents) {
        int count = 0;
        StringBuilder lines = new StringBuilder();
        for (Faults document : documents) {
            count += document.count();
            lines.append(document.lines());
        }
        if (count > 0) {
            throw new Failure(
                    Failure.Kind.USAGE,
                    what + " has " + (count == 1 ? "1 fault; fix it" : count + " faults; fix them") + " and try again:"
                            + lines);
        }
    }
}

package manyi.config;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Collectors;
import manyi.table.Failure;

/** What is wrong with a document, line by line; gathered, so that all of it is told at once. */
final class Faults {

    private record Fault(int line, String message) {}

    private final String file;
    private final List<Fault> faults = new ArrayList<>();

    Faults(String file) {
        this.file = file;
    }

    void add(int line, String message) {
        faults.add(new Fault(line, message));
    }

    int count() {
        return faults.size();
    }

    private String lines() {
        return faults.stream()
                .sorted(Comparator.comparingInt(Fault::line))
                .map(fault -> "\n" + file + ":" + fault.line() + ": " + fault.message())
                .collect(Collectors.joining());
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
                    what + " has " + (count == 1 ? "1 fault; mend it" : count + " faults; mend them")
                            + " and try again:" + lines);
        }
    }
}

package manyi.math.survey;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Schools of California in whole districts, drawn as clusters: apiclus1 of R's survey package, 183 of 15 districts. */
final class Schools {

    private Schools() {}

    record School(String type, String schoolWide, String district, double performance, double weight) {
        List<String> levels() {
            return List.of(type, schoolWide);
        }
    }

    static List<School> clusters() {
        Path reference = Path.of(System.getenv().getOrDefault("MANYI_REFERENCE", "../shared/reference"));
        assumeTrue(Files.isDirectory(reference), () -> "reference data is absent: " + reference);
        try {
            List<List<String>> rows = Files.readAllLines(reference.resolve("api/apiclus1.csv")).stream()
                    .map(Schools::cells)
                    .toList();
            List<String> header = rows.get(0);
            return rows.stream()
                    .skip(1)
                    .map(row -> new School(
                            row.get(header.indexOf("stype")),
                            row.get(header.indexOf("sch.wide")),
                            row.get(header.indexOf("dnum")),
                            Double.parseDouble(row.get(header.indexOf("api00"))),
                            Double.parseDouble(row.get(header.indexOf("pw")))))
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Commas inside quotes part no cells. */
    private static List<String> cells(String line) {
        List<String> cells = new ArrayList<>();
        for (String cell : Arrays.asList(line.split(",(?=(?:[^\"]*\"[^\"]*\")*[^\"]*$)", -1))) {
            cells.add(cell.replace("\"", ""));
        }
        return cells;
    }
}

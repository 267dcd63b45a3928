package manyi.math.survey;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import manyi.testing.ReferenceData;

/** Schools of California in whole districts, drawn as clusters: apiclus1 of R's survey package, 183 of 15 districts. */
final class Schools {

    private Schools() {}

    record School(String type, String schoolWide, String district, double performance, double weight) {
        List<String> levels() {
            return List.of(type, schoolWide);
        }
    }

    static List<School> clusters() {
        try {
            List<List<String>> rows = Files.readAllLines(ReferenceData.of("api/apiclus1.csv")).stream()
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

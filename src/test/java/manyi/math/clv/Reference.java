package manyi.math.clv;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.util.List;
import manyi.math.clv.BgBb.Occasions;
import manyi.math.clv.ShiftedBetaGeometric.Cohort;
import manyi.testing.ReferenceData;

/** Small published tables. */
final class Reference {

    private Reference() {}

    /** Fader, Hardie, Shang (2010): six yearly appeals of a public radio station. */
    static List<Occasions> donations() {
        return rows("cdnow/donations.csv").stream()
                .map(row -> new Occasions(
                        Integer.parseInt(row[0]),
                        Integer.parseInt(row[1]),
                        Integer.parseInt(row[2]),
                        Long.parseLong(row[3])))
                .toList();
    }

    /** Fader, Hardie (2007): of 1,000 subscribers those left after 0 to 7 renewals. */
    static Cohort subscribers(int column) {
        return new Cohort(rows("sbg-retention/retention.csv").stream()
                .map(row -> StrictMath.round(Double.parseDouble(row[column]) * 10))
                .toList());
    }

    private static List<String[]> rows(String file) {
        try (var lines = Files.lines(ReferenceData.of(file))) {
            return lines.skip(1).map(line -> line.split(",")).toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}

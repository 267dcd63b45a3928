package manyi.math.clv;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.time.LocalDate;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import manyi.testing.ReferenceData;

/**
 * Purchases at CDNOW (Fader, Hardie 2001): per customer and day the money spent, in cents, the several rows of a day
 * taken as one purchase.
 */
record Cdnow(Map<String, TreeMap<LocalDate, Long>> customers) {

    private static final LocalDate CUT = LocalDate.of(1997, 9, 30);

    /** One customer in ten: 2,357. */
    static Cdnow sample() {
        return read("CDNOW_sample.txt", 1, 2, 0);
    }

    /** All 23,570. */
    static Cdnow master() {
        return read("CDNOW_master.txt", 0, 1, 1);
    }

    private static Cdnow read(String file, int customer, int day, int headers) {
        Map<String, TreeMap<LocalDate, Long>> customers = new TreeMap<>();
        try (Stream<String> lines = Files.lines(ReferenceData.of("cdnow/" + file))) {
            lines.skip(headers)
                    .map(line -> line.trim().split("\\s+"))
                    .forEach(words -> customers
                            .computeIfAbsent(words[customer], any -> new TreeMap<>())
                            .merge(
                                    LocalDate.parse(words[day], DateTimeFormatter.BASIC_ISO_DATE),
                                    StrictMath.round(Double.parseDouble(words[words.length - 1]) * 100),
                                    Long::sum));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return new Cdnow(customers);
    }

    /** Histories up to 1997-09-30, in weeks of seven days. */
    List<Cell> cells() {
        Map<List<Double>, Long> counts = new TreeMap<>(Comparator.<List<Double>>comparingDouble(c -> c.get(0))
                .thenComparingDouble(c -> c.get(1))
                .thenComparingDouble(c -> c.get(2)));
        customers.values().forEach(days -> {
            LocalDate first = days.firstKey();
            LocalDate last = days.floorKey(CUT);
            double x = days.headMap(CUT, true).size() - 1;
            counts.merge(
                    List.of(x, ChronoUnit.DAYS.between(first, last) / 7.0, ChronoUnit.DAYS.between(first, CUT) / 7.0),
                    1L,
                    Long::sum);
        });
        List<Cell> cells = new ArrayList<>();
        counts.forEach((history, count) ->
                cells.add(new Cell(history.get(0).longValue(), history.get(1), history.get(2), count)));
        return cells;
    }

    /** Mean spend of the repeat days up to 1997-09-30, where positive. */
    List<SpendCell> spends() {
        List<SpendCell> cells = new ArrayList<>();
        customers.values().forEach(days -> {
            var repeats = days.subMap(days.firstKey(), false, CUT, true).values();
            double total = repeats.stream().mapToLong(Long::longValue).sum() / 100.0;
            if (total > 0) {
                cells.add(new SpendCell(repeats.size(), total / repeats.size(), 1));
            }
        });
        return cells;
    }
}

package manyi.math.regression;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.IntStream;
import manyi.testing.ReferenceData;

/** Rows to fit to: three hundred made by whole numbers alone, and data sets of the literature. */
final class Customers {

    static final List<String> NAMES = List.of("satisfaction", "channel");

    private Customers() {}

    /** A made row: satisfaction from 0 to 10, channel from 0 to 6, 90 customers in all. */
    record Customer(
            double satisfaction, double channel, long id, double weight, double offset, long spend, boolean stays) {

        static Customer of(int i) {
            int tenths = i * 37 % 101;
            boolean stays = (i * i * 7 + i * 31) % 100 < 20 + tenths * 6 / 10;
            long spend = stays ? (i * i * 13 + i * 7) % 50 * (1L + tenths / 20) : 0;
            return new Customer(
                    tenths / 10.0,
                    i * 53 % 7,
                    i * 29 % 90,
                    1 + i * 11 % 5 / 2.0,
                    StrictMath.log(1.0 + i % 4),
                    spend,
                    stays);
        }

        Cell stay(double... x) {
            return Cell.of(Sums.binary(stays ? 1 : 0, stays ? 0 : 1), x);
        }

        Cell stay() {
            return stay(satisfaction, channel);
        }

        Cell weighted() {
            double w = weight;
            double yes = stays ? 1 : 0;
            return Cell.of(
                    new Sums(1, stays ? 1 : 0, w, w * yes, w * w, w * w * yes, w * w * yes), satisfaction, channel);
        }

        Cell ofSpend() {
            return Cell.of(
                    Sums.amount(1, spend > 0 ? 1 : 0, (double) spend, (double) spend * spend), satisfaction, channel);
        }
    }

    static List<Customer> all() {
        return IntStream.range(0, 300).mapToObj(Customer::of).toList();
    }

    static List<Cell> cells(Function<Customer, Cell> cell) {
        return all().stream().map(cell).toList();
    }

    static Design design(Function<Customer, Cell> cell) {
        return Design.of(NAMES, cells(cell));
    }

    /** The rows of a data set of the literature, by column. */
    static List<Map<String, String>> rows(String file) {
        try (var lines = Files.lines(ReferenceData.of(file))) {
            List<String[]> rows = lines.map(line -> line.split(",")).toList();
            List<Map<String, String>> named = new ArrayList<>();
            for (String[] row : rows.subList(1, rows.size())) {
                Map<String, String> cells = new LinkedHashMap<>();
                for (int i = 0; i < row.length; i++) {
                    cells.put(rows.get(0)[i], row[i]);
                }
                named.add(cells);
            }
            return named;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static double[] numbers(Map<String, String> row, List<String> columns) {
        return columns.stream()
                .mapToDouble(column -> Double.parseDouble(row.get(column)))
                .toArray();
    }

    static double[] array(List<Double> values) {
        return values.stream().mapToDouble(Double::doubleValue).toArray();
    }

    static double[] errors(Regression fit, Errors errors) {
        double[] all = new double[fit.coefficients().size()];
        Arrays.setAll(all, j -> fit.standardError(j, errors));
        return all;
    }
}

package manyi.mart.survey;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.IntStream;

/**
 * What is hidden of the figures of one population and wave.
 *
 * <p>A cell is hidden whole where one of its segment's figures rests on too few. An item is hidden where its own answers
 * are too few, and an indicator then with a second one, since the contributions add up to the index. What rests on a
 * hidden item is hidden with it.
 *
 * <p>Who leaves an item out must not be told by two figures that differ by them alone. An index, a group or a total of
 * respondents who answered all of its items follows from the items' means; of the others it does not, and the difference
 * tells of them. So where they are few, a group or total is hidden; and since the index is not, one of its indicators is,
 * the same in all such cells of the wave: the one that was left out most. A contribution less the item's mean tells of
 * those who answered the item and left out another, so it is hidden where these are few. And where few respondents of a
 * cell lack a figure, the number who have it is hidden. Each of these counts is a base like any other: what one published
 * cell less another tells is hidden, too.
 */
final class FigureMasks {

    /** The figures that hide a cell whole; the first one orders cells by size. */
    private static final List<String> OF_THE_CELL = List.of(Figure.RESPONDENT, Figure.CSI, Figure.CSM, Figure.NPS);

    private final List<Figure> figures;
    private final Suppression suppression;
    private final List<Suppression.Cell> cells;
    private final Suppression.Constraints constraints;
    private final long[][] customers;
    private final BitSet whole;
    /** The places of scores by their items, and those among them of indicators. */
    private final Map<String, Integer> scores = new TreeMap<>();

    private final Map<String, Integer> indicators = new TreeMap<>();
    private final Map<String, BitSet> items = new TreeMap<>();
    private final Map<String, BitSet> contributions = new TreeMap<>();
    private final List<BitSet> hidden = new ArrayList<>();
    private final List<BitSet> bases = new ArrayList<>();

    /** What is hidden of a figure in a cell. */
    record Mask(boolean isHidden, boolean isContributionHidden, boolean isBaseHidden) {}

    /**
     * @param cells their names; their bases are not looked at
     * @param customers distinct customers with an answer, by figure, then by cell
     */
    FigureMasks(List<Figure> figures, Suppression suppression, List<Suppression.Cell> cells, long[][] customers) {
        this.figures = figures;
        this.suppression = suppression;
        this.cells = cells;
        this.constraints = new Suppression.Constraints(cells);
        this.customers = customers;
        for (int place = 0; place < figures.size(); place++) {
            Figure figure = figures.get(place);
            if (figure.name().equals(Figure.SCORE)) {
                scores.put(figure.item(), place);
                if (figure.isPartOfTheIndex()) {
                    indicators.put(figure.item(), place);
                }
            }
        }
        whole = closed(OF_THE_CELL.stream().map(name -> customers[place(name)]).toList(), new BitSet());
        scores.forEach((item, place) -> items.put(item, closed(List.of(customers[place]), whole)));
        hideIndicators();
        for (int place = 0; place < figures.size(); place++) {
            BitSet ofFigure = ofFigure(place);
            hidden.add(ofFigure);
            boolean isOfTheCell =
                    figures.get(place).isOfTheCell() || figures.get(place).isOfPairs();
            bases.add(isOfTheCell ? ofFigure : closed(List.of(lacking(place)), ofFigure));
        }
    }

    Mask of(int figure, int cell) {
        boolean isHidden = hidden.get(figure).get(cell);
        Figure one = figures.get(figure);
        boolean isContributionHidden = one.name().equals(Figure.SCORE)
                && one.isPartOfTheIndex()
                && contributions.get(one.item()).get(cell);
        return new Mask(
                isHidden,
                isHidden || isContributionHidden,
                isHidden || bases.get(figure).get(cell));
    }

    private BitSet ofFigure(int place) {
        Figure figure = figures.get(place);
        if (figure.isOfTheCell() || figure.isInPart()) {
            return whole;
        }
        if (figure.isOfTheItem()) {
            return items.get(figure.item());
        }
        BitSet already = (BitSet) whole.clone();
        figure.items().forEach(item -> already.or(items.get(item)));
        List<long[]> resting = new ArrayList<>(List.of(customers[place]));
        for (int other = 0; other < figures.size(); other++) {
            if (figure.isTotal() && other < place && figures.get(other).name().equals(figure.name())) {
                already.or(hidden.get(other));
            }
            if (figures.get(other).isInPartOf(figure)) {
                resting.add(customers[other]);
            }
        }
        return closed(resting, already);
    }

    /** Hides what index and contributions would tell of the few who left an indicator out, and of a hidden indicator. */
    private void hideIndicators() {
        if (indicators.isEmpty()) {
            return;
        }
        int index = place(Figure.CSI);
        long[] incomplete = IntStream.range(0, figures.size())
                .filter(place -> figures.get(place).isInPartOf(figures.get(index)))
                .mapToObj(place -> customers[place])
                .findFirst()
                .orElseThrow();
        BitSet telling = closed(List.of(incomplete), whole);
        if (!telling.equals(whole)) {
            String chosen = indicators.keySet().stream()
                    .min(Comparator.<String, Long>comparing(item -> sum(customers[indicators.get(item)]))
                            .thenComparing(item -> item))
                    .orElseThrow();
            items.get(chosen).or(telling);
        }
        Map<String, long[]> others = new TreeMap<>();
        indicators.forEach((item, place) -> others.put(
                item,
                IntStream.range(0, cells.size())
                        .mapToLong(cell ->
                                StrictMath.max(0, incomplete[cell] - (customers[index][cell] - customers[place][cell])))
                        .toArray()));
        boolean isChanged = true;
        while (isChanged) {
            isChanged = false;
            for (var one : indicators.entrySet()) {
                String item = one.getKey();
                items.put(item, closed(List.of(customers[one.getValue()]), items.get(item)));
                BitSet already = contributions.getOrDefault(item, new BitSet());
                already.or(items.get(item));
                contributions.put(item, closed(List.of(others.get(item)), already));
            }
            for (int cell = 0; cell < cells.size(); cell++) {
                isChanged |= !whole.get(cell) && hideAnother(cell, others);
            }
        }
    }

    /** The index less the published contributions is what the hidden ones add: it must rest on enough, and on two. */
    private boolean hideAnother(int cell, Map<String, long[]> others) {
        List<String> unknown = indicators.keySet().stream()
                .filter(item -> contributions.get(item).get(cell))
                .toList();
        long[] behind = unknown.stream()
                .mapToLong(item ->
                        items.get(item).get(cell) ? customers[indicators.get(item)][cell] : others.get(item)[cell])
                .filter(base -> base > 0)
                .sorted()
                .toArray();
        if (unknown.isEmpty() || (behind.length > 1 && behind[behind.length - 1] >= suppression.minimum())) {
            return false;
        }
        // beside a published mean a contribution is unknown by those who left another indicator out
        var blurred = indicators.keySet().stream()
                .filter(item -> others.get(item)[cell] >= suppression.minimum()
                        && !contributions.get(item).get(cell))
                .min(Comparator.<String, Long>comparing(item -> others.get(item)[cell])
                        .thenComparing(item -> item));
        if (blurred.isPresent()) {
            contributions.get(blurred.get()).set(cell);
            return true;
        }
        var smallest = indicators.keySet().stream()
                .filter(item -> customers[indicators.get(item)][cell] > 0
                        && !items.get(item).get(cell))
                .min(Comparator.<String, Long>comparing(item -> customers[indicators.get(item)][cell])
                        .thenComparing(item -> item));
        smallest.ifPresent(item -> items.get(item).set(cell));
        return smallest.isPresent();
    }

    /** Respondents of each cell who lack the figure. */
    private long[] lacking(int place) {
        long[] respondents = customers[place(Figure.RESPONDENT)];
        return IntStream.range(0, cells.size())
                .mapToLong(cell -> StrictMath.max(0, respondents[cell] - customers[place][cell]))
                .toArray();
    }

    private BitSet closed(List<long[]> resting, BitSet already) {
        List<Suppression.Cell> counted = IntStream.range(0, cells.size())
                .mapToObj(cell -> cells.get(cell)
                        .on(resting.stream().map(base -> base[cell]).toList()))
                .toList();
        return suppression.hidden(counted, already, constraints);
    }

    private int place(String name) {
        return IntStream.range(0, figures.size())
                .filter(place -> figures.get(place).name().equals(name))
                .findFirst()
                .orElseThrow();
    }

    private static long sum(long[] counts) {
        return IntStream.range(0, counts.length).mapToLong(i -> counts[i]).sum();
    }
}

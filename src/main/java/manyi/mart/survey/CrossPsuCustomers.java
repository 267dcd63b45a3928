package manyi.mart.survey;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.BiFunction;
import manyi.math.survey.DomainSums;
import manyi.math.survey.DomainSums.Answers;
import org.apache.spark.api.java.function.MapPartitionsFunction;
import org.apache.spark.sql.Row;

/**
 * Counts the customers who answer in several sampling units of a wave, each once in every cell: counted unit by unit they
 * would be several, and a cell of few could pass for one of many. A customer's responses of a wave lie side by side.
 */
record CrossPsuCustomers(Plan plan) implements MapPartitionsFunction<Row, Row> {
    private static final long serialVersionUID = 1L;

    private record Key(String population, String wave, StratumSums.Cell cell) {}

    @Override
    public Iterator<Row> call(Iterator<Row> responses) {
        int figures = plan.figures().size();
        ResponseView answered = new ResponseView(plan.index());
        Map<Key, DomainSums> counted = new HashMap<>();
        List<Row> given = new ArrayList<>();
        BiFunction<Integer, String, Answers> answers = (dimension, value) -> {
            Answers sums = new Answers(figures);
            for (Row response : given) {
                if (dimension == PartialAggregate.ALL
                        || plan.segments().of(response).get(dimension).equals(value)) {
                    answered.read(response);
                    plan.measure(answered, sums);
                }
            }
            return sums;
        };
        Row next = responses.hasNext() ? responses.next() : null;
        while (next != null) {
            given.clear();
            Row first = next;
            while (next != null && isOfTheSame(first, next)) {
                given.add(next);
                next = responses.hasNext() ? responses.next() : null;
            }
            Set<StratumSums.Cell> cells = new HashSet<>(Set.of(StratumSums.Cell.ALL));
            for (Row response : given) {
                List<String> values = plan.segments().of(response);
                for (int i = 0; i < values.size(); i++) {
                    cells.add(new StratumSums.Cell(i, values.get(i)));
                }
            }
            for (StratumSums.Cell cell : cells) {
                Key key = new Key(first.getString(ResponseView.POPULATION), first.getString(ResponseView.WAVE), cell);
                counted.computeIfAbsent(key, any -> new DomainSums(figures))
                        .add(answers.apply(cell.dimension(), cell.value()), true);
            }
        }
        return counted.entrySet().stream()
                .map(entry -> new PartialAggregate(
                                PartialAggregate.Kind.STRAYS,
                                entry.getKey().population(),
                                "",
                                entry.getKey().cell().dimension(),
                                entry.getKey().cell().value(),
                                entry.getKey().wave(),
                                "",
                                entry.getValue().data())
                        .row())
                .iterator();
    }

    private static boolean isOfTheSame(Row one, Row other) {
        return one.getString(ResponseView.CUSTOMER).equals(other.getString(ResponseView.CUSTOMER))
                && one.getString(ResponseView.WAVE).equals(other.getString(ResponseView.WAVE))
                && one.getString(ResponseView.POPULATION).equals(other.getString(ResponseView.POPULATION));
    }
}

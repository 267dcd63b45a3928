package manyi.mart.survey;

import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import manyi.math.survey.Answers;
import manyi.math.survey.DomainSums;
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
        return new Customers(responses);
    }

    private final class Customers extends GroupReader {
        private final int figures = plan.figures().size();
        private final ResponseView answered = new ResponseView(plan.index());
        private final Map<Key, DomainSums> counted = new HashMap<>();

        Customers(Iterator<Row> responses) {
            super(responses);
        }

        @Override
        protected void readGroup() {
            Row first = peek();
            Map<StratumSums.Cell, Answers> cells = new HashMap<>();
            for (Row response : takeWhile(row -> isOfTheSame(first, row))) {
                answered.read(response);
                List<String> values = plan.segments().of(response);
                add(cells, StratumSums.Cell.ALL);
                for (int i = 0; i < values.size(); i++) {
                    add(cells, new StratumSums.Cell(i, values.get(i)));
                }
            }
            cells.forEach((cell, answers) -> counted.computeIfAbsent(
                            new Key(first.getString(ResponseView.POPULATION), first.getString(ResponseView.WAVE), cell),
                            any -> new DomainSums(figures))
                    .add(answers, true));
        }

        private void add(Map<StratumSums.Cell, Answers> cells, StratumSums.Cell cell) {
            plan.measure(answered, cells.computeIfAbsent(cell, any -> new Answers(figures)));
        }

        @Override
        protected void finish() {
            counted.forEach((key, sums) -> give(new PartialAggregate(
                            PartialAggregate.Kind.STRAYS,
                            key.population(),
                            "",
                            key.cell().dimension(),
                            key.cell().value(),
                            key.wave(),
                            "",
                            sums.data())
                    .row()));
            counted.clear();
        }
    }

    private static boolean isOfTheSame(Row one, Row other) {
        return one.getString(ResponseView.CUSTOMER).equals(other.getString(ResponseView.CUSTOMER))
                && one.getString(ResponseView.WAVE).equals(other.getString(ResponseView.WAVE))
                && one.getString(ResponseView.POPULATION).equals(other.getString(ResponseView.POPULATION));
    }
}

package manyi.mart.survey;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Iterator;
import java.util.NoSuchElementException;
import org.apache.spark.api.java.function.MapPartitionsFunction;
import org.apache.spark.sql.Row;

/**
 * Puts strata that were shared out together again and folds them. The parts of a stratum lie side by side, what concerns
 * the stratum itself first, then everybody, then cell by cell; parts over all strata go through.
 */
record StratumFinalisation(Plan plan) implements MapPartitionsFunction<Row, Row> {
    private static final long serialVersionUID = 1L;

    @Override
    public Iterator<Row> call(Iterator<Row> rows) {
        return new Parts(rows);
    }

    private final class Parts implements Iterator<Row> {
        private final Iterator<Row> rows;
        private final Deque<Row> ready = new ArrayDeque<>();
        private final StratumSums.Folded folded = new StratumSums.Folded(plan);
        private StratumSums stratum;
        private PartialAggregate last;

        Parts(Iterator<Row> rows) {
            this.rows = rows;
        }

        @Override
        public boolean hasNext() {
            while (ready.isEmpty() && rows.hasNext()) {
                PartialAggregate part = PartialAggregate.of(rows.next());
                if (part.isOfAStratum()) {
                    add(part);
                } else {
                    ready.add(part.row());
                }
            }
            if (ready.isEmpty()) {
                leave();
                folded.drain(part -> ready.add(part.row()));
            }
            return !ready.isEmpty();
        }

        @Override
        public Row next() {
            if (!hasNext()) {
                throw new NoSuchElementException();
            }
            return ready.removeFirst();
        }

        private void add(PartialAggregate part) {
            boolean isSameStratum = last != null
                    && last.population().equals(part.population())
                    && last.stratum().equals(part.stratum());
            if (!isSameStratum) {
                leave();
                stratum = new StratumSums(plan);
            } else if (last.dimension() != part.dimension() || !last.value().equals(part.value())) {
                fold();
            }
            stratum.add(part);
            last = part;
        }

        private void fold() {
            stratum.fold(folded, last.population(), plan.pairs(last.population()));
            if (folded.size() > plan.mostSums()) {
                folded.drain(part -> ready.add(part.row()));
            }
        }

        private void leave() {
            if (last != null) {
                fold();
                stratum.foldDesigns(folded, last.population());
                last = null;
            }
        }
    }
}

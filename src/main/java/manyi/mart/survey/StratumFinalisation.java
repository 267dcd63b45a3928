package manyi.mart.survey;

import java.util.Iterator;
import org.apache.spark.api.java.function.MapPartitionsFunction;
import org.apache.spark.sql.Row;

/**
 * Adds up the partial aggregates of strata whose responses lay in several partitions. Those of a stratum lie side by side:
 * what concerns the stratum itself first, then its total, then cell by cell. Sums over all strata are passed on.
 */
record StratumFinalisation(Plan plan) implements MapPartitionsFunction<Row, Row> {
    private static final long serialVersionUID = 1L;

    @Override
    public Iterator<Row> call(Iterator<Row> rows) {
        return new Parts(rows);
    }

    private final class Parts extends GroupReader {
        private final StratumSums.OverStrata overStrata = new StratumSums.OverStrata(plan);
        private StratumSums stratum;
        private PartialAggregate last;

        Parts(Iterator<Row> rows) {
            super(rows);
        }

        @Override
        protected void readGroup() {
            PartialAggregate part = PartialAggregate.of(take());
            if (part.isOfAStratum()) {
                add(part);
            } else {
                give(part.row());
            }
        }

        @Override
        protected void finish() {
            finishStratum();
            overStrata.drain(part -> give(part.row()));
        }

        private void add(PartialAggregate part) {
            boolean isSameStratum = last != null
                    && last.population().equals(part.population())
                    && last.stratum().equals(part.stratum());
            if (!isSameStratum) {
                finishStratum();
                stratum = new StratumSums(plan);
            } else if (last.dimension() != part.dimension() || !last.value().equals(part.value())) {
                finalise();
            }
            stratum.add(part);
            last = part;
        }

        private void finalise() {
            stratum.finalise(overStrata, last.population(), plan.pairs(last.population()));
            if (overStrata.size() > plan.mostSums()) {
                overStrata.drain(part -> give(part.row()));
            }
        }

        private void finishStratum() {
            if (last != null) {
                finalise();
                stratum.finaliseDesigns(overStrata, last.population());
                last = null;
            }
        }
    }
}

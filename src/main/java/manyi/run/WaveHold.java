package manyi.run;

import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import manyi.config.Dimension;
import manyi.config.Questionnaire;
import manyi.conformed.SurveyResponse;
import manyi.mart.survey.PairedCell;
import manyi.source.Landing;
import manyi.table.Inputs;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.functions;

/**
 * Which published waves stay as they were: those in which, in a cell of figures or among the pairs of one, few respondents
 * have changed, so that two runs would tell them apart ({@link FewChanges}).
 */
final class WaveHold {

    private final Questionnaire questionnaire;
    private final List<Dimension> dimensions;
    private final FewChanges changes;
    private final Waves waves;
    /** As they are now, with {@link FewChanges#COUNTS}. */
    private final Dataset<Row> answers;
    /** As they were published, likewise, with the edition. */
    private final Dataset<Row> editions;
    /** What came in before the close, whether it counts or not. */
    private final Column isInTime;
    /** The same when the wave was published: by other rules, what is late now may have counted. */
    private final Column wasInTime;
    /** The last edition of each wave. */
    private final Dataset<Row> taken;

    /**
     * The waves that a decision is about.
     *
     * @param published those that were published and are closed
     * @param freed those that are published anew whatever has changed
     * @param lastEditions the editions that readers see
     */
    record Waves(Set<String> published, Set<String> freed, Set<String> lastEditions) {}

    /**
     * What has become other.
     *
     * @param few waves in which few have changed
     * @param changed all waves of which something is other
     * @param areFewPairs whether in pairs of those that are left few have changed
     */
    record Found(Set<String> few, Set<String> changed, boolean areFewPairs) {

        /** The waves that stay as they were published. */
        Set<String> held() {
            Set<String> held = new TreeSet<>(changed);
            if (!areFewPairs) {
                held.retainAll(few);
            }
            return held;
        }
    }

    WaveHold(
            Questionnaire questionnaire,
            List<Dimension> dimensions,
            int minimum,
            Waves waves,
            Dataset<Row> answers,
            Dataset<Row> editions,
            Column isInTime) {
        this.questionnaire = questionnaire;
        this.dimensions = dimensions;
        this.changes = new FewChanges(questionnaire, minimum);
        this.waves = waves;
        this.answers = answers;
        this.editions = editions;
        this.isInTime = isInTime;
        this.wasInTime = isInTime.or(functions.col(FewChanges.COUNTS));
        this.taken = editions.where(
                        PublishedWave.EDITION.col().isin(waves.lastEditions().toArray()))
                .drop(PublishedWave.EDITION.name());
    }

    /** The waves that would give few away if they were published as they are now, pairs aside. */
    Set<String> few(Collection<String> suspects) {
        FewChanges.Found last = ofLast(suspects);
        Set<String> few = new TreeSet<>(last.few());
        few.addAll(ofEarlier(last.changed()));
        return few;
    }

    /**
     * What waves would tell if they were published as they are now.
     *
     * @param kept waves that stay as they were in any case, where something in them has changed
     * @param unpaired rows of {@link manyi.mart.satisfaction.UnpairedWave}
     */
    Found found(Collection<String> suspects, Set<String> kept, Dataset<Row> unpaired) {
        FewChanges.Found last = ofLast(suspects);
        Set<String> few = new TreeSet<>(kept);
        few.retainAll(last.changed());
        few.addAll(last.few());
        few.addAll(ofEarlier(last.changed()));
        Set<String> others = new TreeSet<>(last.changed());
        others.removeAll(few);
        boolean areFewPairs = !others.isEmpty()
                && !fewPairs(taken(waves.published(), others), taken(waves.published(), Set.of()), unpaired)
                        .isEmpty();
        return new Found(few, last.changed(), areFewPairs);
    }

    private FewChanges.Found ofLast(Collection<String> suspects) {
        return changes.ofResponses(
                of(suspects, answers).where(isInTime), of(suspects, taken).where(wasInTime));
    }

    private Set<String> ofEarlier(Set<String> changed) {
        Set<String> few = new TreeSet<>();
        for (String edition : earlierEditions(changed)) {
            few.addAll(changes.ofResponses(
                            of(List.of(PublishedWave.waveOf(edition)), answers).where(isInTime),
                            editions.where(PublishedWave.EDITION.col().equalTo(edition))
                                    .where(wasInTime)
                                    .drop(PublishedWave.EDITION.name()))
                    .few());
        }
        return few;
    }

    /** The waves that would give few away if their published responses were counted by other rules. */
    Set<String> fewRecounted(Collection<String> suspects, Column counts, Dataset<Row> unpaired) {
        Dataset<Row> before = of(suspects, taken).where(wasInTime);
        Dataset<Row> anew = before.withColumn(FewChanges.COUNTS, counts);
        Set<String> few = new TreeSet<>(changes.ofResponses(anew, before).few());
        if (few.isEmpty()) {
            Dataset<Row> others = counted(taken).where(functions.not(isOf(suspects)));
            if (!fewPairs(counted(anew).unionByName(others), counted(before).unionByName(others), unpaired)
                    .isEmpty()) {
                few.addAll(suspects);
            }
        }
        return few;
    }

    /** Published waves to which waves that come late would add few pairs. */
    Set<String> withFewPairsOf(Set<String> late, Set<String> restated, Dataset<Row> unpaired) {
        Dataset<Row> settled = taken(waves.published(), restated);
        Set<String> few = fewPairs(settled.unionByName(counted(of(late, answers))), settled, unpaired);
        few.removeAll(late);
        few.removeAll(waves.freed());
        return few;
    }

    private List<String> earlierEditions(Set<String> changed) {
        return of(changed, editions).select(PublishedWave.EDITION.col()).distinct().collectAsList().stream()
                .map(row -> row.getString(0))
                .filter(edition -> !waves.lastEditions().contains(edition))
                .sorted()
                .toList();
    }

    /** What counts of waves: as it is now of those that are named or freed, else as it was published. */
    private Dataset<Row> taken(Set<String> of, Set<String> asTheyAre) {
        Set<String> anew = new TreeSet<>(asTheyAre);
        anew.addAll(waves.freed());
        anew.retainAll(of);
        Set<String> others = new TreeSet<>(of);
        others.removeAll(anew);
        return counted(of(anew, answers)).unionByName(counted(of(others, taken)));
    }

    private Set<String> fewPairs(Dataset<Row> now, Dataset<Row> before, Dataset<Row> unpaired) {
        Set<String> few = new TreeSet<>();
        if (questionnaire.gaps().isEmpty()) {
            return few;
        }
        Inputs inputs = table -> unpaired;
        List<Dataset<Row>> pairs = PairedCell.pairs(questionnaire, dimensions, now, inputs);
        List<Dataset<Row>> pairsBefore = PairedCell.pairs(questionnaire, dimensions, before, inputs);
        for (int gap = 0; gap < pairs.size(); gap++) {
            few.addAll(changes.ofPairs(pairs.get(gap), pairsBefore.get(gap), dimensions.size()));
        }
        return few;
    }

    private static Dataset<Row> counted(Dataset<Row> responses) {
        return SurveyResponse.TABLE.conform(responses.where(functions.col(FewChanges.COUNTS)));
    }

    static Column isOf(Collection<String> waves) {
        return Landing.WAVE.col().isin(waves.toArray());
    }

    static Dataset<Row> of(Collection<String> waves, Dataset<Row> responses) {
        return responses.where(isOf(waves));
    }
}

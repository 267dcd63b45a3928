package manyi.generate;

import static manyi.generate.Draw.Stream.ANSWER;
import static manyi.generate.Draw.Stream.RESPONSE;
import static org.apache.spark.sql.types.DataTypes.IntegerType;
import static org.apache.spark.sql.types.DataTypes.StringType;
import static org.apache.spark.sql.types.DataTypes.TimestampType;

import java.io.Serializable;
import java.time.Instant;
import java.time.LocalDate;
import java.util.Iterator;
import java.util.List;
import java.util.function.LongFunction;
import java.util.stream.LongStream;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.types.StructType;

/** Answers to the sample questionnaire, a wave at a time. Who is there is asked, loyal tiers answer more often. */
record Responses(Draw draw, Society society, LocalDate from, long responses) implements Serializable {

    /** Standard deviation of the noise in an answer, points of satisfaction. */
    static final double NOISE = 0.75;
    /** The answer that means "don't know". */
    static final int DONT_KNOW = 99;
    /** Share of answers that are "don't know". */
    static final double DONT_KNOW_SHARE = 0.02;
    /** Share of answers left blank. */
    static final double BLANK_SHARE = 0.01;
    /** Share of responses that arrive after the wave's grace of a fortnight. */
    static final double LATE_SHARE = 0.01;
    /** Probability of answering when asked, by tier. */
    static final List<Double> PROPENSITIES = List.of(0.35, 0.45, 0.60);

    static StructType schema() {
        StructType schema = new StructType()
                .add("response_id", StringType)
                .add("customer_id", StringType)
                .add("wave", StringType)
                .add("answered_at", TimestampType)
                .add("received_at", TimestampType);
        for (Question question : Question.ALL) {
            schema = schema.add(question.id(), IntegerType);
        }
        return schema;
    }

    /** How many answer in a wave; the waves add up. */
    long size(int wave) {
        int waves = society.waves().count();
        return responses / waves + (wave < responses % waves ? 1 : 0);
    }

    /** The answers of a wave. */
    Iterator<Row> rows(int wave) {
        return respondents(wave, respondent -> row(wave, respondent));
    }

    /** Somebody who answers: the number of the answer in its wave, the customer and the day. */
    record Respondent(long number, long customer, int day) {}

    /**
     * Those who answer in a wave. Nobody answers twice before all who can have answered once; where nobody can,
     * anybody does.
     */
    <T> Iterator<T> respondents(int wave, java.util.function.Function<Respondent, T> made) {
        LongFunction<T> next = new LongFunction<>() {
            private final int fieldStart = society.waves().fieldStart(wave);
            private final int fieldDays = society.waves().end(wave) - fieldStart;
            private long round = 0;
            private long step = 0;
            private long foundInRound = 0;
            private boolean isAnybodyAsked = false;
            private Society.Walk walk = walk();

            @Override
            public T apply(long number) {
                while (true) {
                    if (step == society.size()) {
                        isAnybodyAsked = foundInRound == 0;
                        foundInRound = 0;
                        step = 0;
                        round++;
                        walk = walk();
                    }
                    long customer = walk.at(step++);
                    long bits = draw.bits(
                            RESPONSE, customer, wave + round * society.waves().count());
                    int day = fieldStart + (int) (Draw.unit(bits) * fieldDays);
                    boolean answers = Draw.unit(Draw.next(bits)) < PROPENSITIES.get(society.tier(customer));
                    if (isAnybodyAsked || (answers && society.isThere(customer, day))) {
                        foundInRound++;
                        return made.apply(new Respondent(number, customer, day));
                    }
                }
            }

            private Society.Walk walk() {
                return society.walk(wave + round * society.waves().count());
            }
        };
        return LongStream.range(0, size(wave)).mapToObj(next).iterator();
    }

    private Row row(int wave, Respondent respondent) {
        String name = society.waves().name(wave);
        long customer = respondent.customer();
        long bits = draw.bits(ANSWER, respondent.number(), wave);
        long second = (from.toEpochDay() + respondent.day()) * 86_400 + 7 * 3600 + (int) (Draw.unit(bits) * 15 * 3600);
        bits = Draw.next(bits);
        boolean isLate = Draw.unit(bits) < LATE_SHARE;
        bits = Draw.next(bits);
        // whole days later, at the same time of day: no night hours, which a change to summer time may skip
        long arrivesAfter = ((long) (Draw.unit(bits) * 4) + (isLate ? 50 : 0)) * 86_400L + 600;
        Object[] values = new Object[5 + Question.ALL.size()];
        values[0] = name + "-" + Purchases.padded(respondent.number() + 1, 6);
        values[1] = Customers.id(customer);
        values[2] = name;
        values[3] = Instant.ofEpochSecond(second);
        values[4] = Instant.ofEpochSecond(second + arrivesAfter);
        double satisfaction = society.satisfaction(customer, wave);
        boolean isWest = society.region(customer) == Society.REGIONS.indexOf("West");
        for (int i = 0; i < Question.ALL.size(); i++) {
            double presence =
                    draw.uniform(ANSWER, respondent.number() * 32 + Question.answeredWith(i) + (1L << 40), wave);
            values[5 + i] = presence < BLANK_SHARE
                    ? null
                    : presence < BLANK_SHARE + DONT_KNOW_SHARE
                            ? Integer.valueOf(DONT_KNOW)
                            : answer(Question.ALL.get(i), satisfaction, isWest, respondent.number() * 32 + i, wave);
        }
        return RowFactory.create(values);
    }

    private Integer answer(Question question, double satisfaction, boolean isWest, long counter, int wave) {
        double noise = NOISE * draw.normal(ANSWER, counter + (1L << 41), wave);
        double shown = question.loading() * satisfaction + (isWest ? question.westShift() : 0) + noise;
        double answer = StrictMath.rint(question.centre() + question.spread() * shown);
        int cut = (int) Math.max(question.low(), Math.min(question.high(), answer));
        return question.isReversed() ? question.low() + question.high() - cut : cut;
    }
}

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

    /**
     * How satisfaction becomes an answer: centre + spread × (loading × satisfaction + noise), rounded and cut to the
     * scale, turned round where the question is.
     *
     * @param loading how much of satisfaction the answer shows
     * @param westShift points of satisfaction that the region West adds for this question alone
     */
    record Question(
            String id,
            int low,
            int high,
            boolean isReversed,
            double centre,
            double spread,
            double loading,
            double westShift)
            implements Serializable {}

    /** The questions in the order of the questionnaire. */
    static final List<Question> QUESTIONS = List.of(
            tenPoint("function", 7.2, 0.85, 0),
            tenPoint("durability", 6.9, 0.75, 0),
            tenPoint("look", 7.0, 0.55, 0),
            tenPoint("availability", 6.4, 0.50, 0),
            tenPoint("delivery", 6.6, 0.70, -0.6),
            new Question("waiting", 0, 10, true, 6.1, 1.9, 0.55, -0.4),
            sevenPoint("fair_price", 4.7, 0.60, 0),
            tenPoint("value", 6.7, 0.80, 0),
            tenPoint("staff", 7.3, 0.75, 0),
            tenPoint("reply", 6.5, 0.65, -0.3),
            tenPoint("brand", 6.8, 0.60, 0),
            sevenPoint("overall", 5.1, 0.95, 0),
            sevenPoint("expected", 4.9, 0.15, 0),
            new Question("recommend", 0, 10, false, 7.6, 1.9, 0.90, 0),
            sevenPoint("repurchase", 5.2, 0.85, 0));

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

    private static Question tenPoint(String id, double centre, double loading, double westShift) {
        return new Question(id, 0, 10, false, centre, 1.7, loading, westShift);
    }

    private static Question sevenPoint(String id, double centre, double loading, double westShift) {
        return new Question(id, 1, 7, false, centre, 1.05, loading, westShift);
    }

    static StructType schema() {
        StructType schema = new StructType()
                .add("response_id", StringType)
                .add("customer_id", StringType)
                .add("wave", StringType)
                .add("answered_at", TimestampType)
                .add("received_at", TimestampType);
        for (Question question : QUESTIONS) {
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
        long arrivesAfter = (long) (Draw.unit(bits) * 3 * 86_400) + (isLate ? 50L * 86_400 : 600);
        Object[] values = new Object[5 + QUESTIONS.size()];
        values[0] = name + "-" + Purchases.padded(respondent.number() + 1, 6);
        values[1] = Customers.id(customer);
        values[2] = name;
        values[3] = Instant.ofEpochSecond(second);
        values[4] = Instant.ofEpochSecond(second + arrivesAfter);
        double satisfaction = society.satisfaction(customer, wave);
        boolean isWest = society.region(customer) == Society.REGIONS.indexOf("West");
        for (int i = 0; i < QUESTIONS.size(); i++) {
            values[5 + i] = answer(QUESTIONS.get(i), satisfaction, isWest, respondent.number() * 32 + i, wave);
        }
        return RowFactory.create(values);
    }

    private Integer answer(Question question, double satisfaction, boolean isWest, long counter, int wave) {
        double uniform = draw.uniform(ANSWER, counter + (1L << 40), wave);
        if (uniform < BLANK_SHARE) {
            return null;
        }
        if (uniform < BLANK_SHARE + DONT_KNOW_SHARE) {
            return DONT_KNOW;
        }
        double noise = NOISE * draw.normal(ANSWER, counter + (1L << 41), wave);
        double shown = question.loading() * satisfaction + (isWest ? question.westShift() : 0) + noise;
        double answer = StrictMath.rint(question.centre() + question.spread() * shown);
        int cut = (int) Math.max(question.low(), Math.min(question.high(), answer));
        return question.isReversed() ? question.low() + question.high() - cut : cut;
    }
}

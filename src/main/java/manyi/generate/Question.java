package manyi.generate;

import java.io.Serializable;
import java.util.List;
import java.util.stream.IntStream;

/**
 * A question of the sample questionnaire, and how satisfaction becomes its answer: centre + spread × (loading ×
 * satisfaction + noise), rounded and cut to the scale, turned round where the question is.
 *
 * @param group the indicator group, blank where the question is no indicator
 * @param roles what the question is for, where it is no mere indicator
 * @param loading how much of satisfaction the answer shows
 * @param westShift points of satisfaction that the region West adds for this question alone
 */
record Question(
        String id,
        String text,
        String group,
        List<String> roles,
        int low,
        int high,
        boolean isReversed,
        double centre,
        double spread,
        double loading,
        double westShift)
        implements Serializable {

    /** The questions in the order of the questionnaire. */
    static final List<Question> ALL = List.of(
            tenPoint("function", "The goods do what they are for.", "quality", 7.2, 0.85, 0),
            tenPoint("durability", "The goods last.", "quality", 6.9, 0.75, 0),
            tenPoint("look", "I like how the goods look.", "design", 7.0, 0.55, 0),
            tenPoint("availability", "What I want is in stock, in the amount I want.", "quantity", 6.4, 0.50, 0),
            tenPoint("delivery", "I get the goods when I need them.", "time", 6.6, 0.70, -0.6),
            new Question(
                    "waiting", "I wait too long.", "time", List.of("indicator"), 0, 10, true, 6.1, 1.9, 0.55, -0.4),
            sevenPoint("fair_price", "The prices are fair.", "price", List.of("indicator"), 4.7, 0.60),
            tenPoint("value", "The goods are worth their price.", "price", 6.7, 0.80, 0),
            tenPoint("staff", "The staff is friendly and knows the goods.", "service", 7.3, 0.75, 0),
            tenPoint("reply", "When I ask or complain, I get an answer soon.", "service", 6.5, 0.65, -0.3),
            tenPoint("brand", "The brand suits me.", "taste", 6.8, 0.60, 0),
            sevenPoint(
                    "overall",
                    "All in all, how satisfied are you with us?",
                    "",
                    List.of("overall", "perceived"),
                    5.1,
                    0.95),
            sevenPoint("expected", "Before you bought, what did you expect of us?", "", List.of("expected"), 4.9, 0.15),
            new Question(
                    "recommend",
                    "How likely is it that you recommend us to a friend?",
                    "",
                    List.of("recommend"),
                    0,
                    10,
                    false,
                    7.6,
                    1.9,
                    0.90,
                    0),
            sevenPoint(
                    "repurchase",
                    "How likely is it that you buy from us again?",
                    "",
                    List.of("repurchase"),
                    5.2,
                    0.85));

    private static final int PERCEIVED = IntStream.range(0, ALL.size())
            .filter(place -> ALL.get(place).roles().contains("perceived"))
            .findFirst()
            .orElseThrow();

    /** The place of the question that this one is answered or left out with: what was expected goes with what was met. */
    static int answeredWith(int place) {
        return ALL.get(place).roles().contains("expected") ? PERCEIVED : place;
    }

    private static Question tenPoint(
            String id, String text, String group, double centre, double loading, double westShift) {
        return new Question(id, text, group, List.of("indicator"), 0, 10, false, centre, 1.7, loading, westShift);
    }

    private static Question sevenPoint(
            String id, String text, String group, List<String> roles, double centre, double loading) {
        return new Question(id, text, group, roles, 1, 7, false, centre, 1.05, loading, 0);
    }
}

package manyi.config;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import manyi.table.Digest;

/** What a document means, in one text: equal for equal meaning, however it is laid out and wherever files lie. */
final class Canonical {

    private static final ObjectMapper JSON = new ObjectMapper();

    private Canonical() {}

    static String digest(Object content) {
        try {
            return Digest.sha256(JSON.writeValueAsString(content));
        } catch (JsonProcessingException impossible) {
            throw new IllegalStateException("maps, lists and texts are always JSON", impossible);
        }
    }

    /** Items, groups and groupings. */
    static Object of(
            List<Questionnaire.Item> items,
            List<Questionnaire.Group> groups,
            Map<String, Map<String, List<String>>> groupings) {
        List<Object> itemList = new ArrayList<>();
        for (Questionnaire.Item item : items) {
            Map<String, Object> content = new LinkedHashMap<>();
            content.put("id", item.id());
            content.put("text", item.text());
            content.put("low", plain(item.low()));
            content.put("high", plain(item.high()));
            content.put("reversed", item.isReversed());
            content.put(
                    "missing",
                    item.missing().stream().map(Canonical::plain).sorted().toList());
            content.put("group", item.group().orElse(""));
            content.put("weight", plain(item.weight()));
            content.put(
                    "roles", item.roles().stream().map(Questionnaire.Role::key).toList());
            itemList.add(content);
        }
        Map<String, String> weights = new TreeMap<>();
        groups.forEach(group -> weights.put(group.name(), plain(group.weight())));
        Map<String, Object> sorted = new TreeMap<>();
        groupings.forEach((name, of) -> sorted.put(name, new TreeMap<>(of)));
        return List.of(itemList, weights, sorted);
    }

    /** The whole job but its digest, its file, the warehouse and the paths. */
    static Object of(Job job) {
        Map<String, Object> content = new LinkedHashMap<>();
        content.put("job", job.name());
        content.put("time_zone", job.timeZone().getId());
        content.put("currency", job.currency());
        content.put("as_of", job.asOf().map(String::valueOf).orElse(""));
        Map<String, Object> sources = new TreeMap<>();
        job.sources().forEach(source -> sources.put(source.name(), of(source)));
        content.put("sources", sources);
        content.put(
                "segments", job.segments().stream().map(Dimension::attributes).toList());
        content.put("satisfaction", job.satisfaction().map(Canonical::of).orElse(""));
        content.put(
                "lifetime_value",
                job.lifetimeValue().map(LifetimeValue::toString).orElse(""));
        content.put("cohorts", job.cohorts().leftTruncationMonths());
        job.loyalty().ifPresent(loyalty -> content.put("loyalty", String.valueOf(loyalty)));
        content.put(
                "retention",
                List.of(
                        job.retention().runs(),
                        job.retention().monthEnds(),
                        job.retention().rejectedRowDays()));
        content.put("demo_key", job.customerKey().isDemo());
        return content;
    }

    private static Object of(Source source) {
        Map<String, Object> content = new LinkedHashMap<>();
        content.put("kind", source.kind().key());
        content.put("format", source.format().name());
        content.put("types", new TreeMap<>(source.types()));
        content.put("columns", new TreeMap<>(source.columns()));
        content.put("key", source.key());
        Source.Options options = source.options();
        content.put("delimiter", String.valueOf(options.delimiter()));
        content.put("quote", String.valueOf(options.quote()));
        content.put("escape", String.valueOf(options.escape()));
        content.put("encoding", options.encoding());
        content.put("header", options.hasHeader());
        content.put("names", options.names());
        content.put("skip_after_header", options.skippedAfterHeader());
        content.put("decimal", String.valueOf(options.decimal()));
        content.put("multiline", options.isMultiline());
        content.put("nulls", options.nulls());
        content.put("layout", options.layout().name());
        content.put("timestamp_format", options.timestampFormat().orElse(""));
        content.put("maximum_rejected_share", source.maximumRejectedShare());
        return content;
    }

    private static Object of(Job.Satisfaction satisfaction) {
        Map<String, Object> content = new LinkedHashMap<>();
        Questionnaire questionnaire = satisfaction.questionnaire();
        content.put("questionnaire", questionnaire.name());
        content.put("digest", questionnaire.digest());
        questionnaire.model().ifPresent(model -> content.put("model", String.valueOf(model)));
        content.put("waves", questionnaire.waves().stream().map(String::valueOf).toList());
        questionnaire.deliveredValue().ifPresent(value -> content.put("delivered_value", String.valueOf(value)));
        if (!questionnaire.gaps().isEmpty()) {
            content.put("expectation", String.valueOf(questionnaire.gaps()));
        }
        if (!satisfaction.targets().isEmpty()) {
            content.put("targets", String.valueOf(satisfaction.targets()));
        }
        content.put("minimum_respondents", satisfaction.minimumRespondents());
        content.put("minimum_answered_weight", satisfaction.minimumAnsweredWeight());
        content.put("states", List.of(satisfaction.verySatisfiedFrom(), satisfaction.satisfiedFrom()));
        content.put("nps", List.of(satisfaction.promotersFrom(), satisfaction.detractorsTo()));
        content.put(
                "restate_waves", satisfaction.restatedWaves().stream().sorted().toList());
        content.put("decimals", satisfaction.decimals().key());
        if (!satisfaction.quality().equals(ResponseRules.STANDARD)) {
            content.put("quality", String.valueOf(satisfaction.quality()));
        }
        satisfaction.weighting().ifPresent(weighting -> content.put("weighting", String.valueOf(weighting)));
        return content;
    }

    private static String plain(BigDecimal number) {
        return number.signum() == 0 ? "0" : number.stripTrailingZeros().toPlainString();
    }
}

package manyi.mart.satisfaction;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import manyi.config.Dimension;
import org.apache.spark.sql.Row;

/**
 * The segment values of responses.
 *
 * @param names of the dimensions, in the order of the values
 * @param kept the most frequent values of the dimensions that have too many, by {@link #key}; others are gathered
 */
record Segments(List<String> names, Map<String, Set<String>> kept) implements Serializable {
    private static final long serialVersionUID = 1L;

    Segments {
        names = List.copyOf(names);
        kept = Map.copyOf(kept);
    }

    static String key(String population, String wave, int dimension) {
        return population + "\n" + wave + "\n" + dimension;
    }

    int count() {
        return names.size();
    }

    /** The name of the dimension at this place, {@link Part#ALL} for everybody. */
    String name(int dimension) {
        return dimension == Part.ALL ? Dimension.ALL : names.get(dimension);
    }

    List<String> of(Row response) {
        List<String> values = response.<String>getList(Answered.SEGMENTS).subList(0, names.size());
        if (kept.isEmpty()) {
            return List.copyOf(values);
        }
        List<String> folded = new ArrayList<>(values);
        for (int i = 0; i < names.size(); i++) {
            Set<String> named =
                    kept.get(key(response.getString(Answered.POPULATION), response.getString(Answered.WAVE), i));
            if (named != null && !named.contains(values.get(i))) {
                folded.set(i, Dimension.OTHER);
            }
        }
        return folded;
    }
}

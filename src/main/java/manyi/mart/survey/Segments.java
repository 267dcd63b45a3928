package manyi.mart.survey;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;
import manyi.config.Dimension;
import org.apache.spark.sql.Row;

/**
 * The segment values of responses.
 *
 * @param names of the dimensions, in the order of the values
 * @param frequent the values that keep their name; others are gathered
 */
record Segments(List<String> names, FrequentValues frequent) implements Serializable {
    private static final long serialVersionUID = 1L;

    Segments {
        names = List.copyOf(names);
    }

    int count() {
        return names.size();
    }

    /** The name of the dimension at this place, {@link PartialAggregate#ALL} for everybody. */
    String name(int dimension) {
        return dimension == PartialAggregate.ALL ? Dimension.ALL : names.get(dimension);
    }

    List<String> of(Row response) {
        List<String> values = response.<String>getList(ResponseView.SEGMENTS).subList(0, names.size());
        if (frequent.kept().isEmpty()) {
            return List.copyOf(values);
        }
        String population = response.getString(ResponseView.POPULATION);
        String wave = response.getString(ResponseView.WAVE);
        List<String> named = new ArrayList<>(names.size());
        for (int i = 0; i < names.size(); i++) {
            named.add(frequent.named(population, wave, i, values.get(i)));
        }
        return named;
    }
}

package manyi.conformed;

import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.replace;

import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import manyi.config.Dimension;
import manyi.config.Job;
import manyi.config.SourceKind;
import org.apache.spark.sql.Column;

/**
 * Where the attributes of customers come from: mapped in a customers source, in a survey source, or taken from the
 * latest purchase. The lists are alphabetical, and arrays of attribute values follow their order.
 *
 * @param fromCustomers attributes mapped by the customers sources
 * @param fromPurchases purchase columns that a dimension names and no customers source maps
 * @param fromSurvey attributes mapped by the survey sources; they hold for that answer alone
 */
public record Attributes(
        List<Dimension> dimensions, List<String> fromCustomers, List<String> fromPurchases, List<String> fromSurvey) {

    public Attributes {
        dimensions = List.copyOf(dimensions);
        fromCustomers = List.copyOf(fromCustomers);
        fromPurchases = List.copyOf(fromPurchases);
        fromSurvey = List.copyOf(fromSurvey);
    }

    /** Reads from the job which attribute comes from where. */
    public static Attributes of(Job job) {
        List<String> customers = job.attributes(SourceKind.CUSTOMERS);
        Set<String> purchases = new TreeSet<>();
        for (Dimension dimension : job.segments()) {
            purchases.addAll(dimension.attributes());
        }
        purchases.retainAll(SourceKind.PURCHASES.attributeFields());
        customers.forEach(purchases::remove);
        return new Attributes(job.segments(), customers, List.copyOf(purchases), job.attributes(SourceKind.SURVEY));
    }

    /** A value in which the sign that joins combined values does not stand. */
    static Column plain(Column value) {
        return replace(value, lit(Dimension.CROSS), lit(" x "));
    }
}

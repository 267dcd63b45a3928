package manyi.mart.loyalty;

import static manyi.mart.SegmentColumns.SEGMENT;
import static manyi.mart.SegmentColumns.SEGMENT_VALUE;
import static org.apache.spark.sql.functions.add_months;
import static org.apache.spark.sql.functions.coalesce;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.count;
import static org.apache.spark.sql.functions.count_if;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.not;
import static org.apache.spark.sql.functions.sum;
import static org.apache.spark.sql.functions.when;

import java.time.LocalDate;
import java.util.List;
import manyi.config.Dimension;
import manyi.conformed.CategorySpending;
import manyi.conformed.Customer;
import manyi.conformed.CustomerMonth;
import manyi.mart.SegmentColumns;
import manyi.mart.survey.SuppressedRows;
import manyi.table.Derivation;
import manyi.table.Field;
import manyi.table.Inputs;
import manyi.table.Lineage;
import manyi.table.Table;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/**
 * The company's share of what its customers spend in the whole category: a ratio of sums over the customers whose
 * category spending is known for the period. Segments are those of as_of; who is known by the spending source alone is
 * {@code unknown} in each. What a person says of its spending is an answer like those of a survey, so the figures of
 * cells with few customers are hidden, and as many more as keep totals from giving these away.
 *
 * @param minimumCustomers the least number of customers behind a published figure
 */
public record CustomerShare(LocalDate asOf, List<Dimension> dimensions, String currency, int minimumCustomers)
        implements Derivation {

    /** The least number of customers behind a figure where the job has no survey that says another. */
    public static final int MINIMUM_CUSTOMERS = 10;

    public static final Field PERIOD_UNIT =
            Field.text("period_unit", "What the spending source states: a month, or a calendar year.");
    public static final Field PERIOD_FROM = Field.day("period_from", "The first day of the period.");
    public static final Field SPENDING_SOURCE =
            Field.text("spending_source", "Where category spending comes from: spending, the source of that kind.");
    public static final Field CUSTOMERS = Field.optionalCountOf(
            "customers",
            "Customers whose category spending is known for the period; null, as all figures, where suppressed.");
    public static final Field OWN_SPENDING =
            CustomerMonth.optionalMoney("own_spending", "Their net purchases in the period.");
    public static final Field CATEGORY_SPENDING =
            CustomerMonth.optionalMoney("category_spending", "Their spending in the whole category, as stated.");
    public static final Field CUSTOMER_SHARE = Field.optionalNumber(
                    "customer_share",
                    "Own over category spending; null where the latter is 0. Above 1 where statements are too low.")
            .in("ratio");
    public static final Field CUSTOMERS_ABOVE = Field.optionalWhole(
                    "customers_above_category",
                    "Customers whose own spending is above what the source states for the category: one of the two is"
                            + " wrong.")
            .in("customers");
    public static final Field HAS_CUSTOMERS_ABOVE =
            Field.optionalFlag("has_customers_above_category", "Whether there are such customers.");
    public static final Field IS_SUPPRESSED = Field.flag(
            "is_suppressed",
            "Whether figures are suppressed since they rest on too few customers, or would identify some.");
    public static final Field IS_LEFT_TRUNCATED = Field.flag(
            "is_left_truncated",
            "Whether the period begins before the first month with purchases, so that own spending is incomplete.");
    public static final Field IS_UNFINISHED =
            Field.flag("is_unfinished", "Whether the period has not ended at as_of, so own spending may still grow.");

    public static final Table TABLE = Table.named(
                    "customer_share", "The company's share of its customers' spending in the category.")
            .oneRowPer(
                    "segment value and period", SegmentColumns.AS_OF, SEGMENT, SEGMENT_VALUE, PERIOD_UNIT, PERIOD_FROM)
            .with(SPENDING_SOURCE, CUSTOMERS, CohortRetention.CURRENCY, OWN_SPENDING, CATEGORY_SPENDING)
            .with(CUSTOMER_SHARE, CUSTOMERS_ABOVE, HAS_CUSTOMERS_ABOVE, IS_SUPPRESSED)
            .with(IS_UNFINISHED, IS_LEFT_TRUNCATED)
            .expect(
                    "customers > 0",
                    "customers_above_category between 0 and customers",
                    "has_customers_above_category = (customers_above_category > 0)",
                    "category_spending >= 0",
                    "is_suppressed or (customer_share is null) = (category_spending = 0)",
                    "is_suppressed or customers is not null");

    /** What rests on statements. */
    private static final List<Field> FIGURES =
            List.of(CUSTOMERS, OWN_SPENDING, CATEGORY_SPENDING, CUSTOMER_SHARE, CUSTOMERS_ABOVE, HAS_CUSTOMERS_ABOVE);

    public CustomerShare {
        dimensions = List.copyOf(dimensions);
    }

    @Override
    public Lineage lineage() {
        return TABLE.from(CategorySpending.TABLE, Customer.TABLE, CustomerCell.TABLE);
    }

    @Override
    public Dataset<Row> from(Inputs inputs) {
        Dataset<Row> segments =
                inputs.read(Customer.TABLE).select(CustomerMonth.CUSTOMER.col(), Customer.SEGMENTS.col());
        Column own = CategorySpending.OWN.col();
        Column category = CategorySpending.CATEGORY.col();
        Dataset<Row> cells = inputs.read(CategorySpending.TABLE)
                .join(segments, CustomerMonth.CUSTOMER.name(), "left_outer")
                .groupBy(
                        PERIOD_UNIT.col(),
                        PERIOD_FROM.col(),
                        coalesce(Customer.SEGMENTS.col(), SegmentNames.unknown(dimensions))
                                .as(Customer.SEGMENTS.name()))
                .agg(
                        count(lit(1)).as(CUSTOMERS.name()),
                        sum(own).as(OWN_SPENDING.name()),
                        sum(category).as(CATEGORY_SPENDING.name()),
                        count_if(own.gt(category)).as(CUSTOMERS_ABOVE.name()));
        Column end = when(PERIOD_UNIT.is("year"), add_months(PERIOD_FROM.col(), 12))
                .otherwise(add_months(PERIOD_FROM.col(), 1));
        Dataset<Row> members = SegmentNames.members(inputs, dimensions);
        Dataset<Row> counted = SegmentNames.namedOrUnknown(
                        SegmentColumns.inLongForm(cells, dimensions), members, dimensions)
                .groupBy(Field.columns(SEGMENT, SEGMENT_VALUE, PERIOD_UNIT, PERIOD_FROM))
                .agg(
                        CUSTOMERS.sum(),
                        sum(OWN_SPENDING.col()).as("own"),
                        sum(CATEGORY_SPENDING.col()).as("category"),
                        CUSTOMERS_ABOVE.sum());
        SuppressedRows suppressed = new SuppressedRows(
                minimumCustomers,
                List.of(new SuppressedRows.Mask(IS_SUPPRESSED.name(), List.of(CUSTOMERS.name()), "")));
        return suppressed
                .marked(counted, PERIOD_UNIT, PERIOD_FROM)
                .crossJoin(SegmentNames.firstMonth(members))
                .withColumn(SegmentColumns.AS_OF.name(), SegmentColumns.asOf(asOf))
                .withColumn(SPENDING_SOURCE.name(), lit("spending"))
                .withColumn(CohortRetention.CURRENCY.name(), lit(currency))
                .withColumn(OWN_SPENDING.name(), CustomerMonth.money(col("own")))
                .withColumn(CATEGORY_SPENDING.name(), CustomerMonth.money(col("category")))
                .withColumn(
                        CUSTOMER_SHARE.name(),
                        when(col("category").gt(0), col("own").cast("double").divide(col("category"))))
                .withColumn(HAS_CUSTOMERS_ABOVE.name(), CUSTOMERS_ABOVE.col().gt(0))
                .withColumn(IS_UNFINISHED.name(), end.gt(lit(asOf.plusDays(1))))
                .withColumn(IS_LEFT_TRUNCATED.name(), coalesce(PERIOD_FROM.col().lt(col("first_month")), lit(true)));
    }

    @Override
    public Dataset<Row> suppressed(Dataset<Row> audited) {
        return TABLE.conform(audited.select(TABLE.fields().stream()
                .map(field -> FIGURES.contains(field)
                        ? when(not(IS_SUPPRESSED.col()), field.col()).as(field.name())
                        : field.col())
                .toArray(Column[]::new)));
    }
}

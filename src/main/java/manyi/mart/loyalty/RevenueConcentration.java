package manyi.mart.loyalty;

import static manyi.mart.SegmentColumns.SEGMENT;
import static manyi.mart.SegmentColumns.SEGMENT_VALUE;
import static org.apache.spark.sql.functions.coalesce;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.count;
import static org.apache.spark.sql.functions.explode;
import static org.apache.spark.sql.functions.expr;
import static org.apache.spark.sql.functions.lag;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.sequence;
import static org.apache.spark.sql.functions.sum;
import static org.apache.spark.sql.functions.when;

import java.time.LocalDate;
import java.util.List;
import manyi.config.Dimension;
import manyi.conformed.Customer;
import manyi.conformed.CustomerMonth;
import manyi.mart.SegmentColumns;
import manyi.table.Derivation;
import manyi.table.Field;
import manyi.table.Inputs;
import manyi.table.Lineage;
import manyi.table.Table;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.expressions.Window;
import org.apache.spark.sql.types.DataTypes;

/**
 * How much of the net revenue the best customers bring: the concentration curve by percentile, and its Gini coefficient.
 * Customers whose returns exceed their purchases are part of it at their negative value: they come last, the curve rises
 * above 1 before them and Gini may exceed 1.
 *
 * <p>Customers are condensed to classes of money that agree in their leading 16 bits: below 6.5536 units of money each
 * amount is a class of its own, above a class is at most 0.003 % wide. Counts and sums of a class are exact; only who is
 * ahead of whom within a class is not asked. So the curve costs the same for a thousand customers and for a hundred
 * million.
 */
public record RevenueConcentration(LocalDate asOf, List<Dimension> dimensions, String currency) implements Derivation {

    private static final int BITS = 16;

    public static final Field PERIOD = Field.text(
            "period",
            "'all time' up to as_of for all customers, or 'period' for those who bought in the job's period.");
    public static final Field PERCENTILE = Field.required(
                    "percentile",
                    DataTypes.IntegerType,
                    "Percentile of the customers by net revenue, the best first: of n customers, percentile p ends with"
                            + " customer floor(n · p / 100).")
            .in("1 to 100");
    public static final Field CUSTOMERS = Field.countOf("customers", "Customers of the percentile.");
    public static final Field CUMULATIVE_CUSTOMERS = Field.whole(
                    "cumulative_customers", "Customers up to and including the percentile.")
            .in("customers");
    public static final Field REVENUE = CustomerMonth.money("revenue", "Net revenue of the percentile's customers.");
    public static final Field CUMULATIVE_REVENUE = CustomerMonth.money(
            "cumulative_revenue", "Net revenue of the customers up to and including the percentile.");
    public static final Field REVENUE_SHARE = Field.optionalNumber(
                    "revenue_share", "Revenue over that of all customers; null where the latter is not above 0.")
            .in("share");
    public static final Field CUMULATIVE_REVENUE_SHARE = Field.optionalNumber(
                    "cumulative_revenue_share", "Cumulative revenue likewise.")
            .in("share; above 1 before customers below 0");
    public static final Field MARGIN = CustomerMonth.optionalMoney(
            "margin",
            "Margin of the purchases of the percentile's customers, as far as known; null where no margin is known.");
    public static final Field CUMULATIVE_MARGIN = CustomerMonth.optionalMoney(
            "cumulative_margin", "The same of the customers up to and including the percentile.");
    public static final Field CUMULATIVE_MARGIN_SHARE = Field.optionalNumber(
                    "cumulative_margin_share",
                    "Cumulative margin over that of all customers: what share of the profit the best by revenue bring; null"
                            + " where the latter is not above 0.")
            .in("share");
    public static final Field GINI = Field.optionalNumber(
                    "gini",
                    "Gini coefficient of the segment value's revenue, the same in all percentiles; null likewise.")
            .in("0 for equal customers, towards 1; above it where many are below 0");

    public static final Table TABLE = Table.named(
                    "revenue_concentration", "How much of the net revenue the best customers bring, by percentile.")
            .oneRowPer(
                    "segment value, period and percentile",
                    SegmentColumns.AS_OF,
                    SEGMENT,
                    SEGMENT_VALUE,
                    PERIOD,
                    PERCENTILE)
            .with(CUSTOMERS, CUMULATIVE_CUSTOMERS, CohortRetention.CURRENCY, REVENUE, CUMULATIVE_REVENUE)
            .with(REVENUE_SHARE, CUMULATIVE_REVENUE_SHARE, GINI)
            .with(MARGIN, CUMULATIVE_MARGIN, CUMULATIVE_MARGIN_SHARE)
            .expect(
                    "percentile between 1 and 100",
                    "customers between 0 and cumulative_customers",
                    "customers > 0 or revenue = 0",
                    "percentile < 100 or cumulative_revenue_share is null or cumulative_revenue_share = 1",
                    "percentile < 100 or cumulative_margin_share is null or cumulative_margin_share = 1",
                    "(margin is null) = (cumulative_margin is null)",
                    "gini >= -1e-9",
                    "(gini is null) = (revenue_share is null)");

    public RevenueConcentration {
        dimensions = List.copyOf(dimensions);
    }

    @Override
    public Lineage lineage() {
        return TABLE.from(CustomerStatus.TABLE, CustomerCell.TABLE);
    }

    @Override
    public Dataset<Row> from(Inputs inputs) {
        Dataset<Row> members = SegmentNames.members(inputs, dimensions);
        Dataset<Row> customers = inputs.read(CustomerStatus.TABLE);
        Dataset<Row> cells = condensed(customers, CustomerStatus.NET, CustomerStatus.MARGIN, "all time")
                .unionByName(condensed(
                        customers.where(
                                CustomerStatus.PURCHASE_DAYS_IN_PERIOD.col().gt(0)),
                        CustomerStatus.NET_IN_PERIOD,
                        CustomerStatus.MARGIN_IN_PERIOD,
                        "period"));
        Dataset<Row> classes = SegmentNames.named(SegmentColumns.inLongForm(cells, dimensions), members)
                .groupBy(SEGMENT.col(), SEGMENT_VALUE.col(), PERIOD.col(), col("magnitude"))
                .agg(
                        sum(col("class_customers")).as("class_customers"),
                        sum(col("class_net")).as("class_net"),
                        sum(col("class_margin")).as("class_margin"));
        Column[] curve = Field.columns(SEGMENT, SEGMENT_VALUE, PERIOD);
        var whole = Window.partitionBy(curve);
        var ahead = whole.orderBy(col("magnitude").desc()).rowsBetween(Window.unboundedPreceding(), -1);
        // twice the area below the curve, in customers times money: exact in 38 digits
        Column area = expr("cast(class_customers as decimal(18, 0))"
                + " * (2 * cast(net_ahead as decimal(19, 0)) + cast(class_net as decimal(19, 0)))");
        // percentile p ends within the class where customers_ahead < floor(n · p / 100) <= customers_ahead + its own
        Column first =
                expr("if(customers_ahead = 0, 1, (100 * (customers_ahead + 1) + all_customers - 1) div all_customers)");
        Column last = expr("least(100, (100 * (customers_ahead + class_customers + 1) + all_customers - 1)"
                + " div all_customers - 1)");
        Dataset<Row> percentiles = classes.withColumn(
                        "customers_ahead", coalesce(sum(col("class_customers")).over(ahead), lit(0L)))
                .withColumn("net_ahead", coalesce(sum(col("class_net")).over(ahead), lit(0L)))
                .withColumn("margin_ahead", coalesce(sum(col("class_margin")).over(ahead), lit(0L)))
                .withColumn("all_margin", sum(col("class_margin")).over(whole))
                .withColumn("all_customers", sum(col("class_customers")).over(whole))
                .withColumn("all_net", sum(col("class_net")).over(whole))
                .withColumn("area", sum(area).over(whole))
                .withColumn("first_percentile", first.cast("int"))
                .withColumn("last_percentile", last.cast("int"))
                .where(col("first_percentile").leq(col("last_percentile")))
                .withColumn(PERCENTILE.name(), explode(sequence(col("first_percentile"), col("last_percentile"))))
                .withColumn(CUMULATIVE_CUSTOMERS.name(), expr("all_customers * percentile div 100"))
                .withColumn(
                        "cumulative_net",
                        expr(
                                "net_ahead + cast(class_net as decimal(19, 0))"
                                        + " * cast(cumulative_customers - customers_ahead as decimal(18, 0)) div class_customers"))
                .withColumn(
                        "cumulative_margin",
                        expr(
                                "if(all_margin is null, null, margin_ahead + cast(coalesce(class_margin, 0L) as decimal(19, 0))"
                                        + " * cast(cumulative_customers - customers_ahead as decimal(18, 0)) div class_customers)"));
        var byPercentile = whole.orderBy(PERCENTILE.col());
        Column total = when(col("all_net").gt(0), col("all_net").cast("double"));
        Column earned = when(col("all_margin").gt(0), col("all_margin").cast("double"));
        Column margin = col("cumulative_margin")
                .minus(lag(col("cumulative_margin"), 1, 0L).over(byPercentile));
        Column net =
                col("cumulative_net").minus(lag(col("cumulative_net"), 1, 0L).over(byPercentile));
        return percentiles
                .withColumn("net", net)
                .withColumn(SegmentColumns.AS_OF.name(), SegmentColumns.asOf(asOf))
                .withColumn(CohortRetention.CURRENCY.name(), lit(currency))
                .withColumn(
                        CUSTOMERS.name(),
                        CUMULATIVE_CUSTOMERS
                                .col()
                                .minus(lag(CUMULATIVE_CUSTOMERS.col(), 1, 0L).over(byPercentile)))
                .withColumn(REVENUE.name(), CustomerMonth.money(col("net")))
                .withColumn(CUMULATIVE_REVENUE.name(), CustomerMonth.money(col("cumulative_net")))
                .withColumn(REVENUE_SHARE.name(), col("net").cast("double").divide(total))
                .withColumn(
                        CUMULATIVE_REVENUE_SHARE.name(),
                        col("cumulative_net").cast("double").divide(total))
                .withColumn(MARGIN.name(), CustomerMonth.money(margin))
                .withColumn(
                        CUMULATIVE_MARGIN_SHARE.name(),
                        col("cumulative_margin").cast("double").divide(earned))
                .withColumn(CUMULATIVE_MARGIN.name(), CustomerMonth.money(col("cumulative_margin")))
                .withColumn(
                        GINI.name(),
                        col("area")
                                .cast("double")
                                .divide(col("all_customers").cast("double").multiply(total))
                                .minus(1));
    }

    private static Dataset<Row> condensed(Dataset<Row> customers, Field net, Field margin, String period) {
        return customers
                .groupBy(Ranks.magnitude(net.name(), BITS).as("magnitude"), Customer.SEGMENTS.col())
                .agg(
                        count(lit(1)).as("class_customers"),
                        sum(net.col()).as("class_net"),
                        sum(margin.col()).as("class_margin"))
                .withColumn(PERIOD.name(), lit(period));
    }
}

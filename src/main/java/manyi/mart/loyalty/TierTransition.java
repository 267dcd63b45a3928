package manyi.mart.loyalty;

import static manyi.mart.SegmentColumns.SEGMENT;
import static manyi.mart.SegmentColumns.SEGMENT_VALUE;
import static org.apache.spark.sql.functions.array;
import static org.apache.spark.sql.functions.coalesce;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.count;
import static org.apache.spark.sql.functions.explode;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.struct;
import static org.apache.spark.sql.functions.sum;
import static org.apache.spark.sql.functions.when;

import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import manyi.config.Dimension;
import manyi.config.Job;
import manyi.config.TierKind;
import manyi.conformed.Customer;
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
 * How many customers moved from which tier to which, from the period before to the one that ends at as_of, against the
 * job's targets. Thresholds are the same in both periods. Segments are those of as_of.
 */
public record TierTransition(LocalDate asOf, List<Dimension> dimensions, Job.Loyalty loyalty) implements Derivation {

    /** Where customers come from who had not bought before the period. */
    public static final String NOT_YET = "not yet a customer";

    public static final Field TIER_KIND =
            Field.text("tier_kind", "What classifies the customers: usage, life cycle or value.");
    public static final Field TIER_FROM = Field.text(
            "tier_from", "The tier at the end of the period before; '" + NOT_YET + "' without a purchase by then.");
    public static final Field TIER_TO = Field.text("tier_to", "The tier at as_of.");
    public static final Field PERIOD_FROM = Field.day(
            "period_from",
            "The first day of the period; the period before has as many months and ends the day before.");
    public static final Field CUSTOMERS = Field.countOf("customers", "Customers who made this move, or stayed.");
    public static final Field CUSTOMERS_FROM =
            Field.whole("customers_from", "All customers of tier_from.").in("customers");
    public static final Field SHARE = Field.share("share", "Customers over customers_from.");
    public static final Field TARGET_SHARE =
            Field.optionalShare("target_share", "The minimum share that the job asks for; null without a target.");
    public static final Field IS_ATTAINED =
            Field.optionalFlag("is_attained", "Whether the share reaches its target; null without one.");
    public static final Field CUSTOMERS_AT_START = Field.whole(
                    "customers_at_start", "Customers of the segment value whose cohort lies before the period.")
            .in("customers");
    public static final Field CUSTOMERS_MOVED = Field.whole(
                    "customers_moved",
                    "The same customers, counted over all moves of the kind but those from '" + NOT_YET + "'.")
            .in("customers");
    public static final Field IS_UNFINISHED = Field.flag(
            "is_unfinished",
            "Whether the last month has not ended at as_of, so that the period is shorter than the one before.");
    public static final Field IS_LEFT_TRUNCATED = Field.flag(
            "is_left_truncated",
            "Whether the data begin too late: within the period before, so that its tiers rest on fewer months, or at its start, so that everybody "
                    + "is new in its life cycle.");

    public static final Table TABLE = Table.named(
                    "tier_transition", "How customers moved between tiers since the period before, against targets.")
            .oneRowPer(
                    "segment value, kind of tier, tier before and tier now",
                    SegmentColumns.AS_OF,
                    SEGMENT,
                    SEGMENT_VALUE,
                    TIER_KIND,
                    TIER_FROM,
                    TIER_TO)
            .with(PERIOD_FROM, CUSTOMERS, CUSTOMERS_FROM, SHARE, TARGET_SHARE, IS_ATTAINED)
            .with(CUSTOMERS_AT_START, CUSTOMERS_MOVED, IS_UNFINISHED, IS_LEFT_TRUNCATED)
            .expect(
                    "day(period_from) = 1",
                    "customers between 0 and customers_from",
                    "share between 0 and 1",
                    "customers_moved = customers_at_start",
                    "(target_share is null) = (is_attained is null)",
                    "(tier_to = 'new') = (tier_kind = 'life cycle' and tier_from = '" + NOT_YET + "')");

    public TierTransition {
        dimensions = List.copyOf(dimensions);
    }

    @Override
    public Lineage lineage() {
        return TABLE.from(CustomerStatus.TABLE, CustomerCell.TABLE);
    }

    @Override
    public Dataset<Row> from(Inputs inputs) {
        LoyaltyPeriod period = new LoyaltyPeriod(asOf, loyalty.periodMonths());
        Dataset<Row> members = SegmentNames.members(inputs, dimensions);
        Dataset<Row> atStart = members.groupBy(SEGMENT.col(), SEGMENT_VALUE.col())
                .agg(sum(when(CohortCell.COHORT_ON.col().lt(lit(period.from())), CustomerCell.CUSTOMERS.col())
                                .otherwise(lit(0L)))
                        .as(CUSTOMERS_AT_START.name()));
        var kind = Window.partitionBy(Field.columns(SEGMENT, SEGMENT_VALUE, TIER_KIND));
        var from = Window.partitionBy(Field.columns(SEGMENT, SEGMENT_VALUE, TIER_KIND, TIER_FROM));
        Column share = CUSTOMERS.col().cast("double").divide(CUSTOMERS_FROM.col());
        Column stood = when(TIER_FROM.col().notEqual(NOT_YET), CUSTOMERS.col()).otherwise(lit(0L));
        return moves(inputs, members)
                .withColumn(CUSTOMERS_FROM.name(), sum(CUSTOMERS.col()).over(from))
                .withColumn(CUSTOMERS_MOVED.name(), sum(stood).over(kind))
                .where(CUSTOMERS_FROM.col().gt(0))
                .join(atStart, Field.names(SEGMENT, SEGMENT_VALUE), "left_outer")
                .crossJoin(SegmentNames.firstMonth(members))
                .withColumn(SegmentColumns.AS_OF.name(), SegmentColumns.asOf(asOf))
                .withColumn(PERIOD_FROM.name(), lit(period.from()))
                .withColumn(SHARE.name(), share)
                .withColumn(TARGET_SHARE.name(), target())
                .withColumn(IS_ATTAINED.name(), share.geq(TARGET_SHARE.col()))
                .withColumn(IS_UNFINISHED.name(), lit(period.isUnfinished()))
                .withColumn(
                        IS_LEFT_TRUNCATED.name(),
                        col("first_month")
                                .gt(lit(period.fromBefore()))
                                .or(col("first_month")
                                        .equalTo(lit(period.fromBefore()))
                                        .and(TIER_KIND.is(TierKind.LIFE_CYCLE.key()))));
    }

    /** Customers per move and segment value; a move with a target stands there even where nobody made it. */
    private Dataset<Row> moves(Inputs inputs, Dataset<Row> members) {
        List<Column> moves = new ArrayList<>(List.of(
                move(TierKind.USAGE, CustomerStatus.USAGE_TIER_BEFORE, CustomerStatus.USAGE_TIER),
                move(TierKind.LIFE_CYCLE, CustomerStatus.LIFE_CYCLE_BEFORE, CustomerStatus.LIFE_CYCLE)));
        if (!loyalty.valueTiers().isEmpty()) {
            moves.add(move(TierKind.VALUE, CustomerStatus.VALUE_TIER_BEFORE, CustomerStatus.VALUE_TIER));
        }
        Dataset<Row> cells = inputs.read(CustomerStatus.TABLE)
                .groupBy(Field.columns(
                        CustomerStatus.USAGE_TIER_BEFORE,
                        CustomerStatus.USAGE_TIER,
                        CustomerStatus.LIFE_CYCLE_BEFORE,
                        CustomerStatus.LIFE_CYCLE,
                        CustomerStatus.VALUE_TIER_BEFORE,
                        CustomerStatus.VALUE_TIER,
                        Customer.SEGMENTS))
                .agg(count(lit(1)).as(CUSTOMERS.name()));
        Dataset<Row> counted = SegmentNames.named(SegmentColumns.inLongForm(cells, dimensions), members)
                .select(
                        SEGMENT.col(),
                        SEGMENT_VALUE.col(),
                        CUSTOMERS.col(),
                        explode(array(moves.toArray(Column[]::new))).as("move"));
        if (!loyalty.targets().isEmpty()) {
            Column[] wanted = loyalty.targets().stream()
                    .map(target -> move(target.kind(), lit(target.from()), lit(target.to())))
                    .toArray(Column[]::new);
            counted = counted.unionByName(members.select(SEGMENT.col(), SEGMENT_VALUE.col())
                    .distinct()
                    .select(
                            SEGMENT.col(),
                            SEGMENT_VALUE.col(),
                            lit(0L).as(CUSTOMERS.name()),
                            explode(array(wanted)).as("move")));
        }
        return counted.select(SEGMENT.col(), SEGMENT_VALUE.col(), CUSTOMERS.col(), col("move.*"))
                .groupBy(Field.columns(SEGMENT, SEGMENT_VALUE, TIER_KIND, TIER_FROM, TIER_TO))
                .agg(CUSTOMERS.sum());
    }

    private static Column move(TierKind kind, Field before, Field now) {
        return move(kind, coalesce(before.col(), lit(NOT_YET)), now.col());
    }

    private static Column move(TierKind kind, Column from, Column to) {
        return struct(lit(kind.key()).as(TIER_KIND.name()), from.as(TIER_FROM.name()), to.as(TIER_TO.name()));
    }

    private Column target() {
        Column share = lit(null).cast(DataTypes.DoubleType);
        for (Job.Loyalty.TierTarget target : loyalty.targets()) {
            share = when(
                            TIER_KIND
                                    .is(target.kind().key())
                                    .and(TIER_FROM.is(target.from()))
                                    .and(TIER_TO.is(target.to())),
                            target.share().doubleValue())
                    .otherwise(share);
        }
        return share;
    }
}

package manyi.mart.value;

import static org.apache.spark.sql.functions.array;
import static org.apache.spark.sql.functions.coalesce;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.count;
import static org.apache.spark.sql.functions.count_if;
import static org.apache.spark.sql.functions.greatest;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.round;
import static org.apache.spark.sql.functions.sqrt;
import static org.apache.spark.sql.functions.sum;
import static org.apache.spark.sql.functions.udf;
import static org.apache.spark.sql.functions.when;

import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import manyi.config.Dimension;
import manyi.config.LifetimeValue;
import manyi.conformed.Customer;
import manyi.conformed.CustomerHistory.Cutoff;
import manyi.conformed.CustomerMonth;
import manyi.mart.SegmentColumns;
import manyi.math.clv.Fit;
import manyi.table.Derivation;
import manyi.table.Field;
import manyi.table.Inputs;
import manyi.table.Lineage;
import manyi.table.Table;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.api.java.UDF2;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import scala.collection.Seq;

/**
 * Customer equity: the lifetime values of all customers with a purchase, in total and by segment. The error of a sum
 * comes from the sum of its gradients, its chance from the sum of the customers' variances.
 */
public record SegmentLifetimeValue(LocalDate asOf, LifetimeValue settings, List<Dimension> dimensions, String currency)
        implements Derivation {

    public static final Field CUSTOMERS = Field.countOf("customers", "Customers with a purchase by as_of.");
    public static final Field VALUED_CUSTOMERS = Field.whole(
                    "valued_customers",
                    "Of them those with a lifetime value; the others have no model, or repeat purchases that brought no money.")
            .in("customers");
    public static final Field EXPECTED_ACTIVE_CUSTOMERS = Field.optionalNumber(
                    "expected_active_customers",
                    "Sum of the probabilities of being alive; under bg_nbd each who bought once counts as 1 (mbg_nbd and"
                            + " pareto_nbd let them leave).")
            .in("customers");
    public static final Field EXPECTED_PURCHASES = Field.optionalNumber(
                    "expected_purchases", "Expected purchase days within the horizon.")
            .in("days");
    public static final Field LIFETIME_VALUE = CustomerMonth.optionalMoney(
            "lifetime_value", "Customer equity: the expected values within the horizon, discounted to as_of, summed.");
    public static final Field MEAN_LIFETIME_VALUE =
            CustomerMonth.optionalMoney("mean_lifetime_value", "lifetime_value over valued_customers.");
    public static final Field CONFIDENCE_LOW = CustomerMonth.optionalMoney(
            "confidence_low", "Lower limit of lifetime_value at 95 %, given the uncertainty of the parameters.");
    public static final Field CONFIDENCE_HIGH = CustomerMonth.optionalMoney("confidence_high", "Upper limit likewise.");
    public static final Field PREDICTION_LOW = CustomerMonth.optionalMoney(
            "prediction_low",
            "Lower limit of what these customers will turn out to bring, at 95 %, chance included; null where its"
                    + " variance is infinite.");
    public static final Field PREDICTION_HIGH = CustomerMonth.optionalMoney("prediction_high", "Upper limit likewise.");
    public static final Field RESIDUAL_VALUE =
            CustomerMonth.optionalMoney("residual_value", "The value of all that comes after the horizon.");
    public static final Field ONE_TIME_CUSTOMERS = Field.whole(
                    "one_time_customers", "Valued customers without a repeat purchase.")
            .in("customers");
    public static final Field ONE_TIME_MEAN_VALUE = CustomerMonth.optionalMoney(
            "one_time_mean_value", "Mean lifetime value of customers without a repeat purchase.");
    public static final Field LOYAL_MEAN_VALUE =
            CustomerMonth.optionalMoney("loyal_mean_value", "Mean lifetime value of customers with a repeat purchase.");
    public static final Field LOYAL_OVER_ONE_TIME = Field.optionalNumber(
                    "loyal_over_one_time", "loyal_mean_value over one_time_mean_value.")
            .in("ratio");

    public static final Table TABLE = Table.named(
                    "segment_lifetime_value", "Customer equity and its limits, in total and by segment.")
            .oneRowPer("segment value", SegmentColumns.AS_OF, SegmentColumns.SEGMENT, SegmentColumns.SEGMENT_VALUE)
            .with(CustomerLifetimeValue.CURRENCY, CustomerLifetimeValue.VALUE_BASIS, CUSTOMERS, VALUED_CUSTOMERS)
            .with(EXPECTED_ACTIVE_CUSTOMERS, EXPECTED_PURCHASES, LIFETIME_VALUE, MEAN_LIFETIME_VALUE)
            .with(CONFIDENCE_LOW, CONFIDENCE_HIGH, PREDICTION_LOW, PREDICTION_HIGH, RESIDUAL_VALUE)
            .with(ONE_TIME_CUSTOMERS, ONE_TIME_MEAN_VALUE, LOYAL_MEAN_VALUE, LOYAL_OVER_ONE_TIME)
            .expect(
                    "valued_customers <= customers",
                    "confidence_low <= lifetime_value and lifetime_value <= confidence_high",
                    "prediction_low <= lifetime_value and lifetime_value <= prediction_high");

    private static final DataType WIDE = DataTypes.createDecimalType(38, 0);
    /** Probabilities and expected days are summed as whole billionths. */
    private static final double BILLION = 1e9;
    /** Errors are squared money; hundred-millionths of them are summed. */
    private static final DataType SQUARED = DataTypes.createDecimalType(38, 8);

    @Override
    public Lineage lineage() {
        return TABLE.from(CustomerValue.TABLE, LifetimeValueModel.TABLE);
    }

    @Override
    public Dataset<Row> from(Inputs inputs) {
        Dataset<Row> cells = condensed(inputs.read(CustomerValue.TABLE));
        Dataset<Row> parts = SegmentColumns.gathered(SegmentColumns.inLongForm(cells, dimensions), CUSTOMERS.name());
        Dataset<Row> sums = folded(parts, SegmentColumns.SEGMENT, SegmentColumns.SEGMENT_VALUE, CustomerValue.FIT_VALUE)
                // fits of segments share the pooled fit's error: added as if they erred together, an upper bound
                .withColumn(
                        "error",
                        sqrt(errorSquared(inputs.read(LifetimeValueModel.TABLE)))
                                .cast(SQUARED));
        return read(folded(sums, SegmentColumns.SEGMENT, SegmentColumns.SEGMENT_VALUE));
    }

    private static Dataset<Row> condensed(Dataset<Row> customers) {
        Column value = CustomerValue.VALUE.col();
        Column isOnce = CustomerValue.REPEAT_PURCHASES.is(0);
        List<Column> sums = new ArrayList<>(List.of(
                count_if(value.isNotNull()).as(VALUED_CUSTOMERS.name()),
                count_if(value.isNotNull().and(isOnce)).as(ONE_TIME_CUSTOMERS.name()),
                sum(wide(when(isOnce, value))).as("one_time_value"),
                billionths(CustomerValue.PROBABILITY_ALIVE, EXPECTED_ACTIVE_CUSTOMERS),
                billionths(CustomerValue.EXPECTED_PURCHASES, EXPECTED_PURCHASES),
                sum(wide(value)).as("value"),
                sum(wide(CustomerValue.RESIDUAL.col())).as("residual"),
                sum(CustomerValue.VARIANCE.col().cast(SQUARED)).cast(SQUARED).as("variance"),
                count_if(value.isNotNull().and(CustomerValue.VARIANCE.col().isNull()))
                        .as("without_variance"),
                sum(lit(0).cast(SQUARED)).cast(SQUARED).as("error")));
        CustomerValue.SLOPES.forEach(slope -> sums.add(sum(wide(slope.col())).as(slope.name())));
        return customers
                .groupBy(Customer.SEGMENTS.col(), CustomerValue.FIT_VALUE.col())
                .agg(count(lit(1)).as(CUSTOMERS.name()), sums.toArray(Column[]::new));
    }

    /** All sums of cells, summed once more. */
    private static Dataset<Row> folded(Dataset<Row> cells, Field... keys) {
        Column[] sums = Stream.of(cells.columns())
                .filter(name -> !List.of(
                                SegmentColumns.SEGMENT.name(),
                                SegmentColumns.SEGMENT_VALUE.name(),
                                CustomerValue.FIT_VALUE.name())
                        .contains(name))
                .map(name -> sum(col(name))
                        .cast(cells.schema().apply(name).dataType())
                        .as(name))
                .toArray(Column[]::new);
        Column[] rest = Stream.of(sums).skip(1).toArray(Column[]::new);
        return cells.groupBy(Stream.of(keys).map(Field::col).toArray(Column[]::new))
                .agg(sums[0], rest);
    }

    private Column errorSquared(Dataset<Row> fits) {
        Optional<LifetimeValue.Model> model =
                Forecaster.models(fits, Cutoff.SCORE).stream().findFirst();
        if (model.isEmpty()) {
            return lit(null).cast(SQUARED);
        }
        Forecaster forecaster = Forecaster.of(
                fits, Cutoff.SCORE, model.get(), settings.segment().isPresent(), 1, 1);
        Column slopes = array(CustomerValue.SLOPES.stream()
                .map(slope -> slope.col().cast(DataTypes.DoubleType).divide(10_000))
                .toArray(Column[]::new));
        return udf(new Errors(forecaster), DataTypes.DoubleType)
                .apply(CustomerValue.FIT_VALUE.col(), slopes)
                .cast(SQUARED);
    }

    private Dataset<Row> read(Dataset<Row> sums) {
        Column value = units("value");
        Column valued = VALUED_CUSTOMERS.col();
        Column loyal = valued.minus(ONE_TIME_CUSTOMERS.col());
        Column error = col("error").cast(DataTypes.DoubleType);
        Column spread = sqrt(error.multiply(error).plus(col("variance").cast(DataTypes.DoubleType)))
                .multiply(Fit.NORMAL);
        Column hasLimits = col("without_variance").equalTo(0).and(valued.gt(0));
        Column onceMean =
                when(ONE_TIME_CUSTOMERS.col().gt(0), units("one_time_value").divide(ONE_TIME_CUSTOMERS.col()));
        Column loyalMean = when(
                loyal.gt(0),
                value.minus(coalesce(units("one_time_value"), lit(0.0))).divide(loyal));
        return sums.select(
                SegmentColumns.asOf(asOf),
                SegmentColumns.SEGMENT.col(),
                SegmentColumns.SEGMENT_VALUE.col(),
                lit(currency).as(CustomerLifetimeValue.CURRENCY.name()),
                CustomerLifetimeValue.basis(settings).as(CustomerLifetimeValue.VALUE_BASIS.name()),
                CUSTOMERS.col(),
                valued,
                ONE_TIME_CUSTOMERS.col(),
                EXPECTED_ACTIVE_CUSTOMERS
                        .col()
                        .cast(DataTypes.DoubleType)
                        .divide(BILLION)
                        .as(EXPECTED_ACTIVE_CUSTOMERS.name()),
                EXPECTED_PURCHASES
                        .col()
                        .cast(DataTypes.DoubleType)
                        .divide(BILLION)
                        .as(EXPECTED_PURCHASES.name()),
                money(value, LIFETIME_VALUE),
                money(when(valued.gt(0), value.divide(valued)), MEAN_LIFETIME_VALUE),
                money(CustomerLifetimeValue.lowConfidence(value, error), CONFIDENCE_LOW),
                money(CustomerLifetimeValue.highConfidence(value, error), CONFIDENCE_HIGH),
                money(when(hasLimits, greatest(value.minus(spread), lit(0.0))), PREDICTION_LOW),
                money(when(hasLimits, value.plus(spread)), PREDICTION_HIGH),
                money(units("residual"), RESIDUAL_VALUE),
                money(onceMean, ONE_TIME_MEAN_VALUE),
                money(loyalMean, LOYAL_MEAN_VALUE),
                when(onceMean.gt(0), loyalMean.divide(onceMean)).as(LOYAL_OVER_ONE_TIME.name()));
    }

    private static Column units(String sum) {
        return col(sum).cast(DataTypes.DoubleType).divide(10_000);
    }

    private static Column money(Column money, Field field) {
        return CustomerLifetimeValue.rounded(money).as(field.name());
    }

    private static Column wide(Column whole) {
        return whole.cast(WIDE);
    }

    private static Column billionths(Field figure, Field sum) {
        return sum(wide(round(figure.col().multiply(BILLION)))).as(sum.name());
    }

    /** The squared error of a sum from its gradient. */
    private static final class Errors implements UDF2<String, Seq<Double>, Double> {

        private static final long serialVersionUID = 1L;

        private final Forecaster forecaster;

        Errors(Forecaster forecaster) {
            this.forecaster = forecaster;
        }

        @Override
        public Double call(String fitValue, Seq<Double> slopes) {
            var fitted = forecaster.fitted(fitValue).orElseThrow();
            if (slopes.apply(0) == null || fitted.spendModel().isEmpty()) {
                return null;
            }
            double[] byPurchases = new double[fitted.purchases().size()];
            double[] bySpend = new double[3];
            for (int i = 0; i < byPurchases.length; i++) {
                byPurchases[i] = slopes.apply(i);
            }
            for (int i = 0; i < 3; i++) {
                bySpend[i] = slopes.apply(CustomerValue.MOST_PARAMETERS + i);
            }
            return fitted.purchaseCovariance().variance(byPurchases)
                    + fitted.spendCovariance().variance(bySpend);
        }
    }
}

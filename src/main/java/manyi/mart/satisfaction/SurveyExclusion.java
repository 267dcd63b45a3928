package manyi.mart.satisfaction;

import static manyi.table.Field.required;
import static org.apache.spark.sql.functions.array;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.count;
import static org.apache.spark.sql.functions.countDistinct;
import static org.apache.spark.sql.functions.count_if;
import static org.apache.spark.sql.functions.explode;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.types.DataTypes.LongType;
import static org.apache.spark.sql.types.DataTypes.StringType;

import java.time.LocalDate;
import java.util.List;
import java.util.Optional;
import manyi.config.Job;
import manyi.conformed.SurveyResponse;
import manyi.mart.survey.Respondents;
import manyi.source.Landing;
import manyi.table.Derivation;
import manyi.table.Field;
import manyi.table.Inputs;
import manyi.table.Table;
import manyi.table.Visibility;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/**
 * The responses that no satisfaction figure counts, and why.
 *
 * @param asOf the last day that exists
 */
public record SurveyExclusion(LocalDate asOf, Job.Satisfaction satisfaction) implements Derivation {

    public static final Field TABLE_NAME = required("table_name", StringType, "The table that leaves the rows out.");
    public static final Field REASON = required("reason", StringType, "Why they are left out.");
    public static final Field CUSTOMERS =
            required("customers", LongType, "Distinct customers; a response without a known customer counts as one.");
    public static final Field ROWS = required("rows", LongType, "Responses left out.");

    public static final Table TABLE = Table.named(
                    "survey_exclusion", "Survey responses that the satisfaction tables leave out, and why.")
            .on(Visibility.WORK)
            .oneRowPer("table and reason", TABLE_NAME, REASON)
            .with(CUSTOMERS, ROWS)
            .expect("customers <= rows");

    @Override
    public Table table() {
        return TABLE;
    }

    @Override
    public List<Table> inputs() {
        return List.of(SurveyResponse.TABLE);
    }

    @Override
    public Optional<String> recipe() {
        return Respondents.recipe(asOf, satisfaction, List.of());
    }

    @Override
    public boolean isOfOpenWaves() {
        return true;
    }

    @Override
    public Dataset<Row> from(Inputs inputs) {
        Dataset<Row> leftOut = inputs.read(SurveyResponse.TABLE)
                .withColumn(REASON.name(), Respondents.reasonLeftOut(asOf, satisfaction))
                .where(REASON.col().isNotNull())
                .groupBy(REASON.col())
                .agg(
                        countDistinct(Landing.POPULATION.col(), Landing.CUSTOMER_ID.col())
                                .plus(count_if(Landing.CUSTOMER_ID.col().isNull()))
                                .as(CUSTOMERS.name()),
                        count(lit(1)).as(ROWS.name()));
        return TABLE.conform(leftOut.select(
                explode(array(
                                lit(SegmentSatisfaction.TABLE.name()),
                                lit(IndicatorSatisfaction.TABLE.name()),
                                lit(GroupedSatisfaction.TABLE.name()),
                                lit(SatisfactionTrend.TABLE.name())))
                        .as(TABLE_NAME.name()),
                col("*")));
    }
}

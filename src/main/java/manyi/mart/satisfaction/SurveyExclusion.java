package manyi.mart.satisfaction;

import static org.apache.spark.sql.functions.array;
import static org.apache.spark.sql.functions.coalesce;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.count;
import static org.apache.spark.sql.functions.countDistinct;
import static org.apache.spark.sql.functions.count_if;
import static org.apache.spark.sql.functions.explode;
import static org.apache.spark.sql.functions.lit;

import java.time.LocalDate;
import java.util.stream.Stream;
import manyi.config.Job;
import manyi.conformed.Indicators;
import manyi.conformed.ScoredResponse;
import manyi.conformed.SurveyResponse;
import manyi.mart.survey.Respondents;
import manyi.source.Landing;
import manyi.table.Derivation;
import manyi.table.Field;
import manyi.table.Inputs;
import manyi.table.Keeping;
import manyi.table.Lineage;
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

    public static final Field TABLE_NAME = Field.text("table_name", "The table that leaves the rows out.");
    public static final Field REASON = Field.text("reason", "Why they are left out.");
    public static final Field CUSTOMERS =
            Field.whole("customers", "Distinct customers; a response without a known customer counts as one.");
    public static final Field ROWS = Field.whole("rows", "Responses left out.");

    public static final Table TABLE = Table.named(
                    "survey_exclusion", "Survey responses that the satisfaction tables leave out, and why.")
            .on(Visibility.INTERNAL)
            .oneRowPer("table and reason", TABLE_NAME, REASON)
            .with(CUSTOMERS, ROWS)
            .expect("customers <= rows");

    @Override
    public Lineage lineage() {
        return TABLE.from(Stream.concat(
                        Stream.of(SurveyResponse.TABLE, LaterResponse.TABLE),
                        Indicators.tables(satisfaction.questionnaire()).stream())
                .toList());
    }

    @Override
    public Keeping keeping() {
        return Keeping.ON_CHANGE;
    }

    @Override
    public String definition() {
        return Respondents.definition(asOf, satisfaction);
    }

    @Override
    public boolean isKeyedByPlan() {
        return true;
    }

    @Override
    public Dataset<Row> from(Inputs inputs) {
        Dataset<Row> uncounted = ScoredResponse.scored(inputs.read(SurveyResponse.TABLE), inputs, satisfaction)
                .withColumn(REASON.name(), Respondents.reasonLeftOut(asOf, satisfaction));
        String[] key = LaterResponse.TABLE.key().stream().map(Field::name).toArray(String[]::new);
        // what has arrived or changed since the release would count, and is left out for that alone
        Dataset<Row> leftOut = uncounted
                .join(inputs.read(LaterResponse.TABLE).drop(Landing.CUSTOMER_ID.name()), key, "left_outer")
                .withColumn(REASON.name(), coalesce(REASON.col(), LaterResponse.CHANGE.col()))
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

package manyi.conformed;

import static org.apache.spark.sql.functions.coalesce;
import static org.apache.spark.sql.functions.count;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.min;
import static org.apache.spark.sql.functions.row_number;

import java.time.LocalDate;
import manyi.source.Landing;
import manyi.table.Derivation;
import manyi.table.Field;
import manyi.table.Inputs;
import manyi.table.Lineage;
import manyi.table.Table;
import manyi.table.Visibility;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.expressions.Window;

/**
 * Who told whom up to as_of, each pair once, by its first day; who was told by several is credited to the first of them.
 * Referrals that name nobody are told apart by their key, or by their place where the source declares none: every row
 * that counts is one of them.
 */
public record Referral(LocalDate asOf) implements Derivation {

    public static final Field IS_CREDITED =
            Field.flag("is_credited", "Whether the one who was referred is known and was referred by nobody before.");

    public static final Field REFERRALS =
            Field.countOf("referrals", "1 for a pair; otherwise how many referrals of the day named nobody.");

    public static final Table TABLE = Table.named("referral", "Who referred whom.")
            .on(Visibility.INTERNAL)
            .oneRowPer(
                    "referrer, referred customer and first day",
                    CustomerMonth.CUSTOMER,
                    Landing.REFERRED_CUSTOMER_ID,
                    Landing.REFERRED_ON)
            .with(IS_CREDITED, REFERRALS)
            .expect(
                    "not is_credited or referred_customer_id is not null",
                    "referrals >= 1",
                    "referrals = 1 or referred_customer_id is null");

    @Override
    public Lineage lineage() {
        return TABLE.from(Landing.REFERRAL);
    }

    @Override
    public Dataset<Row> from(Inputs inputs) {
        Column referred = Landing.REFERRED_CUSTOMER_ID.col();
        Dataset<Row> told = CurrentVersions.of(inputs.read(Landing.REFERRAL))
                .where(Landing.REFERRED_ON.col().leq(lit(asOf)));
        Dataset<Row> named = told.where(referred.isNotNull())
                .groupBy(CustomerMonth.CUSTOMER.col(), referred)
                .agg(min(Landing.REFERRED_ON.col()).as(Landing.REFERRED_ON.name()))
                .withColumn(
                        IS_CREDITED.name(),
                        row_number()
                                .over(Window.partitionBy(referred)
                                        .orderBy(Landing.REFERRED_ON.col(), CustomerMonth.CUSTOMER.col()))
                                .equalTo(1))
                .withColumn(REFERRALS.name(), lit(1L));
        Dataset<Row> unnamed = told.where(referred.isNull())
                .groupBy(CustomerMonth.CUSTOMER.col(), referred, Landing.REFERRED_ON.col())
                .agg(count(lit(1)).as(REFERRALS.name()))
                .withColumn(IS_CREDITED.name(), lit(false));
        return named.unionByName(unnamed).withColumn(IS_CREDITED.name(), coalesce(IS_CREDITED.col(), lit(false)));
    }
}

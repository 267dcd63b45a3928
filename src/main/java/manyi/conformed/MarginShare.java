package manyi.conformed;

import static org.apache.spark.sql.functions.coalesce;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.lead;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.round;

import java.time.LocalDate;
import manyi.config.SourceKind;
import manyi.source.Landing;
import manyi.table.Field;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.expressions.Window;
import org.apache.spark.sql.functions;
import org.apache.spark.sql.types.DataTypes;

/**
 * Margins of products and of product groups, each from its day until the next one of the same. A row that names a
 * product is about the product; one that names a group alone is about all products of the group without a row of their
 * own that holds on the day.
 */
public final class MarginShare {

    private static final LocalDate EVER = LocalDate.of(1, 1, 1);
    private static final LocalDate NEVER = LocalDate.of(9999, 12, 31);

    private MarginShare() {}

    /**
     * Purchase lines with what they earned in a column of ten-thousandths: the line's own margin where it has one, else
     * its amount times the share that holds for its product on its day, else for its group; null without any.
     *
     * @param lines with the landed {@code margin} and the held amount
     * @param landed margins as they were read; few, so they are sent to every task
     */
    static Dataset<Row> earned(Dataset<Row> lines, Dataset<Row> landed, Field held) {
        Dataset<Row> shares = CurrentVersions.of(SourceKind.MARGINS, landed);
        Dataset<Row> ofProducts = since(shares.where(Landing.PRODUCT.col().isNotNull()), Landing.PRODUCT, "product");
        Dataset<Row> ofGroups = since(shares.where(Landing.PRODUCT.col().isNull()), Landing.PRODUCT_GROUP, "group");
        Column share = coalesce(col("product_share"), col("group_share"));
        // exact: a whole amount times a share of six digits
        Column earned = round(
                        held.col().cast(DataTypes.createDecimalType(20, 0)).multiply(share), 0)
                .cast(DataTypes.LongType);
        return lines.join(functions.broadcast(ofProducts), holds(Landing.PRODUCT, "product"), "left_outer")
                .join(functions.broadcast(ofGroups), holds(Landing.PRODUCT_GROUP, "group"), "left_outer")
                .withColumn(Purchase.MARGIN_HELD.name(), coalesce(Purchase.held(Landing.MARGIN), earned));
    }

    private static Column holds(Field of, String name) {
        return of.col()
                .equalTo(col(name + "_key"))
                .and(Landing.PURCHASED_ON.col().geq(col(name + "_from")))
                .and(Landing.PURCHASED_ON.col().lt(col(name + "_until")));
    }

    /** Shares with the day from which and the day before which they hold. */
    private static Dataset<Row> since(Dataset<Row> shares, Field key, String name) {
        Column from = coalesce(Landing.VALID_FROM.col(), lit(EVER));
        return shares.select(
                key.col().as(name + "_key"),
                Landing.MARGIN_SHARE.col().as(name + "_share"),
                from.as(name + "_from"),
                coalesce(lead(from, 1).over(Window.partitionBy(key.col()).orderBy(from)), lit(NEVER))
                        .as(name + "_until"));
    }
}

package manyi.mart.survey;

import manyi.table.Derivation;
import manyi.table.Lineage;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/** A mart that publishes a {@link SurveyTable} of the cells of satisfaction figures. */
public interface SurveyMart extends Derivation {

    /** What it publishes. */
    SurveyTable published();

    @Override
    default Lineage lineage() {
        return published().table().from(SatisfactionCell.TABLE);
    }

    @Override
    default Dataset<Row> suppressed(Dataset<Row> audited) {
        return published().suppressed(audited);
    }
}

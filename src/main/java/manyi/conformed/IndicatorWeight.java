package manyi.conformed;

import static manyi.table.Field.required;
import static org.apache.spark.sql.types.DataTypes.createDecimalType;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import manyi.config.Questionnaire;
import manyi.config.SurveyModel;
import manyi.math.survey.RespondentIndex;
import manyi.math.survey.Shares;
import manyi.table.Field;
import manyi.table.Table;
import manyi.table.Visibility;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;

/**
 * The weights λ by which indicators make up the index, where they are derived from answers: estimated from the waves that
 * the questionnaire names, and held. Empty where the questionnaire gives the weights.
 */
public final class IndicatorWeight {

    private static final int DECIMALS = 9;

    public static final Field ITEM = Field.text("item", "The indicator, as the questionnaire names it.");
    public static final Field WEIGHT = required(
                    "weight",
                    createDecimalType(10, DECIMALS),
                    "Its share of the whole index; all indicators make up 1 exactly.")
            .in("share, 0 to 1");

    public static final Table TABLE = Table.named(
                    "indicator_weight", "Weights of the indicators that are derived from answers and kept fixed.")
            .on(Visibility.INTERNAL)
            .oneRowPer("indicator", ITEM)
            .with(WEIGHT)
            .expect("weight between 0 and 1");

    private IndicatorWeight() {}

    /** How the questionnaire has its weights derived; empty where it gives them. */
    public static Optional<SurveyModel.DerivedWeights> asked(Questionnaire questionnaire) {
        return questionnaire.model().flatMap(SurveyModel::weights);
    }

    /** The weights that the questionnaire gives, which tell who answered enough to be in the base of the derived ones. */
    public static List<Row> given(Questionnaire questionnaire) {
        return rows(
                questionnaire,
                Indicators.of(questionnaire).items().stream()
                        .mapToDouble(RespondentIndex.Item::lambda)
                        .toArray());
    }

    /**
     * Rows of the table.
     *
     * @param parts of every item in the order of the questionnaire, 0 or above, to whatever sum above 0
     */
    public static List<Row> rows(Questionnaire questionnaire, double[] parts) {
        long[] billionths = Shares.billionths(parts);
        List<Row> rows = new ArrayList<>();
        for (int i = 0; i < billionths.length; i++) {
            Questionnaire.Item item = questionnaire.items().get(i);
            if (Indicators.isIndicator(item)) {
                rows.add(RowFactory.create(item.id(), BigDecimal.valueOf(billionths[i], DECIMALS)));
            }
        }
        return rows;
    }
}

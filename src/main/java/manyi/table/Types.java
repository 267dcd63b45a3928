package manyi.table;

import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;

/** The types of columns, by what they hold. */
public final class Types {

    public static final DataType TEXT = DataTypes.StringType;
    public static final DataType FLAG = DataTypes.BooleanType;
    public static final DataType WHOLE = DataTypes.LongType;
    public static final DataType NUMBER = DataTypes.DoubleType;
    public static final DataType DAY = DataTypes.DateType;
    public static final DataType INSTANT = DataTypes.TimestampType;
    /** Money of one line: ten-thousandths of the currency's unit at most. */
    public static final DataType MONEY = DataTypes.createDecimalType(18, 4);
    /** A share with enough digits for a margin in per cent with four behind the point. */
    public static final DataType SHARE = DataTypes.createDecimalType(9, 6);
    /** Survey weights. */
    public static final DataType WEIGHT = DataTypes.createDecimalType(18, 9);
    /** A raw answer. */
    public static final DataType ANSWER = DataTypes.createDecimalType(9, 4);
    /** Seconds with milliseconds. */
    public static final DataType SECONDS = DataTypes.createDecimalType(12, 3);

    private Types() {}

    /** A list of values of this type. */
    public static DataType listOf(DataType element) {
        return DataTypes.createArrayType(element);
    }
}

package manyi.mart.survey;

import static manyi.table.Field.required;
import static org.apache.spark.sql.types.DataTypes.IntegerType;
import static org.apache.spark.sql.types.DataTypes.LongType;
import static org.apache.spark.sql.types.DataTypes.createArrayType;

import manyi.source.Landing;
import manyi.table.Field;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;

/** What travels between the steps that condense responses: sums packed in whole numbers, by what they are sums of. */
final class PartialAggregate {

    static final int ALL = -1;
    static final int DESIGN = -2;

    /** The kind of partial aggregate. */
    enum Kind {
        /** Sums of a cell over all strata. */
        CELL,
        /** Sums of a cell in two waves over all strata. */
        CHANGE,
        /** What all strata of a wave are, for its audit. */
        WAVE,
        /** Customers of a cell that have several sampling units, each counted once. */
        STRAYS,
        /** The size of a stratum in one wave, or in two. */
        STRATUM,
        /** Sums of a cell in one stratum. */
        CELL_IN_STRATUM,
        /** What two waves of a cell have in common in one stratum. */
        PAIR_IN_STRATUM
    }

    static final Field KIND = Field.text("kind", "The kind of partial aggregate.");
    static final Field STRATUM = Field.text("stratum", "The stratum; empty over all strata.");
    static final Field DIMENSION = required("dimension", IntegerType, "The index of the segment dimension.");
    static final Field VALUE = Field.text("segment_value", "The segment value.");
    static final Field PREVIOUS_WAVE = Field.text("previous_wave", "The wave before; empty for one wave.");
    static final Field DATA = required("data", createArrayType(LongType), "The sums.");

    static final StructType SCHEMA = new StructType(new StructField[] {
        KIND.structField(),
        Landing.POPULATION.structField(),
        STRATUM.structField(),
        DIMENSION.structField(),
        VALUE.structField(),
        Landing.WAVE.structField(),
        PREVIOUS_WAVE.structField(),
        DATA.structField()
    });

    private final Kind kind;
    private final String population;
    private final String stratum;
    private final int dimension;
    private final String value;
    private final String wave;
    private final String previousWave;
    private final long[] data;

    /**
     * Sums.
     *
     * @param kind what {@code data} holds
     * @param stratum empty where the sums are over all strata
     * @param dimension the place of the segment dimension; {@link #ALL} for everybody, {@link #DESIGN} for what concerns
     *     the stratum itself
     * @param previousWave empty where the sums are of one wave
     */
    PartialAggregate(
            Kind kind,
            String population,
            String stratum,
            int dimension,
            String value,
            String wave,
            String previousWave,
            long[] data) {
        this.kind = kind;
        this.population = population;
        this.stratum = stratum;
        this.dimension = dimension;
        this.value = value;
        this.wave = wave;
        this.previousWave = previousWave;
        this.data = data;
    }

    static PartialAggregate of(Row row) {
        var packed = row.<Long>getList(7);
        long[] data = new long[packed.size()];
        for (int i = 0; i < data.length; i++) {
            data[i] = packed.get(i);
        }
        return new PartialAggregate(
                Kind.valueOf(row.getString(0)),
                row.getString(1),
                row.getString(2),
                row.getInt(3),
                row.getString(4),
                row.getString(5),
                row.getString(6),
                data);
    }

    Row row() {
        return RowFactory.create(kind.name(), population, stratum, dimension, value, wave, previousWave, data);
    }

    boolean isOfAStratum() {
        return kind == Kind.STRATUM || kind == Kind.CELL_IN_STRATUM || kind == Kind.PAIR_IN_STRATUM;
    }

    Kind kind() {
        return kind;
    }

    String population() {
        return population;
    }

    String stratum() {
        return stratum;
    }

    int dimension() {
        return dimension;
    }

    String value() {
        return value;
    }

    String wave() {
        return wave;
    }

    String previousWave() {
        return previousWave;
    }

    long[] data() {
        return data;
    }
}

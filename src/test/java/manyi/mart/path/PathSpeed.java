package manyi.mart.path;

import static org.apache.spark.sql.functions.expr;

import com.sun.management.OperatingSystemMXBean;
import java.lang.management.ManagementFactory;
import java.math.BigDecimal;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;
import manyi.config.Dimension;
import manyi.config.Job;
import manyi.config.Questionnaire;
import manyi.config.SurveyModel;
import manyi.conformed.ScoredResponse;
import manyi.mart.survey.SatisfactionCell;
import manyi.testing.Surveys;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;

/**
 * How long moments and fits take: responses to 24 items of seven constructs, 50 segment values in five dimensions.
 * {@code .ci/benchmark/paths} starts it; arguments: responses, replicates, share of missing answers, folder.
 */
final class PathSpeed {

    private static final LocalDate AS_OF = LocalDate.of(2027, 1, 31);
    private static final int[] BLOCKS = {5, 3, 7, 2, 3, 1, 3};
    private static final List<String> NAMES =
            List.of("image", "expectation", "quality", "value", "satisfaction", "complaints", "loyalty");
    private static final String PATHS = "image>expectation image>satisfaction image>loyalty expectation>quality"
            + " expectation>value expectation>satisfaction quality>value quality>satisfaction value>satisfaction"
            + " satisfaction>complaints satisfaction>loyalty complaints>loyalty";

    private PathSpeed() {}

    public static void main(String[] arguments) {
        long responses = Long.parseLong(arguments[0]);
        int replicates = Integer.parseInt(arguments[1]);
        double missing = Double.parseDouble(arguments[2]);
        Path folder = Path.of(arguments[3]);
        SparkSession spark = SparkSession.builder()
                .master("local[2]")
                .config("spark.ui.enabled", "false")
                .config("spark.sql.shuffle.partitions", "32")
                .config("spark.sql.session.timeZone", "UTC")
                .config("spark.sql.datetime.java8API.enabled", "true")
                .getOrCreate();
        String answered =
                folder.resolve("responses-" + responses + "-" + missing).toString();
        if (!Path.of(answered).toFile().exists()) {
            responses(spark, responses, missing).write().parquet(answered);
        }
        Dataset<Row> given = spark.read().schema(ScoredResponse.TABLE.schema()).parquet(answered);
        Job.Satisfaction satisfaction = satisfaction(replicates);
        List<Dimension> dimensions = IntStream.range(0, 5)
                .mapToObj(i -> new Dimension(List.of("d" + i)))
                .toList();
        String cells = folder.resolve("cells").toString();
        timed(
                "moment_cell",
                () -> new MomentCell(AS_OF, satisfaction, dimensions)
                        .from(table -> given)
                        .write()
                        .mode("overwrite")
                        .parquet(cells));
        Dataset<Row> moments = spark.read().schema(MomentCell.TABLE.schema()).parquet(cells);
        Dataset<Row> shown = moments.select("population", "wave", "segment", "segment_value")
                .distinct()
                .withColumn("previous_wave", expr("''"))
                .withColumn("figure", expr("'" + SatisfactionCell.MODEL_FIGURE + "'"))
                .withColumn("customers", expr(responses + "L"))
                .withColumn("is_suppressed", expr("false"));
        String figures = folder.resolve("figures").toString();
        timed(
                "path_figure",
                () -> new PathFigure(satisfaction)
                        .from(table -> table.equals(SatisfactionCell.TABLE) ? shown : moments)
                        .write()
                        .mode("overwrite")
                        .parquet(figures));
        Dataset<Row> written = spark.read().parquet(figures);
        System.out.println("cells " + moments.count() + " figures " + written.count() + " with limits "
                + written.where("low is not null").count());
        spark.stop();
    }

    private static void timed(String what, Runnable work) {
        OperatingSystemMXBean machine = (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();
        long start = System.nanoTime();
        long cpu = machine.getProcessCpuTime();
        work.run();
        System.out.printf(
                "%s: %.1f s, %.1f s of processor%n",
                what, (System.nanoTime() - start) / 1e9, (machine.getProcessCpuTime() - cpu) / 1e9);
    }

    /** Every item is its construct plus noise, every construct the mean of those before it plus noise. */
    private static Dataset<Row> responses(SparkSession spark, long count, double missing) {
        List<String> constructs = new ArrayList<>();
        List<String> items = new ArrayList<>();
        for (int j = 0; j < BLOCKS.length; j++) {
            String own = "(pmod(xxhash64(id, " + j + "), 1000) / 1000.0D)";
            constructs.add(j == 0 ? own : "(0.6D * " + "c" + (j - 1) + " + 0.4D * " + own + ")");
            for (int i = 0; i < BLOCKS[j]; i++) {
                String noise = "(pmod(xxhash64(id, " + (100 * (j + 1) + i) + "), 1000) / 1000.0D)";
                String answer = "cast(1 + floor(9.99D * (0.6D * c" + j + " + 0.4D * " + noise + ")) as decimal(9,4))";
                items.add("if(pmod(xxhash64(id, " + (10_000 + 100 * j + i) + "), 100000) < "
                        + (long) (missing * 100_000) + ", null, " + answer + ")");
            }
        }
        Dataset<Row> rows = spark.range(count).toDF("id");
        for (int j = 0; j < constructs.size(); j++) {
            rows = rows.withColumn("c" + j, expr(constructs.get(j)));
        }
        List<String> columns = new ArrayList<>();
        Map<String, String> given = new LinkedHashMap<>();
        given.put("population", "'customer'");
        given.put("wave", "'2026Q4'");
        given.put("response_key", "cast(id as string)");
        given.put("customer_id", "concat('c', id)");
        given.put("weight", "cast(0.5 + pmod(id, 10) / 10.0 as decimal(18,9))");
        given.put("answers", "array(" + String.join(", ", items) + ")");
        given.put(
                "segments",
                "array(concat('v', pmod(id, 10)), concat('v', pmod(xxhash64(id, 1), 10)), concat('v', pmod(xxhash64(id,"
                        + " 2), 10)), concat('v', pmod(xxhash64(id, 3), 10)), concat('v', pmod(xxhash64(id, 4), 10)))");
        given.put("csi", "cast(50 as decimal(18,9))");
        ScoredResponse.TABLE
                .fields()
                .forEach(field -> columns.add("cast(" + given.getOrDefault(field.name(), "null") + " as "
                        + field.type().sql() + ") as " + field.name()));
        return rows.selectExpr(columns.toArray(String[]::new));
    }

    private static Job.Satisfaction satisfaction(int replicates) {
        List<Questionnaire.Item> items = new ArrayList<>();
        List<SurveyModel.Construct> constructs = new ArrayList<>();
        Map<String, List<String>> predictors = new LinkedHashMap<>();
        for (int j = 0; j < BLOCKS.length; j++) {
            List<String> members = new ArrayList<>();
            for (int i = 0; i < BLOCKS[j]; i++) {
                String id = NAMES.get(j) + i;
                members.add(id);
                items.add(new Questionnaire.Item(
                        id,
                        id,
                        BigDecimal.ONE,
                        BigDecimal.TEN,
                        false,
                        List.of(),
                        Optional.of("g"),
                        BigDecimal.ONE,
                        Set.of(Questionnaire.Role.INDICATOR)));
            }
            constructs.add(new SurveyModel.Construct(NAMES.get(j), members, false));
            if (j < 4) {
                predictors.put(NAMES.get(j), members);
            }
        }
        List<SurveyModel.Path> paths = new ArrayList<>();
        for (String path : PATHS.split(" ", -1)) {
            paths.add(new SurveyModel.Path(path.split(">", -1)[0], path.split(">", -1)[1]));
        }
        SurveyModel model = new SurveyModel(
                Optional.of(new SurveyModel.PathModel(constructs, paths, SurveyModel.Scheme.PATH, false, false, false)),
                Optional.of(new SurveyModel.Drivers(constructs.get(4).items(), predictors, false)),
                replicates,
                1);
        Questionnaire questionnaire = new Questionnaire(
                "speed",
                items,
                List.of(new Questionnaire.Group("g", BigDecimal.ONE)),
                Map.of(),
                List.of(new Questionnaire.Wave("2026Q4", LocalDate.of(2026, 10, 1), LocalDate.of(2026, 12, 31), 0)),
                List.of(),
                Optional.empty(),
                "speed",
                Optional.of(model));
        return Surveys.satisfaction(questionnaire, 10);
    }
}

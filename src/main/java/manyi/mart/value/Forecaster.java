package manyi.mart.value;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.io.Serializable;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import manyi.config.Dimension;
import manyi.config.LifetimeValue;
import manyi.conformed.CustomerHistory.Cutoff;
import manyi.mart.SegmentColumns;
import manyi.math.clv.Covariance;
import manyi.math.clv.Form;
import manyi.math.clv.FormModel;
import manyi.math.clv.GammaGamma;
import manyi.math.clv.Outlook;
import manyi.math.clv.PurchaseModel;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;

/**
 * Forecasts customers by fitted models, which it takes from rows of {@code lifetime_value_model}. The tasks of one JVM
 * share one, and with it what it has worked out.
 */
final class Forecaster implements Serializable {

    private static final long serialVersionUID = 1L;

    /** Days in a week, the models' unit of time. */
    static final double WEEK = 7;

    private final Map<String, Fitted> fits;
    private final double horizon;
    private final double delta;
    private transient Map<String, Outlook> outlooks;

    /** The models of one value of the fitted segment. */
    record Fitted(
            LifetimeValue.Model model,
            List<String> names,
            List<Double> purchases,
            List<Double> purchaseErrors,
            List<Double> spend,
            List<Double> spendErrors)
            implements Serializable {

        Fitted {
            // copies of a kind that can be sent to tasks
            names = List.copyOf(names);
            purchases = List.copyOf(purchases);
            purchaseErrors = List.copyOf(purchaseErrors);
            spend = List.copyOf(spend);
            spendErrors = List.copyOf(spendErrors);
        }

        Optional<GammaGamma> spendModel() {
            return spend.isEmpty()
                    ? Optional.empty()
                    : Optional.of(new GammaGamma(spend.get(0), spend.get(1), spend.get(2)));
        }

        Covariance purchaseCovariance() {
            return new Covariance(purchases.size(), purchaseErrors);
        }

        Covariance spendCovariance() {
            return new Covariance(spend.size(), spendErrors);
        }

        /** The model of purchases. */
        PurchaseModel purchaseModel() {
            return new FormModel(Form.of(LifetimeValueModel.family(model), names), purchases);
        }

        Outlook outlook(double horizon, double delta) {
            return new Outlook(purchaseModel(), horizon, delta);
        }
    }

    private Forecaster(Map<String, Fitted> fits, double horizon, double delta) {
        this.fits = new TreeMap<>(fits);
        this.horizon = horizon;
        this.delta = delta;
    }

    /** The models that the fits of a purpose have, the chosen one first. */
    static List<LifetimeValue.Model> models(Dataset<Row> fits, Cutoff cutoff) {
        List<LifetimeValue.Model> models = new ArrayList<>();
        rows(fits, cutoff).stream()
                .filter(row -> !model(row).equals(LifetimeValueModel.SPEND))
                .sorted(Comparator.comparing((Row row) -> !row.<Boolean>getAs(LifetimeValueModel.IS_CHOSEN.name()))
                        .thenComparing(Forecaster::model))
                .map(row -> LifetimeValue.Model.of(model(row)))
                .distinct()
                .forEach(models::add);
        return models;
    }

    /**
     * Forecasts by one of the fitted models.
     *
     * @param isSegmented whether the values of the fitted segment have models of their own
     * @param horizon weeks
     * @param delta discount per week
     */
    static Forecaster of(
            Dataset<Row> fits,
            Cutoff cutoff,
            LifetimeValue.Model model,
            boolean isSegmented,
            double horizon,
            double delta) {
        Map<String, List<Row>> purchases = new TreeMap<>();
        Map<String, List<Row>> spends = new TreeMap<>();
        for (Row row : rows(fits, cutoff)) {
            boolean isWhole = Dimension.ALL.equals(row.getAs(SegmentColumns.SEGMENT.name()));
            Map<String, List<Row>> wanted = model(row).equals(model.key())
                    ? purchases
                    : model(row).equals(LifetimeValueModel.SPEND) ? spends : null;
            if (wanted != null && isWhole != isSegmented) {
                wanted.computeIfAbsent(row.getAs(SegmentColumns.SEGMENT_VALUE.name()), value -> new ArrayList<>())
                        .add(row);
            }
        }
        Map<String, Fitted> fitted = new TreeMap<>();
        purchases.forEach((value, rows) -> {
            List<Row> spend = spends.getOrDefault(value, List.of());
            fitted.put(value, new Fitted(model, names(rows), values(rows), errors(rows), values(spend), errors(spend)));
        });
        return new Forecaster(fitted, horizon, delta);
    }

    private static List<Row> rows(Dataset<Row> fits, Cutoff cutoff) {
        return fits
                .where(LifetimeValueModel.PURPOSE.is(cutoff.key()))
                .where(LifetimeValueModel.PARAMETER_NUMBER.col().gt(0))
                .where(LifetimeValueModel.VALUE.col().isNotNull())
                .collectAsList()
                .stream()
                .sorted(Comparator.comparing(row -> row.<Integer>getAs(LifetimeValueModel.PARAMETER_NUMBER.name())))
                .toList();
    }

    private static String model(Row row) {
        return row.getAs(LifetimeValueModel.MODEL.name());
    }

    private static List<String> names(List<Row> rows) {
        return rows.stream()
                .map(row -> row.<String>getAs(LifetimeValueModel.PARAMETER.name()))
                .toList();
    }

    private static List<Double> values(List<Row> rows) {
        return rows.stream()
                .map(row -> row.<Double>getAs(LifetimeValueModel.VALUE.name()))
                .toList();
    }

    private static List<Double> errors(List<Row> rows) {
        return rows.isEmpty() ? List.of() : LifetimeValueModel.covariance(rows).values();
    }

    boolean isEmpty() {
        return fits.isEmpty();
    }

    Optional<Fitted> fitted(String value) {
        return Optional.ofNullable(fits.get(value));
    }

    /** Expected repeat purchases of a new customer up to an age in weeks. */
    double expected(String value, double age) {
        return fits.get(value).purchaseModel().expectedPurchases(age);
    }

    /** The forecast of a customer of a segment's value, ages in days. */
    Outlook.Forecast of(String value, long x, int lastAge, int age) {
        return outlooks()
                .computeIfAbsent(value, any -> fits.get(any).outlook(horizon, delta))
                .of(x, lastAge / WEEK, age / WEEK);
    }

    /** What has been worked out stays behind where this is sent, whoever reads it there. */
    private synchronized Map<String, Outlook> outlooks() {
        if (outlooks == null) {
            outlooks = new ConcurrentHashMap<>();
        }
        return outlooks;
    }

    /** For use by the tasks of a session. */
    Broadcast<Sent> sharedIn(SparkSession session) {
        return JavaSparkContext.fromSparkContext(session.sparkContext()).broadcast(new Sent(this));
    }

    /** A forecaster on its way, as bytes: a session may send by Kryo, which knows no records. */
    static final class Sent implements Serializable {

        private static final long serialVersionUID = 1L;

        private final byte[] bytes;
        private transient Forecaster forecaster;

        Sent(Forecaster forecaster) {
            ByteArrayOutputStream written = new ByteArrayOutputStream();
            try (ObjectOutputStream out = new ObjectOutputStream(written)) {
                out.writeObject(forecaster);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
            this.bytes = written.toByteArray();
        }

        /** The same one for all tasks of a JVM. */
        synchronized Forecaster forecaster() {
            if (forecaster == null) {
                try (ObjectInputStream in = new ObjectInputStream(new ByteArrayInputStream(bytes))) {
                    forecaster = (Forecaster) in.readObject();
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                } catch (ClassNotFoundException e) {
                    throw new IllegalStateException(e);
                }
            }
            return forecaster;
        }
    }
}

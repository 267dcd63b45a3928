package manyi.conformed;

import static org.apache.spark.sql.functions.udf;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.Arrays;
import java.util.HexFormat;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import manyi.table.Digest;
import manyi.table.Field;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.api.java.UDF1;
import org.apache.spark.sql.types.DataTypes;

/**
 * Turns a customer's id into the key under which the customer leaves state: HMAC-SHA-256 with a secret, 128 bits in
 * hexadecimal digits. The same secret gives the same keys in every table and run.
 */
public final class CustomerKeys {

    public static final Field CUSTOMER_KEY =
            Field.text("customer_key", "The customer, by a keyed digest of the source's id.");

    private static final int BYTES = 16;

    private final byte[] secret;

    public CustomerKeys(byte[] secret) {
        if (secret.length == 0) {
            throw new IllegalArgumentException("the secret of customer_key is empty");
        }
        this.secret = Arrays.copyOf(secret, secret.length);
    }

    /** The key of the customer whose id stands in this column. */
    public Column of(Column id) {
        return udf(new Keyed(secret), DataTypes.StringType).apply(id);
    }

    /** Tells whether two runs used the same secret, without telling the secret. */
    public String fingerprint() {
        return Digest.sha256(new Keyed(secret).call("manyi customer key")).substring(0, 16);
    }

    /** The fingerprint, so that a table derived with other keys is known to be another. */
    @Override
    public String toString() {
        return fingerprint();
    }

    private static final class Keyed implements UDF1<String, String> {
        private static final long serialVersionUID = 1L;

        /** A Mac is costly to make and not to be shared between threads. */
        private static final ThreadLocal<Mac> MACS = new ThreadLocal<>();

        private static final ThreadLocal<byte[]> SECRETS = new ThreadLocal<>();

        private final byte[] secret;

        Keyed(byte[] secret) {
            this.secret = secret;
        }

        @Override
        public String call(String id) {
            byte[] digest = mac().doFinal(id.getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(digest, 0, BYTES);
        }

        private Mac mac() {
            if (MACS.get() == null || !Arrays.equals(SECRETS.get(), secret)) {
                try {
                    Mac mac = Mac.getInstance("HmacSHA256");
                    mac.init(new SecretKeySpec(secret, "HmacSHA256"));
                    MACS.set(mac);
                    SECRETS.set(secret);
                } catch (GeneralSecurityException impossible) {
                    throw new IllegalStateException("every JDK has HmacSHA256", impossible);
                }
            }
            return MACS.get();
        }
    }
}

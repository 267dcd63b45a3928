package manyi.run;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import manyi.config.Job;
import manyi.conformed.CustomerKeys;
import manyi.table.Failure;

/** Where the secret behind {@code customer_key} comes from: the environment or a file, never the job document. */
public final class Secrets {

    /** The environment value that holds the secret. */
    public static final String VARIABLE = "MANYI_CUSTOMER_KEY";

    /** For demonstrations only: everybody knows it. */
    private static final String DEMONSTRATION = "manyi demonstration key: known to everybody, protects nobody";

    private static final int LEAST_BYTES = 16;

    private Secrets() {}

    /**
     * The keys of a job.
     *
     * @throws Failure where the secret is missing or too short to protect anybody
     */
    public static CustomerKeys of(Job job, Map<String, String> environment) {
        if (job.customerKey().isDemo()) {
            return new CustomerKeys(DEMONSTRATION.getBytes(StandardCharsets.UTF_8));
        }
        byte[] secret = job.customerKey()
                .file()
                .map(Secrets::read)
                .orElseGet(() -> environment.getOrDefault(VARIABLE, "").getBytes(StandardCharsets.UTF_8));
        if (secret.length < LEAST_BYTES) {
            throw new Failure(
                    Failure.Kind.USAGE,
                    "the secret of customer_key has " + secret.length + " bytes; at least " + LEAST_BYTES
                            + " are needed; put it into the environment as " + VARIABLE
                            + " or into a file named by customer_key: {file: PATH}"
                            + " (customer_key: demo is for demonstrations)");
        }
        return new CustomerKeys(secret);
    }

    private static byte[] read(String file) {
        try {
            return Files.readString(Path.of(file)).strip().getBytes(StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new Failure(
                    Failure.Kind.USAGE,
                    "the file of customer_key cannot be read: " + file
                            + "; it must be text in UTF-8 that the user of the run can read",
                    e);
        }
    }
}

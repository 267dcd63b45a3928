package manyi.run;

import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.CodeSource;
import java.util.Optional;
import java.util.stream.Stream;
import manyi.table.Digest;

/** The versions of what a run was made with. */
final class Versions {

    private static final String CODE = codeDigest();

    private Versions() {}

    static String manyi() {
        return Optional.ofNullable(Run.class.getPackage().getImplementationVersion())
                .orElse("development");
    }

    /** A digest of the program itself: what an earlier build made is not taken for what this one would make. */
    static String code() {
        return CODE;
    }

    private static String codeDigest() {
        CodeSource source = Versions.class.getProtectionDomain().getCodeSource();
        try {
            Path place = Path.of(source.getLocation().toURI());
            StringBuilder files = new StringBuilder();
            try (Stream<Path> found = Files.walk(place)) {
                for (Path file : found.filter(Files::isRegularFile).sorted().toList()) {
                    files.append(place.relativize(file)).append(' ').append(Digest.sha256(Files.readAllBytes(file)));
                }
            }
            return Digest.sha256(files.toString());
        } catch (URISyntaxException | IOException e) {
            throw new IllegalStateException("the program cannot be read where it was started from", e);
        }
    }

    static String delta() {
        // the package object's class is no word that Java may write
        try {
            return String.valueOf(
                    Class.forName("io.delta.package").getMethod("VERSION").invoke(null));
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException("Delta does not report its version", e);
        }
    }
}

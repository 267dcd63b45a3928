package manyi.run;

import java.util.Optional;

/** The versions of what a run was made with. */
final class Versions {

    private Versions() {}

    static String manyi() {
        return Optional.ofNullable(Run.class.getPackage().getImplementationVersion())
                .orElse("development");
    }

    static String delta() {
        // the package object's class is no word that Java may write
        try {
            return String.valueOf(
                    Class.forName("io.delta.package").getMethod("VERSION").invoke(null));
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException("Delta does not tell its version", e);
        }
    }
}

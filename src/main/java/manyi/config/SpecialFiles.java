package manyi.config;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** Files that are no files of data: devices, pipes, and what the kernel says of processes and itself. */
public final class SpecialFiles {

    private static final List<Path> OF_THE_KERNEL = List.of(Path.of("/proc"), Path.of("/sys"));

    private SpecialFiles() {}

    /** What a file is instead of a file of data, links followed; empty where it is one, or is not there. */
    public static Optional<String> nature(Path file) {
        try {
            Path real = file.toRealPath();
            Optional<Path> kernel =
                    OF_THE_KERNEL.stream().filter(real::startsWith).findFirst();
            if (kernel.isPresent()) {
                return Optional.of("is a file of the operating system in " + kernel.get());
            }
            boolean isPlain = Files.isRegularFile(real) || Files.isDirectory(real);
            return isPlain ? Optional.empty() : Optional.of("is a device, a pipe or a socket");
        } catch (IOException absent) {
            return Optional.empty();
        }
    }
}

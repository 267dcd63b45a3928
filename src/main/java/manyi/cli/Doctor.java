package manyi.cli;

import java.io.IOException;
import java.io.PrintStream;
import java.lang.management.ManagementFactory;
import java.nio.charset.Charset;
import java.nio.file.FileStore;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** Checks the machine before a job runs on it. */
@Command(
        name = "doctor",
        description = "Check the machine: JDK, memory, disk, native libraries, time zone, encodings.",
        footer = {"", "Examples:", "  manyi doctor", "  manyi doctor /data/warehouse   (the disk of this folder)"})
final class Doctor extends Verb {

    @Parameters(
            index = "0",
            arity = "0..1",
            paramLabel = "FOLDER",
            description = "The folder of a warehouse, which need not exist yet.")
    private Path folder = Path.of("");

    private final List<String> complaints = new ArrayList<>();

    @Override
    public Integer call() throws IOException {
        PrintStream out = System.out;
        line(out, "Manyi", Main.Version.of("version"));
        line(out, "Spark", Main.Version.of("spark") + ", Delta " + Main.Version.of("delta"));
        int feature = Runtime.version().feature();
        line(
                out,
                "JDK",
                System.getProperty("java.version") + " (" + System.getProperty("java.vendor") + ") in "
                        + System.getProperty("java.home"));
        expect(feature == 17, "Java " + feature + ": Manyi is tested on 17.");
        line(out, "System", System.getProperty("os.name") + " " + System.getProperty("os.arch"));
        int cores = Runtime.getRuntime().availableProcessors();
        line(out, "Cores", String.valueOf(cores));
        memory(out);
        disk(out, "Disk", folder.toAbsolutePath());
        Path temporary = Path.of(System.getProperty("java.io.tmpdir"));
        disk(out, "Temporary files", temporary);
        attempt("writing to " + temporary, () -> {
            Files.delete(Files.createTempFile(temporary, "manyi", ".txt"));
            return "";
        });
        line(out, "Symbolic links", attempt("symbolic links, with which runs are published", Doctor::links));
        line(out, "zstd (native)", attempt("zstd, with which tables are compressed", Doctor::zstd));
        line(out, "snappy (native)", attempt("snappy", Doctor::snappy));
        line(out, "lz4 (native)", attempt("lz4", Doctor::lz4));
        line(out, "Time zone", ZoneId.systemDefault() + " (each job sets its own)");
        line(out, "Locale", Locale.getDefault().toString());
        line(
                out,
                "Encodings",
                "text " + Charset.defaultCharset() + ", file names " + System.getProperty("sun.jnu.encoding"));
        expect(
                String.valueOf(System.getProperty("sun.jnu.encoding"))
                        .toUpperCase(Locale.ROOT)
                        .contains("UTF"),
                "File names are not in UTF-8: files with non-ASCII letters in their names are not found. Set"
                        + " LC_ALL=C.UTF-8.");
        line(
                out,
                "GBK, UTF-16",
                attempt(
                        "the encodings GBK and UTF-16",
                        () -> Charset.forName("GBK") + ", " + Charset.forName("UTF-16")));
        out.println();
        if (complaints.isEmpty()) {
            out.println("No problems found.");
            return 0;
        }
        complaints.forEach(complaint -> out.println("! " + complaint));
        return 1;
    }

    private void memory(PrintStream out) {
        long heap = Runtime.getRuntime().maxMemory() >> 20;
        String machine = "";
        if (ManagementFactory.getOperatingSystemMXBean() instanceof com.sun.management.OperatingSystemMXBean system) {
            long total = system.getTotalMemorySize() >> 20;
            long free = system.getFreeMemorySize() >> 20;
            machine = " of " + total + " MB (" + free + " MB free)";
            expect(heap < total, "The heap is larger than the machine's memory: lower MANYI_MEMORY.");
        }
        line(
                out,
                "Memory",
                "heap " + heap + " MB" + machine + "; `run` takes a quarter of the memory, or MANYI_MEMORY");
        expect(heap >= 900, "A heap under 1 GB is small for Spark: set MANYI_MEMORY=1g or more.");
    }

    private void disk(PrintStream out, String name, Path path) throws IOException {
        Path existing = path;
        while (!Files.exists(existing)) {
            existing = existing.getParent();
        }
        FileStore store = Files.getFileStore(existing);
        long free = store.getUsableSpace() >> 20;
        line(out, name, free + " MB free at " + path + " (" + store.type() + ")");
        expect(Files.isWritable(existing), existing + " is not writable by this user.");
        expect(free >= 2048, "Less than 2 GB free at " + path + "; free some or use another disk.");
    }

    private String attempt(String what, Callable<String> action) {
        try {
            return action.call();
        } catch (Exception | LinkageError fault) {
            complaints.add("No " + what + ": " + fault.getClass().getSimpleName() + ".");
            return "no";
        }
    }

    private static String links() throws IOException {
        Path folder = Files.createTempDirectory("manyi");
        Path link = folder.resolve("link");
        try {
            Files.createSymbolicLink(link, folder);
            return "yes";
        } finally {
            Files.deleteIfExists(link);
            Files.delete(folder);
        }
    }

    private static String zstd() {
        byte[] data = new byte[1000];
        return com.github.luben.zstd.Zstd.compress(data).length < data.length ? "yes" : "no";
    }

    private static String snappy() throws IOException {
        return org.xerial.snappy.Snappy.compress(new byte[1000]).length < 1000 ? "yes" : "no";
    }

    private static String lz4() {
        return net.jpountz.lz4.LZ4Factory.nativeInstance() != null ? "yes" : "no";
    }

    private void expect(boolean isWell, String complaint) {
        if (!isWell) {
            complaints.add(complaint);
        }
    }

    private static void line(PrintStream out, String name, String value) {
        out.printf("%-18s%s%n", name, value);
    }
}

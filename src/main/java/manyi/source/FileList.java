package manyi.source;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import manyi.config.AllowedRoots;
import manyi.config.Source;
import manyi.config.SpecialFiles;
import manyi.table.Causes;
import manyi.table.Failure;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.fs.UnsupportedFileSystemException;

/** Finds the files of a source, and names each below the part of the path that has no wildcard. */
final class FileList {

    private static final Pattern WILDCARD = Pattern.compile("[*?\\[{\\\\]");

    private FileList() {}

    static List<SourceFile> of(Source source, Configuration hadoop) {
        List<SourceFile> files = new ArrayList<>();
        try {
            Path path = new Path(source.path());
            FileSystem system = path.getFileSystem(hadoop);
            FileStatus literal = literal(system, path);
            if (literal != null) {
                Path base = literal.isDirectory() ? literal.getPath() : parent(literal.getPath());
                collect(source, system, literal, base, true, files);
            } else if (WILDCARD.matcher(path.toString()).find()) {
                Path base = fixedPart(system.makeQualified(path));
                FileStatus[] matches = system.globStatus(path);
                for (FileStatus match : matches == null ? new FileStatus[0] : matches) {
                    collect(source, system, match, base, false, files);
                }
            }
        } catch (IOException | RuntimeException unreadable) {
            throw new Failure(
                    isOfTheDocument(unreadable) ? Failure.Kind.USAGE : Failure.Kind.INPUT_MISSING,
                    source.name() + ": cannot look for " + source.path() + ": " + reason(unreadable)
                            + ". Correct `path:` in the job document.",
                    unreadable);
        }
        if (files.isEmpty()) {
            throw new Failure(
                    Failure.Kind.INPUT_MISSING,
                    source.name() + ": no file at " + source.path()
                            + ". Correct `path:` in the job document, or deliver the files and run again.");
        }
        AllowedRoots roots = AllowedRoots.of(System.getenv());
        for (SourceFile file : files) {
            refuseSpecial(source, file);
            // a link below an allowed folder may lead out of it
            roots.refusal(file.path()).ifPresent(refusal -> {
                throw new Failure(Failure.Kind.USAGE, source.name() + ": " + file.file() + " " + refusal);
            });
        }
        files.sort(Comparator.comparing(SourceFile::file));
        for (int i = 1; i < files.size(); i++) {
            if (files.get(i).file().equals(files.get(i - 1).file())) {
                throw new Failure(
                        Failure.Kind.USAGE,
                        source.name() + ": " + source.path() + " matches the file "
                                + files.get(i).file() + " twice; write a path that matches it once");
            }
        }
        return List.copyOf(files);
    }

    /** Reading a pipe or a device may never end, and what the kernel says of processes is no data. */
    private static void refuseSpecial(Source source, SourceFile file) {
        URI address = new Path(file.path()).toUri();
        if ("file".equals(address.getScheme())) {
            SpecialFiles.nature(java.nio.file.Path.of(address.getPath())).ifPresent(nature -> {
                throw new Failure(
                        Failure.Kind.USAGE,
                        source.name() + ": " + address.getPath() + " " + nature
                                + ", not a data file. Correct `path:` in the job document.");
            });
        }
    }

    /** Whether no address of this form can be read here, however the network and the files are. */
    private static boolean isOfTheDocument(Exception fault) {
        return fault instanceof UnsupportedFileSystemException
                || String.valueOf(fault.getMessage()).startsWith("Illegal file pattern")
                || (fault instanceof RuntimeException && networkFault(fault).isEmpty());
    }

    private static String reason(Exception fault) {
        if (fault.getCause() instanceof ClassNotFoundException) {
            return "no file system for such addresses is installed here; a cluster has it, or put its jars into jars/";
        }
        if (fault instanceof UnsupportedFileSystemException) {
            return "Spark knows no such addresses; name files by a local path, or by one like s3a://BUCKET/FOLDER";
        }
        return networkFault(fault).orElseGet(() -> MappingCheck.firstLine(fault));
    }

    /** Why the machine that has the files cannot be reached. */
    private static Optional<String> networkFault(Throwable fault) {
        for (Throwable cause : Causes.of(fault)) {
            if (cause instanceof UnknownHostException) {
                return Optional.of("its host is not known to this machine");
            }
            if (cause instanceof SocketException || cause instanceof SocketTimeoutException) {
                return Optional.of("its host does not answer; check that it is up and can be reached from here");
            }
        }
        return Optional.empty();
    }

    private static FileStatus literal(FileSystem system, Path path) throws IOException {
        try {
            return system.getFileStatus(path);
        } catch (FileNotFoundException absent) {
            return null;
        }
    }

    private static void collect(
            Source source, FileSystem system, FileStatus status, Path base, boolean isNamed, List<SourceFile> files)
            throws IOException {
        String name = status.getPath().getName();
        if (!isNamed && (name.startsWith("_") || name.startsWith("."))) {
            return;
        }
        if (status.isDirectory()) {
            for (FileStatus inside : system.listStatus(status.getPath())) {
                collect(source, system, inside, base, false, files);
            }
            return;
        }
        files.add(new SourceFile(
                source.name(),
                below(base, status.getPath()),
                status.getPath().toString(),
                status.getLen(),
                status.getModificationTime()));
    }

    static String below(Path base, Path path) {
        String folder = base.toUri().getPath();
        String whole = path.toUri().getPath();
        String prefix = folder.endsWith("/") ? folder : folder + "/";
        return whole.startsWith(prefix) ? whole.substring(prefix.length()) : whole;
    }

    /** The folders of a path before its first wildcard. */
    static Path fixedPart(Path path) {
        Path fixed = path;
        while (fixed.getParent() != null
                && WILDCARD.matcher(fixed.toUri().getPath()).find()) {
            fixed = fixed.getParent();
        }
        return fixed;
    }

    private static Path parent(Path path) {
        return path.getParent() == null ? path : path.getParent();
    }
}

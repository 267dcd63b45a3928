package manyi.store;

import java.io.IOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.ChecksumFs;
import org.apache.hadoop.fs.DelegateToFileSystem;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FsConstants;
import org.apache.hadoop.fs.FsServerDefaults;
import org.apache.hadoop.fs.LocalFileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.fs.RawLocalFileSystem;
import org.apache.hadoop.fs.local.LocalConfigKeys;
import org.apache.hadoop.fs.permission.FsPermission;

/**
 * Hadoop's local file system, asking Java where Hadoop asks other programs. Without its native library Hadoop starts
 * {@code chmod} for every file and folder it makes and {@code readlink} for every rename: about a thousand processes
 * in a run over a small warehouse.
 */
public final class LocalFiles extends LocalFileSystem {

    /** The settings by which a session uses it. */
    public static final Map<String, String> SETTINGS = Map.of(
            "spark.hadoop.fs.file.impl",
            LocalFiles.class.getName(),
            "spark.hadoop.fs.AbstractFileSystem.file.impl",
            Checked.class.getName());

    /** Called by Hadoop. */
    public LocalFiles() {
        super(new Raw());
    }

    /** The same through Hadoop's other interface, which Delta's log is written by. */
    public static final class Checked extends ChecksumFs {

        /** Called by Hadoop. */
        public Checked(URI uri, Configuration configuration) throws IOException, URISyntaxException {
            super(new Unchecked(uri, configuration));
        }
    }

    private static final class Unchecked extends DelegateToFileSystem {

        Unchecked(URI uri, Configuration configuration) throws IOException, URISyntaxException {
            super(uri, new Raw(), configuration, FsConstants.LOCAL_FS_URI.getScheme(), false);
        }

        @Override
        public int getUriDefaultPort() {
            return -1;
        }

        @Override
        public FsServerDefaults getServerDefaults(Path path) throws IOException {
            return LocalConfigKeys.getServerDefaults();
        }

        @Override
        public boolean isValidName(String name) {
            // whether a name can be used is the operating system's matter
            return true;
        }
    }

    private static final class Raw extends RawLocalFileSystem {

        @Override
        public void setPermission(Path path, FsPermission permission) throws IOException {
            if (permission.getStickyBit()) {
                // Java knows no such bit
                super.setPermission(path, permission);
                return;
            }
            String nine = permission.getUserAction().SYMBOL
                    + permission.getGroupAction().SYMBOL
                    + permission.getOtherAction().SYMBOL;
            Files.setPosixFilePermissions(pathToFile(path).toPath(), PosixFilePermissions.fromString(nine));
        }

        @Override
        public FileStatus getFileLinkStatus(Path path) throws IOException {
            return Files.isSymbolicLink(pathToFile(path).toPath())
                    ? super.getFileLinkStatus(path)
                    : getFileStatus(path);
        }
    }
}

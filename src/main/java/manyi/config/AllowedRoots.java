package manyi.config;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The folders below which a job may read and write, from {@code MANYI_ALLOWED_ROOTS}: local folders and
 * {@code scheme://} addresses, separated by colons. Where the variable is not set every path is allowed.
 *
 * <p>A path is looked at in both ways in which it could be opened: with {@code ..} taken off the text first, as Hadoop
 * does, and link by link, as the operating system does. Of a glob the part before the first wildcard is looked at; what
 * a glob matched can be asked for again, file by file.
 *
 * @param roots as written; empty where all is allowed
 */
public record AllowedRoots(List<String> roots) {

    /** The variable's name. */
    public static final String VARIABLE = "MANYI_ALLOWED_ROOTS";

    private static final Pattern ADDRESS = Pattern.compile("([^/:]*):(?://([^/]*))?(.*)", Pattern.DOTALL);
    private static final int LINKS = 40;

    public AllowedRoots {
        roots = List.copyOf(roots);
    }

    /** Reads the variable. */
    public static AllowedRoots of(Map<String, String> environment) {
        String value = environment.getOrDefault(VARIABLE, "");
        return new AllowedRoots(Arrays.stream(value.split(":(?!//)"))
                .map(String::strip)
                .filter(root -> !root.isEmpty())
                .toList());
    }

    /** Why this path or glob is refused; empty where it may be used. */
    public Optional<String> refusal(String path) {
        if (roots.isEmpty() || isBelowARoot(path)) {
            return Optional.empty();
        }
        return Optional.of(
                "'" + path + "' lies outside the folders that " + VARIABLE + " allows: " + String.join(", ", roots));
    }

    private boolean isBelowARoot(String path) {
        String fixed = fixedPart(path);
        if (fixed == null) {
            return false;
        }
        try {
            Matcher address = ADDRESS.matcher(fixed);
            if (address.matches() && !address.group(1).equalsIgnoreCase("file")) {
                return roots.stream().anyMatch(root -> isBelow(address, root));
            }
            Path local = local(fixed);
            Path asText = real(local.normalize());
            Path asLinked = real(local);
            for (String root : roots) {
                Path allowed = ADDRESS.matcher(root).matches() ? null : real(local(root));
                if (allowed != null && asText.startsWith(allowed) && asLinked.startsWith(allowed)) {
                    return true;
                }
            }
            return false;
        } catch (InvalidPathException | IOException unreadable) {
            return false;
        }
    }

    /** The folders and name before the first wildcard; null where a glob could climb out of them. */
    private static String fixedPart(String path) {
        int wildcard = -1;
        for (int i = 0; i < path.length() && wildcard < 0; i++) {
            if ("*?[]{}\\".indexOf(path.charAt(i)) >= 0) {
                wildcard = i;
            }
        }
        boolean hasAuthorityWithoutScheme = path.startsWith("//");
        if (wildcard < 0) {
            return hasAuthorityWithoutScheme ? null : path;
        }
        String rest = path.substring(wildcard);
        String fixed = path.substring(0, path.lastIndexOf('/', wildcard) + 1);
        boolean canClimb = rest.contains("..") || rest.indexOf('\\') >= 0 || (fixed.isEmpty() && rest.startsWith("{"));
        return canClimb || hasAuthorityWithoutScheme ? null : fixed;
    }

    private static boolean isBelow(Matcher address, String root) {
        Matcher allowed = ADDRESS.matcher(root);
        return allowed.matches()
                && allowed.group(1).equalsIgnoreCase(address.group(1))
                && String.valueOf(allowed.group(2)).equalsIgnoreCase(String.valueOf(address.group(2)))
                && Path.of("/", address.group(3))
                        .normalize()
                        .startsWith(Path.of("/", allowed.group(3)).normalize());
    }

    private static Path local(String path) {
        Matcher address = ADDRESS.matcher(path);
        return Path.of(address.matches() ? address.group(3) : path).toAbsolutePath();
    }

    /** Follows every link of the part that exists, dangling links too; the part that does not exist stays as it is. */
    private static Path real(Path path) throws IOException {
        Path done = path.getRoot();
        Path left = done.relativize(path);
        int links = 0;
        while (!left.toString().isEmpty()) {
            Path name = left.getName(0);
            left = left.getNameCount() > 1 ? left.subpath(1, left.getNameCount()) : Path.of("");
            Path next = done.resolve(name);
            if (name.toString().equals("..")) {
                done = done.getParent() == null ? done : done.getParent();
            } else if (Files.isSymbolicLink(next)) {
                if (++links > LINKS) {
                    throw new IOException("more than " + LINKS + " links");
                }
                Path target = Files.readSymbolicLink(next);
                left = target.isAbsolute() ? target.getRoot().relativize(target).resolve(left) : target.resolve(left);
                done = target.isAbsolute() ? target.getRoot() : done;
            } else if (!name.toString().equals(".")) {
                done = next;
            }
        }
        return done;
    }
}

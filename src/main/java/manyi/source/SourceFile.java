package manyi.source;

/**
 * A file that a source's path matches.
 *
 * @param source the source entry's name
 * @param file its path below the fixed part of the source's path, with {@code /}: the name it has in accounts
 * @param path where it is read from
 * @param bytes its size
 * @param modifiedAt its modification time, milliseconds since 1970
 */
public record SourceFile(String source, String file, String path, long bytes, long modifiedAt) {}

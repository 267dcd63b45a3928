package manyi.source;

import java.io.Serializable;

/**
 * A file, or a piece of a large one, that one task reads from beginning to end.
 *
 * @param file the name it has in accounts
 * @param from the first byte at which a line may begin
 * @param to the byte before which lines begin; below 0 for the whole file
 * @param header which of the source's headers the file has
 */
record TextUnit(String file, String path, long from, long to, long bytes, int header) implements Serializable {

    boolean isPiece() {
        return to >= 0;
    }
}

package manyi.math.survey;

/** Several arrays of whole numbers in one, each behind its length; an absent one has the length −1. */
final class Packed {

    private final long[] data;
    private int at;

    Packed(long[] data) {
        this.data = data;
    }

    static long[] of(long[]... arrays) {
        int length = arrays.length;
        for (long[] array : arrays) {
            length += array == null ? 0 : array.length;
        }
        long[] data = new long[length];
        int at = 0;
        for (long[] array : arrays) {
            data[at++] = array == null ? -1 : array.length;
            if (array != null) {
                System.arraycopy(array, 0, data, at, array.length);
                at += array.length;
            }
        }
        return data;
    }

    /** The next array; null where it is absent. */
    long[] next() {
        int length = StrictMath.toIntExact(data[at++]);
        if (length < 0) {
            return null;
        }
        long[] array = new long[length];
        into(array, length);
        return array;
    }

    /** Reads the next array into this one. */
    void into(long[] array) {
        into(array, StrictMath.toIntExact(data[at++]));
    }

    private void into(long[] array, int length) {
        if (length != array.length) {
            throw new IllegalArgumentException(length + " numbers where " + array.length + " belong");
        }
        System.arraycopy(data, at, array, 0, length);
        at += length;
    }
}

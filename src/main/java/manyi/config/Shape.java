package manyi.config;

import java.math.BigDecimal;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/** What may stand as the value of a key. */
sealed interface Shape {

    /** How the reference calls it. */
    String word();

    /** A text; the word says of what. */
    record Text(String word) implements Shape {}

    /** One of these words. */
    record Words(List<String> words) implements Shape {
        @Override
        public String word() {
            return or(words.stream().map(word -> "`" + word + "`").toList());
        }
    }

    /** True or false. */
    record Flag() implements Shape {
        @Override
        public String word() {
            return "flag";
        }
    }

    /** A day of the calendar. */
    record Day() implements Shape {
        @Override
        public String word() {
            return "day";
        }
    }

    /** A whole number between two, both included. */
    record Whole(int least, int greatest) implements Shape {
        @Override
        public String word() {
            return greatest == Integer.MAX_VALUE
                    ? "whole number from " + least
                    : "whole number, " + least + " to " + greatest;
        }

        boolean has(int number) {
            return number >= least && number <= greatest;
        }
    }

    /** A number within bounds, each included or not; empty where there is none. */
    record Decimal(Optional<BigDecimal> least, boolean isLeastIn, Optional<BigDecimal> greatest, boolean isGreatestIn)
            implements Shape {
        @Override
        public String word() {
            if (least.isEmpty()) {
                return "number";
            } else if (greatest.isEmpty()) {
                return (isLeastIn ? "number from " : "number above ") + least.get();
            }
            return least.get() + " to " + greatest.get() + (isGreatestIn ? "" : " (excluded)");
        }

        boolean has(BigDecimal number) {
            int low = least.map(number::compareTo).orElse(1);
            int high = greatest.map(number::compareTo).orElse(-1);
            return (low > 0 || (low == 0 && isLeastIn)) && (high < 0 || (high == 0 && isGreatestIn));
        }

        /** Why a number is refused. */
        String refusal() {
            if (greatest.isEmpty()) {
                return isLeastIn ? "is below " + least.orElseThrow() : "is not above " + least.orElseThrow();
            }
            return "is not between " + least.orElseThrow() + " and " + greatest.get()
                    + (isGreatestIn ? "" : ", " + greatest.get() + " excluded");
        }
    }

    /** A list; one element may be written without brackets. */
    record Items(Shape element) implements Shape {
        @Override
        public String word() {
            return "list of "
                    + (element instanceof Block block
                            ? block.keys().stream().map(Key::name).collect(Collectors.joining(", ", "`{", "}`"))
                            : element.word());
        }
    }

    /** Declared keys and, where there is a shape for others, any further ones. */
    record Block(List<Key> keys, Optional<Shape> others) implements Shape {
        @Override
        public String word() {
            return keys.isEmpty()
                    ? "block"
                    : "block of "
                            + keys.stream().map(key -> "`" + key.name() + "`").collect(Collectors.joining(", "));
        }

        Optional<Key> key(String name) {
            return keys.stream().filter(key -> key.name().equals(name)).findFirst();
        }
    }

    /** One of several shapes. */
    record Either(List<Shape> shapes) implements Shape {
        @Override
        public String word() {
            return or(shapes.stream().map(Shape::word).toList());
        }
    }

    static Shape text(String word) {
        return new Text(word);
    }

    static Shape words(String... words) {
        return new Words(List.of(words));
    }

    static Shape words(List<String> words) {
        return new Words(List.copyOf(words));
    }

    static Shape flag() {
        return new Flag();
    }

    static Shape day() {
        return new Day();
    }

    static Shape whole(int least) {
        return new Whole(least, Integer.MAX_VALUE);
    }

    static Shape whole(int least, int greatest) {
        return new Whole(least, greatest);
    }

    static Shape number() {
        return new Decimal(Optional.empty(), true, Optional.empty(), true);
    }

    static Shape from(int least) {
        return new Decimal(Optional.of(BigDecimal.valueOf(least)), true, Optional.empty(), true);
    }

    static Shape above(int least) {
        return new Decimal(Optional.of(BigDecimal.valueOf(least)), false, Optional.empty(), true);
    }

    static Shape between(String least, String greatest) {
        return new Decimal(Optional.of(new BigDecimal(least)), true, Optional.of(new BigDecimal(greatest)), true);
    }

    static Shape below(int least, int greatest) {
        return new Decimal(
                Optional.of(BigDecimal.valueOf(least)), true, Optional.of(BigDecimal.valueOf(greatest)), false);
    }

    static Shape list(Shape element) {
        return new Items(element);
    }

    static Block block(Key... keys) {
        return new Block(List.of(keys), Optional.empty());
    }

    /** The document's own keys, each with a value of this shape. */
    static Block by(Shape value) {
        return new Block(List.of(), Optional.of(value));
    }

    static Shape either(Shape... shapes) {
        return new Either(Arrays.asList(shapes));
    }

    private static String or(List<String> words) {
        int last = words.size() - 1;
        return last == 0
                ? words.get(0)
                : words.subList(0, last).stream().collect(Collectors.joining(", ")) + " or " + words.get(last);
    }
}

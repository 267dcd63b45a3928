package manyi.config;

import java.util.Optional;

/**
 * A key of a document, declared once: the reader takes its type, bounds and default from here, and so do the reference
 * ({@code docs/job.md}), the JSON Schema and the hints for misspelt keys.
 *
 * @param isRequired whether a block without it is refused
 * @param otherwise the default as it would be written; empty where there is none
 * @param absent what the reference says of a key that is left out; empty where it says the default, or none
 * @param meaning a sentence or more, as Markdown
 */
record Key(String name, Shape shape, boolean isRequired, Optional<String> otherwise, String absent, String meaning) {

    static Key of(String name, Shape shape, String meaning) {
        return new Key(name, shape, false, Optional.empty(), "", meaning);
    }

    static Key of(String name, Shape shape, String otherwise, String meaning) {
        return new Key(name, shape, false, Optional.of(otherwise), "", meaning);
    }

    static Key required(String name, Shape shape, String meaning) {
        return new Key(name, shape, true, Optional.empty(), "", meaning);
    }

    /** Says in words what holds where the key is left out. */
    Key absent(String words) {
        return new Key(name, shape, isRequired, otherwise, words, meaning);
    }
}

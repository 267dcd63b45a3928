package manyi.run;

/** Told what a run is doing; a progress bar on a terminal, nothing in a log. */
public interface Progress {

    /** A step begins; {@code done} of {@code total} steps lie behind it. */
    void step(String name, int done, int total);

    /** Hears nothing. */
    Progress SILENT = (name, done, total) -> {};
}

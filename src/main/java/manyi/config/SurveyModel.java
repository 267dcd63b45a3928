package manyi.config;

import java.io.Serializable;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * What a survey's answers are explained by, as the questionnaire writes it.
 *
 * @param paths the path model, where there is one
 * @param drivers what drives satisfaction, where it is asked for
 * @param replicates of the bootstrap
 * @param seed of the bootstrap
 * @param weights how the weights λ of the indicators follow from the answers; empty where they are given
 */
public record SurveyModel(
        Optional<PathModel> paths,
        Optional<Drivers> drivers,
        int replicates,
        long seed,
        Optional<DerivedWeights> weights) {

    /** A model of which no weights are derived. */
    public SurveyModel(Optional<PathModel> paths, Optional<Drivers> drivers, int replicates, long seed) {
        this(paths, drivers, replicates, seed, Optional.empty());
    }

    /** The items of model and drivers, in the order in which they are named. */
    public Set<String> items() {
        Set<String> items = new LinkedHashSet<>();
        paths.ifPresent(model -> model.constructs().forEach(construct -> items.addAll(construct.items())));
        drivers.ifPresent(asked -> {
            items.addAll(asked.outcome());
            asked.predictors().values().forEach(items::addAll);
        });
        return items;
    }

    /** What the weights λ of the indicators are derived from. */
    public enum WeightSource {
        PATH,
        DRIVERS;

        /** The word in the questionnaire. */
        public String key() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /**
     * Weights λ that are estimated once and held over all waves and segments.
     *
     * @param construct whose index the indicators make up, where they come from the path model
     * @param waves from whose answers they are estimated, in the order of time
     */
    public record DerivedWeights(WeightSource source, Optional<String> construct, List<String> waves) {
        public DerivedWeights {
            waves = List.copyOf(waves);
        }
    }

    /** How the scores of neighbouring constructs guide each other's weights. */
    public enum Scheme {
        PATH,
        CENTROID,
        FACTORIAL;

        /** The word in the questionnaire. */
        public String key() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /**
     * A path model of constructs.
     *
     * @param paths without a circle; each construct is at one end of a path at least
     * @param hasOwnWeights whether each segment has outer weights of its own; else all take those of the whole wave
     * @param isConsistent whether coefficients are corrected for the unreliability of scores (PLSc)
     * @param isPairwise whether covariances rest on the answers to both items; else a missing answer is taken to be the
     *     item's mean
     */
    public record PathModel(
            List<Construct> constructs,
            List<Path> paths,
            Scheme scheme,
            boolean hasOwnWeights,
            boolean isConsistent,
            boolean isPairwise)
            implements Serializable {
        private static final long serialVersionUID = 1L;

        public PathModel {
            constructs = List.copyOf(constructs);
            paths = List.copyOf(paths);
        }
    }

    /**
     * A construct and the items that measure it.
     *
     * @param isFormative whether its items form it (mode B); else they reflect it (mode A)
     */
    public record Construct(String name, List<String> items, boolean isFormative) implements Serializable {
        private static final long serialVersionUID = 1L;

        public Construct {
            items = List.copyOf(items);
        }
    }

    /** One construct acts on another. */
    public record Path(String from, String to) implements Serializable {
        private static final long serialVersionUID = 1L;
    }

    /**
     * Groups of items, and the satisfaction that they may drive.
     *
     * @param outcome its items; their mean is what is explained
     * @param predictors name → items, in the order of the document
     */
    public record Drivers(List<String> outcome, Map<String, List<String>> predictors, boolean isPairwise)
            implements Serializable {
        private static final long serialVersionUID = 1L;

        public Drivers {
            outcome = List.copyOf(outcome);
            Map<String, List<String>> copy = new LinkedHashMap<>();
            predictors.forEach((name, items) -> copy.put(name, List.copyOf(items)));
            predictors = Collections.unmodifiableMap(copy);
        }

        /** The outcome's name: its item, or its items with plus signs between. */
        public String outcomeName() {
            return String.join(" + ", outcome);
        }
    }
}

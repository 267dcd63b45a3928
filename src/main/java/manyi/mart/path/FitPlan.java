package manyi.mart.path;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import manyi.config.Job;
import manyi.config.SurveyModel;
import manyi.math.driver.Combinations;
import manyi.math.driver.Drivers;
import manyi.math.moment.Moments;
import manyi.math.pls.PathModel;

/**
 * What is fitted in every cell, of a kind that can be sent to tasks.
 *
 * @param items those whose moments are condensed
 * @param paths the path model; one or none
 * @param drivers what may drive the outcome; one or none
 */
record FitPlan(
        List<MomentItem> items,
        List<SurveyModel.PathModel> paths,
        List<SurveyModel.Drivers> drivers,
        int replicates,
        long seed,
        int minimumRespondents)
        implements Serializable {

    private static final long serialVersionUID = 1L;

    FitPlan {
        items = List.copyOf(items);
        paths = List.copyOf(paths);
        drivers = List.copyOf(drivers);
    }

    static FitPlan of(Job.Satisfaction satisfaction) {
        SurveyModel model = satisfaction
                .questionnaire()
                .model()
                .orElseThrow(() -> new IllegalArgumentException("the questionnaire has no model"));
        return new FitPlan(
                MomentItem.of(satisfaction.questionnaire()),
                model.paths().map(List::of).orElse(List.of()),
                model.drivers().map(List::of).orElse(List.of()),
                model.replicates(),
                model.seed(),
                satisfaction.minimumRespondents());
    }

    /** The place of an item among those condensed. */
    int place(String id) {
        for (int i = 0; i < items.size(); i++) {
            if (items.get(i).id().equals(id)) {
                return i;
            }
        }
        throw new IllegalArgumentException("no moments of item " + id);
    }

    /** The path model in the words of mathematics. */
    Optional<PathModel> pathModel() {
        return paths.stream().findFirst().map(this::pathModel);
    }

    private PathModel pathModel(SurveyModel.PathModel written) {
        // reversed items are turned over within their scale, which stays
        List<PathModel.Item> all = items.stream()
                .map(item -> new PathModel.Item(item.id(), item.lowest(), item.highest()))
                .toList();
        List<PathModel.Construct> constructs = written.constructs().stream()
                .map(construct -> new PathModel.Construct(
                        construct.name(),
                        construct.items().stream().map(this::place).toList(),
                        construct.isFormative() ? PathModel.Mode.B : PathModel.Mode.A))
                .toList();
        return new PathModel(
                all,
                constructs,
                written.paths().stream()
                        .map(path -> new PathModel.Path(path.from(), path.to()))
                        .toList(),
                switch (written.scheme()) {
                    case PATH -> PathModel.Scheme.PATH;
                    case CENTROID -> PathModel.Scheme.CENTROID;
                    case FACTORIAL -> PathModel.Scheme.FACTORIAL;
                },
                written.isPairwise() ? PathModel.Missing.PAIRWISE : PathModel.Missing.MEAN,
                written.isConsistent());
    }

    /** Whether segments are measured by the weights of the whole wave. */
    boolean hasPooledWeights() {
        return paths.stream().noneMatch(SurveyModel.PathModel::hasOwnWeights);
    }

    /** The outcome's items first, then those of each predictor. */
    List<List<Integer>> blocks(SurveyModel.Drivers of) {
        List<List<Integer>> blocks = new ArrayList<>();
        blocks.add(of.outcome().stream().map(this::place).toList());
        for (Map.Entry<String, List<String>> predictor : of.predictors().entrySet()) {
            blocks.add(predictor.getValue().stream().map(this::place).toList());
        }
        return blocks;
    }

    /** Block means of scores 0 to 100: those of the predictors, then that of the outcome. */
    double[][] combinations(SurveyModel.Drivers of) {
        List<List<Integer>> blocks = new ArrayList<>(blocks(of));
        blocks.add(blocks.remove(0));
        double[][] combinations = Combinations.means(items.size(), blocks);
        for (double[] combination : combinations) {
            for (int i = 0; i < combination.length; i++) {
                MomentItem item = items.get(i);
                combination[i] *= 100 / (item.highest() - item.lowest());
            }
        }
        return combinations;
    }

    /** The drivers on a set of answers. */
    Drivers fitted(SurveyModel.Drivers of, Moments moments) {
        return fitted(of, combinations(of), moments);
    }

    static Drivers fitted(SurveyModel.Drivers of, double[][] combinations, Moments moments) {
        double[][] items = of.isPairwise() ? moments.pairwiseCovariance() : moments.covariance();
        // items that are in no block are not looked at, nor what nobody answered among them
        return Drivers.of(
                List.copyOf(of.predictors().keySet()),
                Combinations.covariance(combinations, usedOnly(combinations, items)));
    }

    private static double[][] usedOnly(double[][] combinations, double[][] items) {
        boolean[] isUsed = new boolean[items.length];
        for (double[] combination : combinations) {
            for (int i = 0; i < isUsed.length; i++) {
                isUsed[i] |= combination[i] != 0;
            }
        }
        double[][] used = new double[items.length][items.length];
        for (int i = 0; i < items.length; i++) {
            for (int j = 0; j < items.length; j++) {
                used[i][j] = isUsed[i] && isUsed[j] ? items[i][j] : 0;
            }
        }
        return used;
    }
}

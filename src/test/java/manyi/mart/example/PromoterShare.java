package manyi.mart.example;

import manyi.config.Questionnaire.Role;
import manyi.mart.survey.SegmentMeasure;

/** A further measure of a segment, as CONTRIBUTING.md shows it. */
final class PromoterShare {

    /** The share of promoters, who are only netted against detractors in nps. */
    static final SegmentMeasure PROMOTERS = SegmentMeasure.share(
            "promoter",
            Role.RECOMMEND,
            "Weighted share of those who recommend; null where no item asks for it.",
            (satisfaction, item) -> {
                double from = satisfaction.promotersFrom();
                return (answer, score) -> answer >= from;
            });

    private PromoterShare() {}
}

package manyi.run;

import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import manyi.config.Job;
import manyi.config.LifetimeValue;
import manyi.config.Questionnaire;
import manyi.config.SourceKind;
import manyi.conformed.Attributes;
import manyi.conformed.CategorySpending;
import manyi.conformed.CostMonth;
import manyi.conformed.Customer;
import manyi.conformed.CustomerAttribute;
import manyi.conformed.CustomerHistory;
import manyi.conformed.CustomerKeys;
import manyi.conformed.CustomerMonth;
import manyi.conformed.CustomerSpan;
import manyi.conformed.IndicatorWeight;
import manyi.conformed.LaterPurchase;
import manyi.conformed.Purchase;
import manyi.conformed.PurchaseAttribute;
import manyi.conformed.PurchaseMonth;
import manyi.conformed.Referral;
import manyi.conformed.ScoredResponse;
import manyi.conformed.SurveyResponse;
import manyi.conformed.WaveResponse;
import manyi.mart.account.CurrentRow;
import manyi.mart.account.Exclusion;
import manyi.mart.account.FileAccount;
import manyi.mart.account.IngestAccount;
import manyi.mart.account.PurchaseAccount;
import manyi.mart.account.Reconciliation;
import manyi.mart.loyalty.AcquisitionEconomics;
import manyi.mart.loyalty.CohortCell;
import manyi.mart.loyalty.CohortFingerprint;
import manyi.mart.loyalty.CohortRetention;
import manyi.mart.loyalty.CustomerAddition;
import manyi.mart.loyalty.CustomerCell;
import manyi.mart.loyalty.CustomerLoyalty;
import manyi.mart.loyalty.CustomerSegment;
import manyi.mart.loyalty.CustomerShare;
import manyi.mart.loyalty.CustomerStatus;
import manyi.mart.loyalty.KeptRevenue;
import manyi.mart.loyalty.PurchaseSequence;
import manyi.mart.loyalty.RetentionRate;
import manyi.mart.loyalty.RevenueConcentration;
import manyi.mart.loyalty.ThreeR;
import manyi.mart.loyalty.TierTransition;
import manyi.mart.path.ConstructScore;
import manyi.mart.path.ConstructValidity;
import manyi.mart.path.MeasurementInvariance;
import manyi.mart.path.MomentCell;
import manyi.mart.path.PathCoefficient;
import manyi.mart.path.PathFigure;
import manyi.mart.path.PathIndicator;
import manyi.mart.path.SatisfactionDriver;
import manyi.mart.path.WeightEstimate;
import manyi.mart.satisfaction.CustomerDeliveredValue;
import manyi.mart.satisfaction.ExpectationGap;
import manyi.mart.satisfaction.GroupedSatisfaction;
import manyi.mart.satisfaction.IndicatorSatisfaction;
import manyi.mart.satisfaction.LaterResponse;
import manyi.mart.satisfaction.ResponseCell;
import manyi.mart.satisfaction.ResponseQuality;
import manyi.mart.satisfaction.ResponseRaking;
import manyi.mart.satisfaction.SatisfactionTrend;
import manyi.mart.satisfaction.SegmentSatisfaction;
import manyi.mart.satisfaction.SurveyExclusion;
import manyi.mart.satisfaction.SurveyWeighting;
import manyi.mart.satisfaction.ToleratedRise;
import manyi.mart.satisfaction.WaveRelease;
import manyi.mart.survey.PairedCell;
import manyi.mart.survey.RoundedFigures;
import manyi.mart.survey.SatisfactionCell;
import manyi.mart.value.CustomerLifetimeValue;
import manyi.mart.value.CustomerValue;
import manyi.mart.value.ForecastCalibration;
import manyi.mart.value.ForecastCell;
import manyi.mart.value.ForecastHoldout;
import manyi.mart.value.ForecastTracking;
import manyi.mart.value.LifetimeValueModel;
import manyi.mart.value.SegmentLifetimeValue;
import manyi.table.Derivation;
import manyi.table.Dictionary;
import manyi.table.Table;
import manyi.table.Visibility;

/** The table of contents: everything that a run derives for its as_of. A new mart is a line in {@link #of} and, where
 * readers see it, one in {@link #READABLE}. */
public final class Pipeline {

    /** What readers find, in the order of the dictionary. */
    public static final List<Table> READABLE = Stream.of(
                    SegmentSatisfaction.TABLE,
                    IndicatorSatisfaction.TABLE,
                    GroupedSatisfaction.TABLE,
                    SatisfactionTrend.TABLE,
                    ToleratedRise.TABLE,
                    ExpectationGap.TABLE,
                    CustomerDeliveredValue.TABLE,
                    ResponseQuality.TABLE,
                    SurveyWeighting.TABLE,
                    WaveRelease.TABLE,
                    PathCoefficient.TABLE,
                    ConstructScore.TABLE,
                    PathIndicator.TABLE,
                    ConstructValidity.TABLE,
                    MeasurementInvariance.TABLE,
                    SatisfactionDriver.TABLE,
                    CohortRetention.TABLE,
                    RetentionRate.TABLE,
                    TierTransition.TABLE,
                    RevenueConcentration.TABLE,
                    ThreeR.TABLE,
                    CustomerShare.TABLE,
                    PurchaseSequence.TABLE,
                    AcquisitionEconomics.TABLE,
                    LifetimeValueModel.TABLE,
                    SegmentLifetimeValue.TABLE,
                    ForecastHoldout.TABLE,
                    ForecastCalibration.TABLE,
                    ForecastTracking.TABLE,
                    Reconciliation.TABLE,
                    Exclusion.TABLE,
                    IngestAccount.TABLE,
                    RunManifest.TABLE,
                    Dictionary.TABLE,
                    CustomerSegment.TABLE,
                    CustomerLoyalty.TABLE,
                    CustomerLifetimeValue.TABLE)
            .toList();

    private Pipeline() {}

    /** The derivations of a job at a day; their order follows from their inputs. */
    static List<Derivation> of(Job job, LocalDate asOf, CustomerKeys keys) {
        Attributes attributes = Attributes.of(job);
        List<Derivation> all = new ArrayList<>(conformed(job, asOf, attributes));
        all.add(new Customer(asOf, attributes));
        all.add(new CustomerCell());
        all.add(new CohortFingerprint());
        all.add(new CohortCell(job.segments()));
        all.add(new CustomerSegment(asOf, job.segments(), keys));
        all.add(new CohortRetention(
                asOf,
                job.segments(),
                job.currency(),
                job.cohorts().leftTruncationMonths(),
                job.loyalty().isPresent()));
        job.loyalty().ifPresent(loyalty -> {
            all.add(new CustomerStatus(asOf, loyalty));
            all.add(new CustomerLoyalty(asOf, job.currency(), loyalty, keys, has(job, SourceKind.REFERRALS)));
            all.add(new TierTransition(asOf, job.segments(), loyalty));
            all.add(new RetentionRate(asOf, job.segments(), loyalty));
            all.add(new RevenueConcentration(asOf, job.segments(), job.currency()));
            all.addAll(economics(job, asOf, loyalty));
        });
        if (has(job, SourceKind.SPENDING)) {
            all.add(new CategorySpending(asOf));
            all.add(new CustomerShare(asOf, job.segments(), job.currency(), minimumCustomers(job)));
        }
        all.add(new Reconciliation(asOf, job.currency()));
        CurrentRow current = CurrentRow.of(job);
        all.add(current);
        all.add(new FileAccount(current.kinds()));
        all.add(new PurchaseAccount());
        all.add(new IngestAccount(asOf));
        job.lifetimeValue().ifPresent(settings -> {
            all.add(CustomerHistory.of(asOf, settings));
            all.add(new LifetimeValueModel(asOf, settings, job.segments(), job.currency()));
            all.add(new CustomerValue(asOf, settings, job.segments()));
            all.add(new CustomerLifetimeValue(asOf, settings, keys, job.currency()));
            all.add(new SegmentLifetimeValue(asOf, settings, job.segments(), job.currency()));
            all.add(new ForecastCell(asOf, settings, job.segments()));
            all.add(new ForecastHoldout(asOf, settings, job.segments()));
            all.add(new ForecastCalibration(asOf));
            all.add(new ForecastTracking(asOf, settings));
        });
        job.satisfaction().ifPresent(satisfaction -> {
            Questionnaire questionnaire = satisfaction.questionnaire();
            all.add(new SurveyResponse(questionnaire, attributes));
            all.add(new WaveResponse(questionnaire, job.segments()));
            all.add(new WaveRelease(asOf));
            all.add(new LaterResponse(asOf, satisfaction, job.segments()));
            if (IndicatorWeight.asked(questionnaire).isPresent()) {
                all.add(new WeightEstimate(asOf, satisfaction));
            }
            all.add(new ScoredResponse(satisfaction, job.segments()));
            List<Derivation> survey = new ArrayList<>();
            satisfaction.weighting().ifPresent(weighting -> {
                survey.add(new ResponseRaking(asOf, satisfaction, weighting, job.segments()));
                survey.add(new SurveyWeighting(asOf, weighting, satisfaction.minimumRespondents()));
            });
            survey.add(new SatisfactionCell(asOf, satisfaction, job.segments()));
            survey.add(new SegmentSatisfaction(asOf));
            survey.add(new IndicatorSatisfaction(asOf, questionnaire));
            survey.add(new GroupedSatisfaction(asOf));
            survey.add(new SatisfactionTrend(
                    asOf, satisfaction.targets(), job.segments().stream().findFirst()));
            if (questionnaire.item(Questionnaire.Role.PRICE_TOLERANCE).isPresent()) {
                survey.add(new ToleratedRise(asOf));
            }
            if (!questionnaire.gaps().isEmpty()) {
                survey.add(new PairedCell(asOf, satisfaction, job.segments()));
                survey.add(new ExpectationGap(asOf, questionnaire));
            }
            questionnaire.deliveredValue().ifPresent(asked -> survey.add(new CustomerDeliveredValue(asOf, asked)));
            survey.add(new SurveyExclusion(asOf, satisfaction));
            survey.add(new ResponseCell(asOf, satisfaction, attributes.dimensions()));
            survey.add(new ResponseQuality(asOf, satisfaction, attributes));
            questionnaire.model().ifPresent(model -> {
                survey.add(new MomentCell(asOf, satisfaction, job.segments()));
                survey.add(new PathFigure(satisfaction));
                if (model.paths().isPresent()) {
                    survey.add(new PathCoefficient(asOf));
                    survey.add(new ConstructScore(asOf));
                    survey.add(new PathIndicator(asOf));
                    survey.add(new ConstructValidity(asOf));
                    survey.add(new MeasurementInvariance(asOf));
                }
                if (model.drivers().isPresent()) {
                    survey.add(new SatisfactionDriver(asOf));
                }
            });
            survey.forEach(one -> all.add(RoundedFigures.of(one, satisfaction)));
        });
        all.add(new Exclusion(
                asOf,
                all.stream().map(Derivation::table).collect(Collectors.toSet()),
                job.satisfaction().map(satisfaction -> SurveyExclusion.TABLE)));
        return all;
    }

    /** What the sources say, in one form whatever the source. */
    private static List<Derivation> conformed(Job job, LocalDate asOf, Attributes attributes) {
        List<Derivation> all = new ArrayList<>();
        boolean isKeyed = job.sources(SourceKind.PURCHASES).stream()
                .anyMatch(source -> !source.key().isEmpty());
        all.add(new Purchase(isKeyed, has(job, SourceKind.MARGINS)));
        all.add(new LaterPurchase(asOf));
        all.add(new PurchaseMonth());
        if (!attributes.fromPurchases().isEmpty()) {
            all.add(new PurchaseAttribute(attributes.fromPurchases()));
        }
        all.add(new CustomerMonth());
        all.add(new CustomerSpan());
        all.add(new CustomerAttribute());
        return all;
    }

    /** What rests on product groups, referrals and costs, as far as the sources give them. */
    private static List<Derivation> economics(Job job, LocalDate asOf, Job.Loyalty loyalty) {
        List<Derivation> all = new ArrayList<>();
        boolean hasGroups = maps(job, "product_group");
        boolean hasReferrals = has(job, SourceKind.REFERRALS);
        all.add(new KeptRevenue());
        if (hasGroups) {
            all.add(new CustomerAddition(asOf));
        }
        if (hasReferrals) {
            all.add(new Referral(asOf));
        }
        all.add(new ThreeR(asOf, job.segments(), loyalty, hasGroups, hasReferrals));
        if (hasGroups || maps(job, "product")) {
            String kind = hasGroups ? "product_group" : "product";
            all.add(new PurchaseSequence(asOf, job.segments(), kind, PurchaseSequence.MOST_ITEMS));
        }
        CostMonth costs = CostMonth.of(job, asOf);
        if (has(job, SourceKind.COSTS)) {
            all.add(costs);
        }
        if (has(job, SourceKind.COSTS) || loyalty.salesForce().isPresent()) {
            all.add(new AcquisitionEconomics(
                    asOf,
                    job.segments(),
                    job.currency(),
                    job.cohorts().leftTruncationMonths(),
                    loyalty,
                    AcquisitionEconomics.Costs.of(job, costs),
                    new AcquisitionEconomics.Returns(
                            has(job, SourceKind.MARGINS) || maps(job, "margin"),
                            job.lifetimeValue().flatMap(LifetimeValue::margin),
                            job.lifetimeValue().isPresent())));
        }
        return all;
    }

    /** Below so many customers nothing is published that rests on what customers said. */
    private static int minimumCustomers(Job job) {
        return job.satisfaction().map(Job.Satisfaction::minimumRespondents).orElse(CustomerShare.MINIMUM_CUSTOMERS);
    }

    private static boolean has(Job job, SourceKind kind) {
        return !job.sources(kind).isEmpty();
    }

    /** Whether a source of purchases gives the field. */
    private static boolean maps(Job job, String field) {
        return job.sources(SourceKind.PURCHASES).stream()
                .anyMatch(source -> source.columns().containsKey(field));
    }

    /** Tables with a row per segment and day: their days are kept in {@code history/}. */
    static boolean hasHistory(Table table) {
        return table.visibility() == Visibility.PUBLISHED && table.has("as_of") && table.has("segment");
    }
}

package manyi;

import static com.tngtech.archunit.base.DescribedPredicate.describe;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.Architectures.layeredArchitecture;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaAccess;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaFieldAccess;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchCondition;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.lang.ConditionEvents;
import com.tngtech.archunit.lang.SimpleConditionEvent;
import java.util.Optional;
import java.util.Set;
import manyi.table.Field;
import manyi.table.Table;

/** The rules of the house: which room may know which. */
@AnalyzeClasses(packages = "manyi", importOptions = ImportOption.DoNotIncludeTests.class)
class ArchitectureTest {

    @ArchTest
    static final ArchRule nothingCallsBackwards = layeredArchitecture()
            .consideringOnlyDependenciesInAnyPackage("manyi..")
            .withOptionalLayers(true)
            .layer("table")
            .definedBy("manyi.table..")
            .layer("math")
            .definedBy("manyi.math..")
            .layer("config")
            .definedBy("manyi.config..")
            .layer("source")
            .definedBy("manyi.source..")
            .layer("conformed")
            .definedBy("manyi.conformed..")
            .layer("mart")
            .definedBy("manyi.mart..")
            .layer("store")
            .definedBy("manyi.store..")
            .layer("run")
            .definedBy("manyi.run..")
            .layer("report")
            .definedBy("manyi.report..")
            .layer("export")
            .definedBy("manyi.export..")
            .layer("generate")
            .definedBy("manyi.generate..")
            .layer("cli")
            .definedBy("manyi.cli..")
            .whereLayer("table")
            .mayNotAccessAnyLayer()
            .whereLayer("math")
            .mayNotAccessAnyLayer()
            .whereLayer("config")
            .mayOnlyAccessLayers("table")
            .whereLayer("source")
            .mayOnlyAccessLayers("table", "math", "config")
            .whereLayer("conformed")
            .mayOnlyAccessLayers("table", "math", "config", "source")
            .whereLayer("mart")
            .mayOnlyAccessLayers("table", "math", "config", "source", "conformed")
            .whereLayer("store")
            .mayOnlyAccessLayers("table", "math", "config", "source", "conformed", "mart")
            .whereLayer("report")
            .mayOnlyAccessLayers("table", "config", "mart", "store")
            .whereLayer("export")
            .mayOnlyAccessLayers("table", "config", "mart", "store")
            .whereLayer("generate")
            .mayOnlyAccessLayers("table", "math", "config")
            .whereLayer("run")
            .mayOnlyBeAccessedByLayers("cli")
            .whereLayer("cli")
            .mayNotBeAccessedByAnyLayer();

    @ArchTest
    static final ArchRule mathematicsStandsAlone = classes()
            .that()
            .resideInAPackage("manyi.math..")
            .should()
            .onlyDependOnClassesThat()
            .resideInAnyPackage("java..", "manyi.math..", "org.apache.commons.math3..")
            .andShould(notCallTheMathOfTheMachine())
            .allowEmptyShould(true);

    @ArchTest
    static final ArchRule configurationKnowsNoSpark = noClasses()
            .that()
            .resideInAPackage("manyi.config..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("org.apache.spark..", "io.delta..", "scala..");

    @ArchTest
    static final ArchRule filesAreTouchedAtTheEdgesOnly = noClasses()
            .that()
            .resideInAPackage("manyi..")
            .and()
            .resideOutsideOfPackages("manyi.store..", "manyi.source..", "manyi.generate..", "manyi.export..")
            .and()
            .doNotHaveFullyQualifiedName("manyi.cli.Sessions")
            .should()
            .dependOnClassesThat(readersAndWriters());

    @ArchTest
    static final ArchRule theClockIsReadInTheCommandLineAlone = noClasses()
            .that()
            .resideInAPackage("manyi..")
            .and()
            .resideOutsideOfPackage("manyi.cli..")
            .should()
            .accessTargetWhere(describe("the target reads the clock", ArchitectureTest::readsTheClock));

    @ArchTest
    static final ArchRule martsFormNoCycle =
            slices().matching("manyi.mart.(*)..").should().beFreeOfCycles().allowEmptyShould(true);

    @ArchTest
    static final ArchRule martsMeetThroughTables = classes()
            .that()
            .resideInAPackage("manyi.mart.*..")
            .should(touchOnlyTablesOfOtherMarts())
            .allowEmptyShould(true);

    @ArchTest
    static final ArchRule namesSayWhatThingsAre = noClasses()
            .that()
            .resideInAPackage("manyi..")
            .should()
            .haveSimpleNameEndingWith("Impl")
            .orShould()
            .haveSimpleNameEndingWith("Util")
            .orShould()
            .haveSimpleNameEndingWith("Utils")
            .orShould()
            .haveSimpleNameEndingWith("Manager")
            .orShould()
            .haveSimpleNameEndingWith("Factory");

    /** What condenses, masks and estimates: a room that every mart may call, and that knows none of them. */
    private static final String ENGINE = "survey";

    @ArchTest
    static final ArchRule theSurveyEngineKnowsNoMart = noClasses()
            .that()
            .resideInAPackage("manyi.mart." + ENGINE + "..")
            .should()
            .dependOnClassesThat(describe(
                    "classes of a mart",
                    type -> mart(type).filter(mart -> !mart.equals(ENGINE)).isPresent()));

    private static DescribedPredicate<JavaClass> readersAndWriters() {
        return resideInAnyPackage("io.delta..", "org.apache.spark.sql.delta..", "org.apache.spark.sql.streaming..")
                .or(DescribedPredicate.describe(
                        "Spark's readers and writers",
                        type -> type.getName().startsWith("org.apache.spark.sql.DataFrameReader")
                                || type.getName().startsWith("org.apache.spark.sql.DataFrameWriter")
                                || type.getName().startsWith("org.apache.spark.sql.MergeIntoWriter")));
    }

    private static boolean readsTheClock(JavaAccess<?> access) {
        String owner = access.getTargetOwner().getName();
        String name = access.getName();
        return (owner.startsWith("java.time.")
                        && (name.equals("now") || name.startsWith("system") || name.startsWith("tick")))
                || (owner.equals("java.lang.System") && name.equals("currentTimeMillis"))
                || (owner.equals("java.util.Date") && name.equals("<init>"))
                || (owner.equals("java.util.Calendar") && name.equals("getInstance"))
                || (owner.equals("org.apache.spark.sql.functions")
                        && Set.of(
                                        "now",
                                        "current_date",
                                        "current_timestamp",
                                        "localtimestamp",
                                        "unix_timestamp",
                                        "curdate")
                                .contains(name));
    }

    private static ArchCondition<JavaClass> notCallTheMathOfTheMachine() {
        return new ArchCondition<>("use StrictMath, whose results are the same on every machine") {
            @Override
            public void check(JavaClass type, ConditionEvents events) {
                type.getAccessesFromSelf().stream()
                        .filter(access -> access.getTargetOwner().isEquivalentTo(Math.class))
                        .forEach(access -> events.add(SimpleConditionEvent.violated(access, access.getDescription())));
            }
        };
    }

    private static ArchCondition<JavaClass> touchOnlyTablesOfOtherMarts() {
        return new ArchCondition<>("touch of other marts only tables and fields") {
            @Override
            public void check(JavaClass type, ConditionEvents events) {
                type.getAccessesFromSelf().stream()
                        .filter(access -> areOfDifferentMarts(type, access.getTargetOwner()))
                        .filter(access -> !mart(access.getTargetOwner()).equals(Optional.of(ENGINE)))
                        .filter(access -> !isTableOrField(access))
                        .forEach(access -> events.add(SimpleConditionEvent.violated(access, access.getDescription())));
            }
        };
    }

    private static boolean areOfDifferentMarts(JavaClass one, JavaClass other) {
        Optional<String> first = mart(one);
        Optional<String> second = mart(other);
        return first.isPresent() && second.isPresent() && !first.equals(second);
    }

    /** The folder below {@code mart/}; classes directly in it belong to none. */
    private static Optional<String> mart(JavaClass type) {
        String prefix = "manyi.mart.";
        String place = type.getPackageName() + ".";
        return place.startsWith(prefix) && place.length() > prefix.length()
                ? Optional.of(place.substring(prefix.length()).split("\\.", -1)[0])
                : Optional.empty();
    }

    private static boolean isTableOrField(JavaAccess<?> access) {
        return access instanceof JavaFieldAccess field
                && (field.getTarget().getRawType().isEquivalentTo(Table.class)
                        || field.getTarget().getRawType().isEquivalentTo(Field.class));
    }
}

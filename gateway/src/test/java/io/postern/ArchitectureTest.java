package io.postern;

import static com.tngtech.archunit.base.DescribedPredicate.describe;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.core.domain.properties.HasName.Predicates.nameMatching;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.Architectures.layeredArchitecture;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaMethodCall;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.util.Set;
import org.junit.jupiter.api.Test;

/**
 * The picture of the house, checked. Each rule was seen to bite on a planted violation when it was written. Plain tests
 * on purpose: fields with {@code @ArchTest} were once silently not run.
 */
class ArchitectureTest {

    private static final JavaClasses CLASSES = new ClassFileImporter()
            .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
            .withImportOption(location -> !location.contains("-tests.jar"))
            .importPackages("io.postern");

    private static final String[] LIBRARIES = {
        "io.postern.wire..", "io.postern.tls..", "io.postern.dns..", "io.postern.analytics.."
    };

    @Test
    void modulesPointDownwards() {
        layeredArchitecture()
                .consideringOnlyDependenciesInLayers()
                .layer("gateway")
                .definedBy("io.postern.gateway..")
                .layer("config")
                .definedBy("io.postern.config..")
                .layer("tls")
                .definedBy("io.postern.tls..")
                .layer("dns")
                .definedBy("io.postern.dns..")
                .layer("analytics")
                .definedBy("io.postern.analytics..")
                .layer("wire")
                .definedBy("io.postern.wire..")
                .whereLayer("gateway")
                .mayNotBeAccessedByAnyLayer()
                .whereLayer("config")
                .mayOnlyBeAccessedByLayers("gateway")
                .whereLayer("tls")
                .mayOnlyBeAccessedByLayers("gateway", "config")
                .whereLayer("dns")
                .mayOnlyBeAccessedByLayers("gateway", "config")
                .whereLayer("analytics")
                .mayOnlyBeAccessedByLayers("gateway", "config")
                .whereLayer("wire")
                .mayOnlyBeAccessedByLayers("gateway", "config", "tls", "dns")
                .check(CLASSES);
    }

    @Test
    void stagesKnowOnlyTheStagesAbove() {
        layeredArchitecture()
                .consideringOnlyDependenciesInLayers()
                .layer("pipeline")
                .definedBy("io.postern.gateway")
                .layer("relay")
                .definedBy("io.postern.gateway.relay..")
                .layer("judge")
                .definedBy("io.postern.gateway.judge..")
                .layer("sniff")
                .definedBy("io.postern.gateway.sniff..")
                .layer("open")
                .definedBy("io.postern.gateway.open..")
                .layer("ingress")
                .definedBy("io.postern.gateway.ingress..")
                .whereLayer("relay")
                .mayOnlyBeAccessedByLayers("pipeline")
                .whereLayer("judge")
                .mayOnlyBeAccessedByLayers("pipeline", "relay")
                .whereLayer("sniff")
                .mayOnlyBeAccessedByLayers("pipeline", "judge", "relay")
                .whereLayer("open")
                .mayOnlyBeAccessedByLayers("pipeline", "sniff", "judge", "relay")
                .check(CLASSES);
    }

    @Test
    void identityIsDecidedWithoutSockets() {
        noClasses()
                .that()
                .resideInAPackage("io.postern.gateway.identity..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("io.netty..", "io.postern.gateway.flows..")
                .check(CLASSES);
    }

    @Test
    void recognitionKnowsOnlyBytes() {
        noClasses()
                .that()
                .resideInAPackage("io.postern.gateway.recognise..")
                .should()
                .dependOnClassesThat(
                        resideInAnyPackage("io.netty..").or(nameMatching("io\\.postern\\.gateway\\.flows\\.LiveFlow")))
                .check(CLASSES);
    }

    @Test
    void whatStagesShareKnowsNoStage() {
        noClasses()
                .that()
                .resideInAnyPackage(
                        "io.postern.gateway.flows..",
                        "io.postern.gateway.identity..",
                        "io.postern.gateway.recognise..",
                        "io.postern.gateway.rules..",
                        "io.postern.gateway.records..",
                        "io.postern.gateway.meters..",
                        "io.postern.gateway.admin..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(
                        "io.postern.gateway.ingress..",
                        "io.postern.gateway.open..",
                        "io.postern.gateway.sniff..",
                        "io.postern.gateway.judge..",
                        "io.postern.gateway.relay..")
                .check(CLASSES);
    }

    @Test
    void librariesKnowNoNettyAndNoLogging() {
        noClasses()
                .that()
                .resideInAnyPackage(LIBRARIES)
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("io.netty..", "org.slf4j..", "ch.qos..", "io.micrometer..")
                .check(CLASSES);
    }

    @Test
    void librariesOpenNothing() {
        noClasses()
                .that()
                .resideInAnyPackage(LIBRARIES)
                .should()
                .dependOnClassesThat(nameMatching(
                                "java\\.net\\.(Socket|ServerSocket|DatagramSocket|URLConnection|http\\..*)|java\\.nio\\.channels\\..*|java\\.nio\\.file\\..*|java\\.io\\.(File|FileInputStream|FileOutputStream|RandomAccessFile)|java\\.lang\\.(Thread|ProcessBuilder)")
                        .as("sockets, channels, files or threads"))
                .check(CLASSES);
    }

    @Test
    void librariesReadNoClock() {
        noClasses()
                .that()
                .resideInAnyPackage(LIBRARIES)
                .should()
                .callMethodWhere(describe("it reads a clock", ArchitectureTest::readsClock))
                .check(CLASSES);
    }

    @Test
    void detectionKnowsOnlyTheJdk() {
        noClasses()
                .that()
                .resideInAPackage("io.postern.analytics..")
                .should()
                .dependOnClassesThat(
                        resideOutsideOf("java..", "io.postern.analytics..", "org.jspecify..", "com.dynatrace.."))
                .check(CLASSES);
    }

    @Test
    void nothingOnAnEventLoopWaits() {
        noClasses()
                .that()
                .resideInAnyPackage(
                        "io.postern.gateway.ingress..",
                        "io.postern.gateway.open..",
                        "io.postern.gateway.sniff..",
                        "io.postern.gateway.judge..",
                        "io.postern.gateway.relay..",
                        "io.postern.gateway.flows..",
                        "io.postern.gateway.recognise..",
                        "io.postern.gateway.rules..",
                        "io.postern.dns..")
                .should()
                .callMethodWhere(describe("it blocks", ArchitectureTest::blocks))
                .check(CLASSES);
    }

    @Test
    void packagesHaveNoCycles() {
        slices().matching("io.postern.(**)").should().beFreeOfCycles().check(CLASSES);
    }

    @Test
    void packagesAreNamedForWhatTheyAnswer() {
        noClasses()
                .should()
                .resideInAnyPackage("..util..", "..utils..", "..common..", "..helper..", "..helpers..", "..misc..")
                .check(CLASSES);
    }

    @Test
    void typesSayWhatTheyAre() {
        noClasses()
                .that(resideInAPackage("io.postern.."))
                .should()
                .haveNameMatching(".*(Impl|Manager|Utils?|Helper)$")
                .check(CLASSES);
    }

    private static boolean readsClock(JavaMethodCall call) {
        String owner = call.getTargetOwner().getName();
        String name = call.getName();
        return (owner.equals("java.lang.System")
                        && Set.of("nanoTime", "currentTimeMillis").contains(name))
                || (owner.startsWith("java.time.") && name.equals("now"))
                || (owner.equals("java.time.Clock") && name.startsWith("system"));
    }

    private static boolean blocks(JavaMethodCall call) {
        JavaClass owner = call.getTargetOwner();
        String name = call.getName();
        boolean future = owner.isAssignableTo("java.util.concurrent.Future")
                || owner.isAssignableTo("java.util.concurrent.CompletionStage");
        return (future
                        && Set.of("get", "join", "sync", "syncUninterruptibly", "await", "awaitUninterruptibly")
                                .contains(name))
                || (owner.getName().equals("java.lang.Thread")
                        && Set.of("sleep", "join").contains(name))
                || (owner.getName().equals("java.net.InetAddress") && name.endsWith("ByName"))
                || name.equals("getAllByName");
    }

    private static DescribedPredicate<JavaClass> resideOutsideOf(String... packages) {
        return DescribedPredicate.not(resideInAnyPackage(packages));
    }
}

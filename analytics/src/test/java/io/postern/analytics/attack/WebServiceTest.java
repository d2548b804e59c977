package io.postern.analytics.attack;

import static io.postern.analytics.attack.Stage.APP;
import static io.postern.analytics.attack.Stage.DAY;
import static io.postern.analytics.attack.Stage.HOUR;
import static io.postern.analytics.attack.Stage.MINUTE;
import static io.postern.analytics.attack.Stage.SECOND;
import static io.postern.analytics.attack.Stage.START;
import static org.assertj.core.api.Assertions.assertThat;

import io.postern.analytics.baseline.Situation;
import io.postern.analytics.baseline.Subject;
import io.postern.analytics.context.FactKind;
import io.postern.analytics.detect.Finding.Severity;
import io.postern.analytics.flow.InClear.Naming;
import java.time.Duration;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** AN1770: what it must see, what it must be silent on, and what it makes of what it cannot see. */
class WebServiceTest {

    private static final String ID = "AN1770";
    private static final String CHAT = "com.example.chat";
    private static final String BACKUP = "com.example.backup";
    private static final String BROWSER = "com.example.browser";

    private final Stage stage = new Stage();
    private final Traffic drive =
            stage.flows(APP, "up.drive.example").of("cloud-storage").about(40_000, 900);

    @BeforeEach
    void theAppIsKnownForItsOwnServer() {
        stage.learnt(10, stage.flows(APP, "api.torch.example").of("app-backend"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"cloud-storage", "social", "messaging", "code-hosting", "paste", "collaboration"})
    void aPlatformOutsideTheRoleAfterStagingIsFoundAtOnce(String platform) {
        stage.role(APP, Role.of("tools").uses("app-backend"));
        stage.agent().unattended(START, START + HOUR).stages(APP, START + 30 * MINUTE);
        drive.of(platform).at(START + 34 * MINUTE);
        stage.play();
        stage.raises(ID).because("service-class-outside-role", "staging-before").by(START + 34 * MINUTE + 5 * SECOND);
    }

    @Test
    void aPlatformThatIsNewToTheAppIsHeldAgainstItsBaseline() {
        stage.agent().unattended(START, START + HOUR).readsContacts(APP, START + 30 * MINUTE);
        drive.at(START + 34 * MINUTE);
        stage.play();
        stage.finds(ID).because("service-class-new-to-app", "destination-rare-for-app", "protected-resource-before");
    }

    @Test
    void aDestinationOutsideWhatTheRoleNamesIsFound() {
        stage.role(APP, Role.of("tools").goesTo("torch.example"));
        stage.agent().unattended(START, START + HOUR).stages(APP, START + 30 * MINUTE);
        drive.at(START + 34 * MINUTE);
        stage.play();
        stage.finds(ID).because("destination-outside-role", "staging-before");
    }

    @Test
    void platformsForDevelopersWeighMore() {
        stage.agent().unattended(START, START + HOUR).stages(APP, START + 30 * MINUTE);
        drive.of("paste").at(START + 34 * MINUTE);
        stage.play();
        stage.finds(ID).because("platform-for-developers");
    }

    @Test
    void weighsLockAbsenceAndAStartInTheBackground() {
        stage.agent()
                .unattended(START, START + HOUR)
                .started(APP, START + 33 * MINUTE)
                .stages(APP, START + 30 * MINUTE);
        drive.at(START + 34 * MINUTE);
        stage.play();
        stage.finds(ID).because("device-locked", "nobody-at-the-device", "in-background", "started-in-background");
    }

    @Test
    void factsOlderThanTimeWindowDoNotCount() {
        stage.agent()
                .unattended(START, START + 2 * HOUR)
                .stages(APP, START + 30 * MINUTE)
                .readsContacts(APP, START + 30 * MINUTE)
                .started(APP, START + 30 * MINUTE);
        drive.at(START + 41 * MINUTE);
        stage.play();
        stage.isSilent(ID);
        assertThat(stage.score(ID, APP)).isLessThan(Severity.MEDIUM.from());
    }

    @Test
    void factsOfAnotherAppDoNotCount() {
        stage.agent().unattended(START, START + HOUR).stages(CHAT, START + 30 * MINUTE);
        drive.at(START + 34 * MINUTE);
        stage.play();
        stage.isSilent(ID);
    }

    @Test
    void anUploadOfMoreThanItsThresholdCounts() {
        stage.role(APP, Role.of("tools").uses("app-backend"));
        stage.agent().unattended(START, START + HOUR);
        drive.about(3_000_000, 4_000).at(START + 34 * MINUTE);
        stage.play();
        stage.finds(ID).because("upload", "service-class-outside-role");
    }

    @Test
    void theWholeOfManySmallUploadsCounts() {
        stage.role(APP, Role.of("tools").uses("app-backend"));
        stage.agent().unattended(START, START + DAY);
        drive.sized(200_000, 1_000).by(Beat.every(Duration.ofHours(1)).jitter(0.9), START, START + 10 * HOUR);
        stage.play();
        stage.finds(ID).because("upload");
    }

    @Test
    void anUploadBeyondWhatItsRoleAllowsIsAViolation() {
        stage.role(APP, Role.of("tools").uses("app-backend").sendsAtMost(100_000));
        drive.sized(200_000, 1_000).at(START + HOUR);
        stage.play();
        stage.finds(ID).because("upload-beyond-role");
    }

    @Test
    void workInTheBackgroundThatItsRoleForbidsIsAViolation() {
        stage.role(APP, Role.of("tools").uses("app-backend").neverInBackground());
        stage.agent().unattended(START, START + HOUR).stages(APP, START + 30 * MINUTE);
        drive.at(START + 34 * MINUTE);
        stage.play();
        stage.finds(ID).because("background-outside-role");
    }

    @Test
    void downloadsAreNoUploads() {
        stage.agent().unattended(START, START + DAY);
        stage.role(APP, Role.of("tools").uses("app-backend"));
        drive.about(3_000_000, 30_000_000).at(START + 34 * MINUTE);
        stage.play();
        stage.isSilent(ID);
    }

    @Test
    void anAppWithoutManagementThatJustCameWeighsMore() {
        stage.agent()
                .unattended(START, START + HOUR)
                .installed(APP, START, Agent.sideloaded(START - HOUR))
                .stages(APP, START + 30 * MINUTE);
        drive.at(START + 34 * MINUTE);
        stage.play();
        stage.finds(ID).because("app-not-managed", "app-not-approved", "installer-unknown", "app-newly-installed");
    }

    private void isSignedByAnother() {
        stage.agent()
                .unattended(START, START + HOUR)
                .installed(APP, START, Agent.managed())
                .installed(APP, START + MINUTE, Agent.signedBy("bb", START + MINUTE))
                .stages(APP, START + 30 * MINUTE);
        drive.at(START + 34 * MINUTE);
        stage.play();
    }

    @Test
    void anotherSignerWeighsMore() {
        isSignedByAnother();
        stage.finds(ID).because("signer-changed", "app-just-updated").notBecause("installer-changed");
    }

    /** What was approved was the app of its signer: one that was packed again must not go by that. */
    @Test
    void anotherSignerOfAnApprovedAppWeighsToo() {
        stage.role(APP, Role.of("tools").approved().goesTo("torch.example"));
        isSignedByAnother();
        stage.finds(ID).because("signer-changed").notBecause("app-just-updated", "app-not-approved");
    }

    @Test
    void anotherInstallerWeighsMore() {
        stage.agent()
                .unattended(START, START + HOUR)
                .installed(APP, START, Agent.managed())
                .installed(
                        APP, START + MINUTE, Agent.installedBy("com.google.android.packageinstaller", START + MINUTE))
                .stages(APP, START + 30 * MINUTE);
        drive.at(START + 34 * MINUTE);
        stage.play();
        stage.finds(ID).because("installer-changed").notBecause("signer-changed");
    }

    @Test
    void theSameInstallerAgainDoesNot() {
        stage.agent()
                .unattended(START, START + HOUR)
                .installed(APP, START, Agent.managed())
                .installed(APP, START + MINUTE, Agent.installedBy("com.android.vending", START + MINUTE))
                .stages(APP, START + 30 * MINUTE);
        drive.at(START + 34 * MINUTE);
        stage.play();
        stage.finds(ID).notBecause("installer-changed");
    }

    @Test
    void tellsWhatItCouldNotSee() {
        stage.role(APP, Role.of("tools").uses("app-backend"));
        drive.by(Beat.every(Duration.ofMinutes(3)).jitter(0.2), START, START + 4 * HOUR);
        stage.play();
        stage.finds(ID).notVisible("app-state", "lock", "interaction", "inventory", "staging");
    }

    @Test
    void ofAFleetNotYetKnownItSaysThatItHasNoBaseline() {
        stage.knowsNoFleet().agent().unattended(START, START + HOUR).stages(APP, START + 30 * MINUTE);
        stage.role(APP, Role.of("tools").uses("app-backend"));
        drive.of("paste").at(START + 34 * MINUTE);
        stage.play();
        stage.finds(ID)
                .notBecause("destination-rare-for-app", "service-class-new-to-app")
                .notVisible("baseline");
    }

    @Test
    void threeDevicesOfManyDoNotMakeAPlatformUsual() {
        stage.learnt(200, stage.flows(APP, "api.torch.example").of("app-backend"))
                .learnt(3, drive);
        stage.agent().unattended(START, START + HOUR).stages(APP, START + 30 * MINUTE);
        drive.at(START + 34 * MINUTE);
        stage.play();
        stage.finds(ID).because("service-class-new-to-app", "destination-rare-for-app", "staging-before");
    }

    @Test
    void oneInTenOfManyDevicesDoes() {
        stage.learnt(200, stage.flows(APP, "api.torch.example").of("app-backend"))
                .learnt(20, drive);
        stage.agent().unattended(START, START + HOUR).stages(APP, START + 30 * MINUTE);
        drive.at(START + 34 * MINUTE);
        stage.play().isSilent(ID);
    }

    @Test
    void anAllowedClassDoesNotExcuseAServerThatGoesByTwoNames() {
        stage.role(APP, Role.of("photos").uses("cloud-storage"));
        stage.learnt(10, drive).approve(Subject.app(APP));
        stage.agent().unattended(START, START + HOUR).stages(APP, START + 30 * MINUTE);
        drive.named(Naming.APART).at(START + 34 * MINUTE);
        stage.play();
        stage.finds(ID)
                .because("sni-host-mismatch", "staging-before")
                .notBecause("service-class-allowed", "destination-approved");
    }

    /** On one day, so that it is not proposed yet. */
    @Test
    void whereManyDevicesHaveTheAppGoSpeaksAgainstAFinding() {
        stage.role(APP, Role.of("tools").goesTo("torch.example"));
        stage.learnt(10, drive, Beat.every(Duration.ofDays(10)), Situation.UNKNOWN);
        stage.agent()
                .unattended(START, START + HOUR)
                .stages(APP, START + 30 * MINUTE)
                .readsContacts(APP, START + 30 * MINUTE);
        drive.about(3_000_000, 4_000).at(START + 34 * MINUTE);
        stage.play();
        stage.finds(ID).inSpiteOf("destination-of-many-devices");
    }

    @Test
    void anApprovalThatExpiredExcusesLikeWhatWasLearnt() {
        stage.role(APP, Role.of("tools").goesTo("torch.example"));
        stage.learnt(10, drive).approve(Subject.app(APP), START - MINUTE);
        stage.agent()
                .unattended(START, START + HOUR)
                .stages(APP, START + 30 * MINUTE)
                .readsContacts(APP, START + 30 * MINUTE);
        drive.about(3_000_000, 4_000).at(START + 34 * MINUTE);
        stage.play();
        stage.finds(ID).inSpiteOf("destination-approval-expired", "service-class-learnt");
    }

    @Test
    void oneOfHardlyAnyDevicesExcusesNothing() {
        stage.learnt(200, stage.flows(APP, "api.torch.example").of("app-backend"))
                .learnt(3, drive)
                .approve(Subject.app(APP), START - MINUTE);
        stage.agent().unattended(START, START + HOUR).stages(APP, START + 30 * MINUTE);
        drive.at(START + 34 * MINUTE);
        stage.play();
        stage.finds(ID).because("destination-rare-for-app", "staging-before");
    }

    // What it must be silent on.

    @Test
    void isSilentOnAChatAppThatMessagesInTheBackground() {
        stage.role(CHAT, Role.of("chat").approved().uses("messaging").worksInBackground());
        stage.agent().unattended(START, START + 3 * DAY);
        Beat beat = Beat.every(Duration.ofMinutes(5)).jitter(0.1);
        Traffic messages = stage.flows(CHAT, "chat.example").of("messaging");
        stage.learnt(10, messages, beat, Situation.BACKGROUND);
        messages.by(beat, START, START + 3 * DAY);
        stage.play().isSilent();
    }

    @Test
    void isSilentOnABackupAtNight() {
        stage.role(
                BACKUP,
                Role.of("backup")
                        .approved()
                        .uses("cloud-storage")
                        .worksInBackground()
                        .encrypts());
        Traffic uploads =
                stage.flows(BACKUP, "backup.example").of("cloud-storage").about(4_000_000, 2_000);
        stage.learnt(10, uploads, Beat.every(Duration.ofDays(1)).jitter(0.05), Situation.BACKGROUND);
        stage.agent().unattended(START, START + 5 * DAY);
        for (int night = 0; night < 5; night++) {
            long at = START + night * DAY + 3 * HOUR;
            stage.agent().stages(BACKUP, at).encrypts(BACKUP, at).started(BACKUP, at);
            uploads.by(Beat.every(Duration.ofMinutes(1)).jitter(0.3), at + MINUTE, at + 30 * MINUTE);
        }
        stage.play().isSilent();
    }

    @Test
    void isSilentOnABrowserInFrontWhereverItGoes() {
        stage.role(BROWSER, Role.of("browser"));
        stage.agent().inUse(BROWSER, START, START + 6 * HOUR);
        for (String platform : Set.of("social", "messaging", "code-hosting", "paste", "cloud-storage")) {
            for (int site = 0; site < 10; site++) {
                stage.flows(BROWSER, "www." + platform + site + ".example")
                        .of(platform)
                        .about(5_000, 200_000)
                        .by(Beat.every(Duration.ofMinutes(7)).jitter(0.9).seed(site), START + MINUTE, START + 6 * HOUR);
            }
        }
        stage.play().isSilent();
    }

    @Test
    void isSilentOnAnSdkOfAnApprovedApp() {
        Traffic sdk = stage.flows(APP, "graph.social.example").of("social").about(9_000, 600);
        stage.learnt(10, sdk).approve(Subject.app(APP));
        stage.agent().unattended(START, START + 3 * DAY);
        sdk.by(Beat.every(Duration.ofMinutes(30)).jitter(0.2), START, START + 3 * DAY);
        stage.play().isSilent();
    }

    /** Nobody has decided of anything but the app. */
    @Test
    void isSilentOnAnSdkThatTheAppHasEverywhere() {
        stage.role(APP, Role.of("tools").approved());
        Traffic sdk = stage.flows(APP, "graph.social.example").of("social").about(9_000, 600);
        stage.learnt(10, sdk);
        stage.agent().unattended(START, START + 3 * DAY);
        sdk.by(Beat.every(Duration.ofMinutes(30)).jitter(0.2), START, START + 3 * DAY);
        stage.play().isSilent(ID);
    }

    /** However new, periodic or heavy. */
    @ParameterizedTest
    @ValueSource(strings = {"cdn", "sdk-analytics", "sdk-ads", "app-backend", "login", "push", "generic-https"})
    void isSilentOnWhatIsNoPlatform(String what) {
        stage.agent().unattended(START, START + 3 * DAY).stages(APP, START + 30 * MINUTE);
        stage.flows(APP, "d1.edge.example")
                .of(what)
                .sized(300_000, 900)
                .by(Beat.every(Duration.ofMinutes(30)).jitter(0.1), START + 31 * MINUTE, START + 3 * DAY);
        stage.play().isSilent(ID);
        assertThat(stage.score(ID, APP)).isZero();
    }

    @Test
    void isSilentOnTheApiOfAnApprovedAppBehindACdn() {
        Traffic api = stage.flows(APP, "d1.cdn.example").of("cdn").about(3_000, 90_000);
        stage.learnt(10, api).approve(Subject.app(APP));
        stage.agent().unattended(START, START + 3 * DAY);
        api.by(Beat.every(Duration.ofMinutes(15)).jitter(0.1), START, START + 3 * DAY);
        stage.play().isSilent();
    }

    @Test
    void isSilentOnThatPlatformWhereTheRoleAllowsIt() {
        stage.role(APP, Role.of("photos").approved().uses("cloud-storage"));
        stage.agent().unattended(START, START + HOUR).stages(APP, START + 30 * MINUTE);
        drive.at(START + 34 * MINUTE);
        stage.play().isSilent(ID);
    }

    @Test
    void oneWhoIsNotToldOfStagingSaysSo() {
        stage.role(APP, Role.of("tools").uses("app-backend"));
        stage.agent().blindTo(FactKind.STAGING).unattended(START, START + HOUR).readsContacts(APP, START + 30 * MINUTE);
        drive.at(START + 34 * MINUTE);
        stage.play();
        stage.finds(ID).because("protected-resource-before").notVisible("staging");
    }
}

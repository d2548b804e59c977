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
import io.postern.analytics.detect.Finding.Severity;
import io.postern.analytics.flow.Protocol;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** AN1827: what it must see, what it must be silent on, and what it makes of what it cannot see. */
class NonStandardPortTest {

    private static final String ID = "AN1827";
    private static final Beat NOW_AND_THEN = Beat.every(Duration.ofHours(2)).jitter(0.9);

    private final Stage stage = new Stage();
    private final Traffic odd = stage.flows(APP, "relay.example").speaking(Protocol.TLS, 8443);

    @BeforeEach
    void theAppIsKnownForItsOwnServer() {
        known(stage);
    }

    private static void known(Stage stage) {
        stage.learnt(10, stage.flows(APP, "api.torch.example").of("app-backend"));
    }

    @ParameterizedTest
    @CsvSource({
        "TLS, 8443",
        "TLS, 4444",
        "HTTP, 8081",
        "HTTP, 443",
        "WEBSOCKET, 9001",
        "DNS, 5300",
        "HTTP2, 50051",
        "IMAP, 443",
        "SSH, 443",
        "TLS, 53"
    })
    void aProtocolByItsBytesOnAPortThatIsNotItsOwnIsFoundAtOnce(Protocol protocol, int port) {
        stage.agent().unattended(START, START + HOUR);
        odd.speaking(protocol, port).at(START + 30 * MINUTE);
        stage.play();
        stage.raises(ID)
                .because("port-not-of-protocol", "destination-rare-for-app")
                .by(START + 30 * MINUTE + 5 * SECOND);
    }

    @Test
    void aPortOutsideTheRolesMappingIsHeldAgainstIt() {
        stage.role(APP, Role.of("tools").speaks(Protocol.TLS, 443));
        stage.agent().unattended(START, START + HOUR);
        odd.at(START + 30 * MINUTE);
        stage.play();
        stage.finds(ID).because("port-outside-role");
    }

    @Test
    void theRolesMappingCountsOnStandardPortsToo() {
        stage.role(APP, Role.of("tools").speaks(Protocol.TLS, 8443));
        stage.agent().unattended(START, START + HOUR);
        odd.speaking(Protocol.TLS, 993).at(START + 30 * MINUTE);
        stage.play();
        stage.finds(ID).because("port-outside-role");
    }

    @Test
    void theRolesMappingOfOneProtocolSaysNothingOfOthers() {
        stage.role(APP, Role.of("tools").speaks(Protocol.HTTP, 80));
        stage.agent().unattended(START, START + HOUR);
        odd.at(START + 30 * MINUTE);
        stage.play();
        stage.finds(ID).because("port-not-of-protocol").notBecause("port-outside-role");
    }

    @Test
    void whatIsRepeatedWeighsMore() {
        stage.agent().unattended(START, START + HOUR);
        odd.by(Beat.every(Duration.ofMinutes(5)).jitter(0.9), START, START + HOUR);
        stage.play();
        stage.finds(ID).because("port-repeated");
    }

    @Test
    void aClockOnTheOddPortWeighsMore() {
        odd.by(Beat.every(Duration.ofMinutes(5)).jitter(0.2), START, START + 12 * HOUR);
        stage.play();
        stage.finds(ID).because("clock");
    }

    @Test
    void whatRecursOutsideAnApprovedBaselineIsAViolation() {
        stage.approve(Subject.app(APP));
        stage.agent().unattended(START, START + 3 * DAY);
        odd.by(NOW_AND_THEN, START, START + 3 * DAY);
        stage.play();
        stage.finds(ID).because("port-outside-approved-baseline", "destination-outside-approved-baseline");
    }

    @Test
    void weighsBackgroundLockAbsenceAndAJobThatStarted() {
        stage.agent().unattended(START, START + HOUR).started(APP, START + 28 * MINUTE);
        odd.at(START + 30 * MINUTE);
        stage.play();
        stage.finds(ID).because("in-background", "device-locked", "nobody-at-the-device", "started-in-background");
    }

    @Test
    void aJobThatStartedBeforeTimeWindowDoesNotCount() {
        stage.agent().unattended(START, START + HOUR).started(APP, START + 20 * MINUTE);
        odd.at(START + 30 * MINUTE);
        stage.play();
        stage.finds(ID).notBecause("started-in-background");
    }

    @Test
    void anAppThatNobodyManagesOrApprovedOfWeighsMore() {
        stage.agent().unattended(START, START + HOUR).installed(APP, START, Agent.sideloaded(START - 20 * DAY));
        odd.at(START + 30 * MINUTE);
        stage.play();
        stage.finds(ID).because("app-not-managed", "app-not-approved");
    }

    @Test
    void anApprovedAppOnItsFirstDevicesIsNoFindingWhileAFleetIsLearnt() {
        stage.knowsNoFleet().role(APP, Role.of("developer").approved().worksInBackground());
        aClock();
        stage.play().isSilent(ID);
        assertThat(stage.score(ID, APP)).isPositive();
    }

    @Test
    void anAppThatNobodyApprovedOfIs() {
        stage.knowsNoFleet().role(APP, Role.of("developer").worksInBackground());
        aClock();
        stage.play();
        stage.finds(ID).because("port-not-of-protocol").notBecause("port-still-learning");
    }

    @Test
    void onceTheFleetIsLearntAnApprovedAppIsToo() {
        stage.knowsTheFleet().role(APP, Role.of("developer").approved().worksInBackground());
        aClock();
        stage.play();
        stage.finds(ID).because("port-not-of-protocol").notBecause("port-still-learning");
    }

    private void aClock() {
        odd.by(Beat.every(Duration.ofMinutes(30)).jitter(0.1), START, START + 12 * HOUR);
    }

    @Test
    void aPortThatManyDevicesHaveBegunToUseIsHalfLearnt() {
        stage.learnt(5, odd, Beat.every(Duration.ofDays(4)), Situation.UNKNOWN);
        odd.by(Beat.every(Duration.ofMinutes(30)).jitter(0.2), START, START + DAY);
        stage.play().isSilent(ID);
    }

    @Test
    void tellsWhatItCouldNotSee() {
        odd.by(Beat.every(Duration.ofMinutes(5)).jitter(0.2), START, START + 12 * HOUR);
        stage.play();
        stage.finds(ID).notVisible("app-state", "lock", "interaction", "inventory");
    }

    @Test
    void theOddPortAloneIsNeverMoreThanLow() {
        Traffic api = stage.flows(APP, "api.torch.example").of("app-backend");
        stage.agent().unattended(START, START + 3 * DAY);
        api.speaking(Protocol.TLS, 8443).by(NOW_AND_THEN, START, START + 3 * DAY);
        stage.play().isSilent();
        assertThat(stage.score(ID, APP)).isLessThan(Severity.MEDIUM.from());
    }

    @Test
    void nothingKnownOnAWellKnownPortIsNeverMoreThanLow() {
        stage.agent().unattended(START, START + 3 * DAY);
        odd.speaking(Protocol.UNKNOWN, 443).by(Beat.every(Duration.ofMinutes(5)).jitter(0.1), START, START + 3 * DAY);
        stage.play().isSilent(ID);
        assertThat(stage.score(ID, APP)).isPositive().isLessThan(Severity.MEDIUM.from());
    }

    // What it must be silent on.

    @ParameterizedTest(name = "{0} on {1}")
    @CsvSource({
        "TLS, 5228",
        "TLS, 5229",
        "TLS, 5230",
        "MTALK, 5228",
        "TLS, 853",
        "QUIC, 853",
        "STUN, 3478",
        "STUN, 3479",
        "STUN, 3480",
        "STUN, 3481",
        "STUN, 19302",
        "SMTP, 25",
        "SMTP, 587",
        "TLS, 465",
        "IMAP, 143",
        "TLS, 993",
        "XMPP, 5222",
        "XMPP, 5223",
        "TLS, 5223",
        "UNKNOWN, 500",
        "UNKNOWN, 4500",
        "TLS, 443",
        "QUIC, 443",
        "HTTP, 80",
        "DNS, 53"
    })
    void isSilentOnPortsThatAreTheProtocolsOwn(Protocol protocol, int port) {
        stage.agent().unattended(START, START + 2 * DAY);
        odd.speaking(protocol, port).by(Beat.every(Duration.ofMinutes(15)).jitter(0.2), START, START + 2 * DAY);
        stage.play().isSilent(ID);
        assertThat(stage.score(ID, APP)).isZero();
    }

    /** By whatever port and address the other side has. */
    @ParameterizedTest
    @EnumSource(names = {"STUN", "DTLS"})
    void isSilentOnCalls(Protocol protocol) {
        stage.agent().unattended(START, START + DAY);
        for (int peer = 1; peer < 20; peer++) {
            stage.flows(APP, "203.0.113." + peer)
                    .speaking(protocol, 10_000 + 2_711 * peer)
                    .by(
                            Beat.every(Duration.ofSeconds(25)).jitter(0.1),
                            START + peer * HOUR,
                            START + peer * HOUR + HOUR);
        }
        stage.play().isSilent(ID);
        assertThat(stage.score(ID, APP)).isZero();
    }

    @Test
    void isSilentOnAPortThatTheRoleNames() {
        stage.role(APP, Role.of("tools").speaks(Protocol.TLS, 443, 8443));
        stage.agent().unattended(START, START + 2 * DAY);
        odd.by(NOW_AND_THEN, START, START + 2 * DAY);
        stage.play().isSilent(ID);
    }

    @Test
    void isSilentOnAPortThatTheAppWasLearntToUseThere() {
        stage.learnt(10, odd);
        stage.agent().unattended(START, START + 2 * DAY);
        odd.by(Beat.every(Duration.ofMinutes(15)).jitter(0.2), START, START + 2 * DAY);
        stage.play().isSilent(ID);
    }

    @Test
    void aPortThatWasLearntSpeaksAgainstAFindingElsewhere() {
        stage.learnt(10, stage.flows(APP, "api.torch.example").speaking(Protocol.TLS, 8443));
        stage.agent().unattended(START, START + 2 * DAY);
        odd.by(Beat.every(Duration.ofMinutes(15)).jitter(0.2), START, START + 2 * DAY);
        stage.play();
        stage.finds(ID).inSpiteOf("port-learnt");
    }

    @Test
    void threeDevicesOfManyDoNotMakeAPortUsual() {
        Traffic api = stage.flows(APP, "api.torch.example").of("app-backend");
        stage.learnt(200, api).learnt(3, api.speaking(Protocol.TLS, 8443));
        stage.agent().unattended(START, START + 2 * DAY);
        odd.by(Beat.every(Duration.ofMinutes(15)).jitter(0.2), START, START + 2 * DAY);
        stage.play();
        stage.finds(ID).because("port-not-of-protocol").notInSpiteOf("port-learnt");
    }

    @Test
    void oneInTenOfManyDevicesDoes() {
        Traffic api = stage.flows(APP, "api.torch.example").of("app-backend");
        stage.learnt(200, api).learnt(20, api.speaking(Protocol.TLS, 8443));
        stage.agent().unattended(START, START + 2 * DAY);
        odd.by(Beat.every(Duration.ofMinutes(15)).jitter(0.2), START, START + 2 * DAY);
        stage.play();
        stage.finds(ID).inSpiteOf("port-learnt");
    }

    @Test
    void soDoesOneThatSomebodyApprovedOf() {
        approvedElsewhere(0);
        stage.finds(ID).inSpiteOf("port-approved");
    }

    @Test
    void soDoesOneWhoseApprovalExpired() {
        approvedElsewhere(START - MINUTE);
        stage.finds(ID).inSpiteOf("port-approval-expired");
    }

    private void approvedElsewhere(long until) {
        stage.role(APP, Role.of("tools").goesTo("torch.example"));
        stage.learnt(
                        10,
                        stage.flows(APP, "api.torch.example").speaking(Protocol.TLS, 8443),
                        NOW_AND_THEN,
                        Situation.BACKGROUND)
                .approve(Subject.app(APP), until);
        stage.agent().unattended(START, START + 2 * DAY);
        odd.by(Beat.every(Duration.ofMinutes(15)).jitter(0.2), START, START + 2 * DAY);
        stage.play();
    }

    @Test
    void isSilentOnAPortWhoseApprovalExpiredOnManyDevices() {
        stage.learnt(10, odd, NOW_AND_THEN, Situation.BACKGROUND).approve(Subject.app(APP), START - MINUTE);
        stage.agent().unattended(START, START + 2 * DAY);
        odd.by(Beat.every(Duration.ofMinutes(15)).jitter(0.2), START, START + 2 * DAY);
        stage.play().isSilent(ID);
    }

    @Test
    void isSilentOnAPortThatSomebodyApprovedOf() {
        stage.learnt(10, odd, NOW_AND_THEN, Situation.BACKGROUND).approve(Subject.app(APP));
        stage.agent().unattended(START, START + 2 * DAY);
        odd.by(Beat.every(Duration.ofMinutes(15)).jitter(0.2), START, START + 2 * DAY);
        stage.play().isSilent();
    }

    @Test
    void isSilentOnExceptionsForAnAppAndForAPort() {
        NonStandardPort.Settings byApp = Knobs.port(Map.of(), Set.of(APP));
        NonStandardPort.Settings byPort = Knobs.port(Map.of(Protocol.TLS, Set.of(8443)), Set.of());
        for (NonStandardPort.Settings settings : Set.of(byApp, byPort)) {
            Stage excepted = new Stage(Knobs.with(settings));
            known(excepted);
            excepted.agent().unattended(START, START + 2 * DAY);
            excepted.flows(APP, "relay.example").speaking(Protocol.TLS, 8443).by(NOW_AND_THEN, START, START + 2 * DAY);
            excepted.play().isSilent();
        }
    }

    @Test
    void isSilentOnWhoTestsAServerInFrontOfThem() {
        stage.agent().inUse(APP, START, START + 8 * HOUR);
        odd.by(Beat.every(Duration.ofMinutes(11)).jitter(0.9), START + MINUTE, START + 8 * HOUR);
        stage.play().isSilent(ID);
    }
}

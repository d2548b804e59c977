package io.postern.analytics.attack;

import static io.postern.analytics.attack.Stage.APP;
import static io.postern.analytics.attack.Stage.DAY;
import static io.postern.analytics.attack.Stage.START;
import static org.assertj.core.api.Assertions.assertThat;

import io.postern.analytics.baseline.Build;
import io.postern.analytics.baseline.Subject;
import io.postern.analytics.detect.Finding;
import io.postern.analytics.detect.Finding.Severity;
import io.postern.analytics.flow.DeviceAssurance;
import io.postern.analytics.flow.Protocol;
import java.time.Duration;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.EnumSource.Mode;

/** What must be there before anything is blocked for a finding, and what keeps it from that. */
class BlockingTest {

    private static final Beat TEN_MINUTES = Beat.every(Duration.ofMinutes(10)).jitter(0.2);
    private static final Beat NOW_AND_THEN = Beat.every(Duration.ofHours(2)).jitter(0.95);

    private final Stage stage = new Stage();
    private final Traffic api = stage.flows(APP, "api.torch.example").of("app-backend");
    private final Traffic home = stage.flows(APP, "home.example");

    @BeforeEach
    void theAppIsKnownForItsOwnServer() {
        stage.learnt(10, api);
    }

    /** Out of its role's ports, to where it never went, on a locked device, eight days after it was first seen. */
    private void violation(Traffic how) {
        violation(how, START);
    }

    private void violation(Traffic how, long firstSeen) {
        stage.role(APP, Role.of("tools").speaks(Protocol.TLS, 443));
        api.at(firstSeen);
        stage.agent().unattended(START + 8 * DAY, START + 9 * DAY);
        how.speaking(Protocol.TLS, 8443).by(NOW_AND_THEN, START + 8 * DAY, START + 9 * DAY);
        stage.play();
    }

    @Test
    void twoFamiliesWithAViolationOnAProvenDeviceMayBlock() {
        violation(home);
        stage.finds("AN1827").mayBlock(true);
    }

    @ParameterizedTest
    @EnumSource(
            names = {"MTLS_BOUND", "TAG_VERIFIED", "TUNNEL_KEY"},
            mode = Mode.EXCLUDE)
    void aDeviceThatDidNotProveWhoItIsIsNeverBlocked(DeviceAssurance assurance) {
        violation(home.by(assurance));
        stage.finds("AN1827").is(Severity.CRITICAL).mayBlock(false);
    }

    @ParameterizedTest
    @EnumSource(names = {"MTLS_BOUND", "TAG_VERIFIED", "TUNNEL_KEY"})
    void eachProofWillDo(DeviceAssurance assurance) {
        violation(home.by(assurance));
        stage.finds("AN1827").mayBlock(true);
    }

    @Test
    void anAppThatWasJustUpdatedIsNeverBlocked() {
        stage.agent().installed(APP, START + 8 * DAY, Agent.signedBy("aa", START + 3 * DAY));
        violation(home);
        stage.finds("AN1827").mayBlock(false);
    }

    @Test
    void anAppThatWasFirstSeenTheseDaysIsNeverBlocked() {
        violation(home, START + 3 * DAY);
        stage.finds("AN1827").mayBlock(false);
    }

    /**
     * It violates the role where many devices go: then the role may be out of date, and a block would hit them all. On a port of its
     * own, too: what a new version does there, few use at first.
     */
    @ParameterizedTest
    @CsvSource({"2, 8443, true", "3, 8443, false", "3, 9443, false"})
    void whatManyDevicesDoIsFoundAndNeverBlocked(int others, int on, boolean blocks) {
        stage.role(APP, Role.of("tools").speaks(Protocol.TLS, 443).goesTo("api.example"));
        stage.learnt(others, home.speaking(Protocol.TLS, on));
        api.at(START);
        stage.agent().unattended(START + 8 * DAY, START + 10 * DAY);
        home.speaking(Protocol.TLS, 8443).sized(400, 400).by(TEN_MINUTES, START + 8 * DAY, START + 10 * DAY);
        stage.play();
        stage.finds("AN1827").mayBlock(blocks);
    }

    private static final Build EIGHT = new Build(8, "aa");
    private static final Build NINE = new Build(9, "aa");

    @Test
    void anAppOfAVersionThatBaselinesDoNotKnowIsNeverBlocked() {
        stage.ofBuild(EIGHT).learnt(10, api).installs(APP, NINE);
        violation(home);
        stage.finds("AN1827").is(Severity.CRITICAL).mayBlock(false);
    }

    @Test
    void oneOfAVersionThatBaselinesHaveKnownForLongMayBe() {
        stage.ofBuild(EIGHT).learnt(10, api).installs(APP, EIGHT);
        violation(home);
        stage.finds("AN1827").mayBlock(true);
    }

    /** A store lets it out by and by: whoever has it first is alone with what it brings, and an implant's app is so for ever. */
    @ParameterizedTest
    @CsvSource({"1, 4, false", "2, 4, false", "3, 4, true", "1, 7, true"})
    void oneOfAVersionThatHardlyAnyDeviceHasMayBeBlockedLater(int devices, int days, boolean blocks) {
        stage.ofBuild(EIGHT).learnt(10, api);
        stage.ofBuild(NINE).learntDaily(devices, api, days, 0).installs(APP, NINE);
        violation(home);
        stage.finds("AN1827").is(Severity.CRITICAL).mayBlock(blocks);
    }

    @Test
    void norIsOneThatOnlyThisDeviceHas() {
        stage.ofBuild(EIGHT).learntDaily(1, api, 4, 0).installs(APP, EIGHT);
        violation(home);
        stage.finds("AN1827").is(Severity.CRITICAL).mayBlock(false);
    }

    /** Its version is old, but nobody tells since when it is on this device, which has had the app for five days. */
    @Test
    void oneOfAnOldVersionThatIsNewOnTheDeviceIsNeverBlocked() {
        stage.ofBuild(EIGHT).learnt(10, api).installs(APP, EIGHT);
        violation(home, START + 3 * DAY);
        stage.finds("AN1827").is(Severity.CRITICAL).mayBlock(false);
    }

    /** Both versions are known for long; what is approved was approved of the eighth, which hardly any device has any more. */
    @ParameterizedTest
    @CsvSource({"8, true", "9, false", "-1, false"})
    void aNewVersionReopensWhatWasApproved(long version, boolean violates) {
        stage.ofBuild(EIGHT).learnt(10, api).approve(Subject.app(APP));
        stage.ofBuild(NINE).learnt(10, api);
        stage.installs(APP, version < 0 ? Build.UNKNOWN : new Build(version, "aa"));
        api.at(START);
        stage.agent().unattended(START + 8 * DAY, START + 11 * DAY);
        home.speaking(Protocol.TLS, 8443).by(NOW_AND_THEN, START + 8 * DAY, START + 11 * DAY);
        stage.play();
        String of = violates ? "approved-baseline" : "baseline-of-older-version";
        stage.finds("AN1827")
                .because("port-outside-" + of, "destination-outside-" + of)
                .mayBlock(violates);
        assertThat(stage.told())
                .flatExtracting(Finding::evidence)
                .filteredOn(one -> one.feature().contains("-outside-"))
                .isNotEmpty()
                .allMatch(one -> Words.hard(one) == violates);
    }

    @Test
    void anotherSignerReopensItToo() {
        stage.ofBuild(EIGHT).learnt(10, api).approve(Subject.app(APP));
        Build other = new Build(8, "bb");
        stage.ofBuild(other).learnt(10, api).installs(APP, other);
        api.at(START);
        stage.agent().unattended(START + 8 * DAY, START + 11 * DAY);
        home.speaking(Protocol.TLS, 8443).by(NOW_AND_THEN, START + 8 * DAY, START + 11 * DAY);
        stage.play();
        stage.finds("AN1827").is(Severity.CRITICAL).mayBlock(false);
    }

    @Test
    void withoutAnythingHardItIsNeverBlocked() {
        api.at(START);
        stage.agent().unattended(START + 8 * DAY, START + 10 * DAY);
        home.speaking(Protocol.TLS, 8443).sized(400, 400).by(TEN_MINUTES, START + 8 * DAY, START + 10 * DAY);
        stage.play();
        assertThat(stage.told()).isNotEmpty().noneMatch(Finding::mayBlock);
        stage.finds("AN1827").is(Severity.CRITICAL);
    }
}

package io.postern.analytics.attack;

import static io.postern.analytics.attack.Stage.APP;
import static io.postern.analytics.attack.Stage.DAY;
import static io.postern.analytics.attack.Stage.START;
import static org.assertj.core.api.Assertions.assertThat;

import io.postern.analytics.baseline.Build;
import io.postern.analytics.baseline.Subject;
import io.postern.analytics.detect.Finding.Severity;
import io.postern.analytics.flow.Protocol;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/**
 * What a new version brings weighs less, of an app whose role names one server only: another server, every ten minutes, unseen, on
 * a port that is not for TLS.
 */
class ArrivalsTest {

    private static final Beat TEN_MINUTES = Beat.every(Duration.ofMinutes(10)).jitter(0.2);
    private static final Build EIGHT = new Build(8, "aa");
    private static final Build NINE = new Build(9, "aa");

    private final Stage stage = new Stage();
    private final Traffic api = stage.flows(APP, "api.torch.example").of("app-backend");
    private final Traffic home = stage.flows(APP, "home.example").speaking(Protocol.TLS, 8443);

    private void known(Role role) {
        stage.role(APP, role).ofBuild(EIGHT).learnt(20, api);
    }

    private static Role named() {
        return Role.of("tools").approved().goesTo("api.torch.example");
    }

    /** So many other devices have the ninth, for so many days, and do this. */
    private void others(int devices, int days, Traffic what) {
        stage.ofBuild(NINE).learntDaily(devices, what, days, 0);
    }

    private void beats(Build build, Traffic what) {
        stage.installs(APP, build);
        api.at(START);
        stage.agent().unattended(START, START + 2 * DAY);
        what.sized(400, 400).by(TEN_MINUTES, START, START + 2 * DAY);
        stage.play();
    }

    @Test
    void whatTheVersionBroughtIsNoFindingOnADeviceThatHasIt() {
        known(named());
        others(5, 2, home);
        beats(NINE, home);
        stage.isSilent("AN1793");
        stage.isSilent("AN1681");
    }

    @Test
    void onADeviceOfTheVersionBeforeItViolatesTheRole() {
        known(named());
        others(5, 2, home);
        beats(EIGHT, home);
        stage.finds("AN1827").because("destination-outside-role").notBecause("destination-of-version-outside-role");
    }

    @Test
    void whatSomebodyRejectedIsRejectedWhateverVersionBroughtIt() {
        known(named());
        others(5, 4, home);
        stage.reject(Subject.app(APP));
        beats(NINE, home);
        stage.finds("AN1793").is(Severity.CRITICAL).because("destination-rejected");
    }

    /** The first devices of a version are alone with what it brings, and found for it: that does not speak against the others. */
    @Test
    void whatWasFoundOnItsFirstDevicesIsExcusedOnOthers() {
        known(named());
        others(5, 2, home);
        stage.taints(APP, "home.example");
        beats(NINE, home);
        stage.isSilent("AN1793");
    }

    @Test
    void whatSomebodyConfirmedIsExcusedNowhere() {
        known(named());
        others(5, 2, home);
        stage.taints(APP, "home.example").confirms(APP, "home.example");
        beats(NINE, home);
        stage.finds("AN1793")
                .because("destination-outside-role", "destination-of-confirmed-finding")
                .notInSpiteOf("destination-of-version", "destination-of-many-devices");
        stage.finds("AN1827").notBecause("port-of-version-outside-role", "destination-of-version-outside-role");
    }

    /** Else nothing would be refused of it any more. */
    @Test
    void thatSomebodyConfirmedItTakesNoViolationAway() {
        known(Role.of("tools").approved());
        stage.approve(Subject.app(APP)).confirms(APP, "home.example");
        beats(EIGHT, home);
        stage.finds("AN1793").because("destination-outside-approved-baseline", "destination-of-confirmed-finding");
    }

    /** A new server of a domain that is the app's own, on a port that none of it had before. */
    @Test
    void anotherHostOnAPortThatTheVersionBroughtViolatesNoRole() {
        Traffic second = stage.flows(APP, "second.torch.example").speaking(Protocol.TLS, 8443);
        known(named());
        others(5, 2, second);
        beats(NINE, second);
        stage.isSilent("AN1827");
        stage.isSilent("AN1793");
    }

    @Test
    void anotherHostOnAPortFromBeforeViolatesIt() {
        Traffic second = stage.flows(APP, "second.torch.example");
        known(named());
        others(5, 2, second);
        beats(NINE, second);
        stage.finds("AN1793").because("destination-outside-role");
    }

    @Test
    void onItsFirstDevicesItIsNotKnownYetForTheApp() {
        known(named());
        others(1, 1, api);
        beats(NINE, home);
        stage.finds("AN1827")
                .because("destination-of-version-outside-role")
                .notBecause("destination-outside-role", "destination-rare-for-app")
                .inSpiteOf("destination-of-new-version", Whereabouts.LEARNT_RHYTHM / 2);
    }

    /** It may be an implant whole: it has no maker whose good name would speak for its versions. */
    @Test
    void anAppOfFewDevicesHasNoVersionsThatSpeakForIt() {
        stage.role(APP, named()).ofBuild(EIGHT).learntDaily(1, api, 5, 0);
        others(1, 2, home);
        beats(NINE, home);
        stage.finds("AN1793")
                .because("destination-outside-role")
                .notInSpiteOf("destination-of-version", "destination-of-new-version");
    }

    @Test
    void whatWasThereBeforeTheVersionIsAsOddAsItWas() {
        known(named());
        stage.learnt(1, home);
        others(1, 1, api);
        beats(NINE, home);
        stage.finds("AN1793").because("destination-outside-role").notInSpiteOf("destination-of-new-version");
    }

    @Test
    void aPortThatTheVersionBroughtViolatesNoRole() {
        known(Role.of("tools").approved().speaks(Protocol.TLS, 443));
        Traffic odd = api.speaking(Protocol.TLS, 8443);
        others(5, 2, odd);
        beats(NINE, odd);
        assertThat(stage.score("AN1827", APP)).isLessThan(Severity.MEDIUM.from());
    }

    /** The server has ports of its own. */
    @Test
    void aPortOfAServerThatTheVersionBroughtDoesNotEither() {
        known(Role.of("tools").approved().speaks(Protocol.TLS, 443));
        others(5, 2, home.speaking(Protocol.TLS, 443));
        beats(NINE, home);
        stage.isSilent("AN1827");
    }

    @Test
    void aPortThatNoVersionBroughtViolatesTheRole() {
        known(Role.of("tools").approved().speaks(Protocol.TLS, 443));
        others(5, 2, home.speaking(Protocol.TLS, 443));
        beats(EIGHT, home);
        stage.finds("AN1827").because("port-outside-role");
    }

    @Test
    void aRejectedPortStaysRejectedWithTheNextVersion() {
        known(Role.of("tools").approved());
        stage.approve(Subject.app(APP));
        stage.learnt(10, home).reject(Subject.app(APP));
        others(5, 2, api);
        beats(NINE, home);
        stage.finds("AN1827").is(Severity.CRITICAL).because("port-outside-approved-baseline");
    }
}

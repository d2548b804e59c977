package io.postern.analytics.attack;

import static io.postern.analytics.attack.Stage.APP;
import static io.postern.analytics.attack.Stage.DAY;
import static io.postern.analytics.attack.Stage.DEVICE;
import static io.postern.analytics.attack.Stage.HOUR;
import static io.postern.analytics.attack.Stage.START;
import static org.assertj.core.api.Assertions.assertThat;

import io.postern.analytics.baseline.BaselineSettings;
import io.postern.analytics.baseline.Build;
import io.postern.analytics.detect.Finding;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class SelfTaughtTest {

    private static final int FLEET = 12;
    private static final Beat HOURLY = Beat.every(Duration.ofHours(1)).jitter(0.1);

    private final Stage stage = new Stage();
    private final SelfTaught taught = new SelfTaught(Settings.DEFAULTS, BaselineSettings.DEFAULTS, tag -> AppRole.NONE);

    private void fleet(String host, long from, long until) {
        for (int device = 0; device < FLEET; device++) {
            stage.flows(APP, host).ofDevice("F" + device).by(HOURLY.seed(device), from + device * HOUR / FLEET, until);
        }
    }

    @Test
    void whatAllDevicesHaveAnAppDoByTheClockIsLearntAndSilent() {
        fleet("api.torch.example", START, START + 10 * DAY);
        stage.play(taught).isSilent();
    }

    @Test
    void anImplantThatIsThereWhileItLearnsDoesNotBecomeNormal() {
        fleet("api.torch.example", START, START + 10 * DAY);
        stage.flows(APP, "home.example").by(HOURLY, START, START + 10 * DAY);
        stage.play(taught);
        taught.approve("ann", START + 10 * DAY);
        stage.flows(APP, "home.example").by(HOURLY, START + 10 * DAY, START + 12 * DAY);
        fleet("api.torch.example", START + 10 * DAY, START + 12 * DAY);
        stage.play(taught);
        assertThat(stage.told())
                .anyMatch(one -> one.atMillis() > START + 11 * DAY)
                .extracting(Finding::destination)
                .containsOnly("home.example");
        assertThat(stage.told()).allMatch(one -> one.key().device().equals(DEVICE));
    }

    /** A flow that was open when its app was updated would make the new version as old as itself. */
    @Test
    void aNewVersionIsNoOlderThanItsUpdate() {
        stage.agent().installed(APP, START, Agent.signedBy("aa", START));
        stage.agent().installed(APP, START + 9 * DAY, Agent.signedBy("bb", START + 9 * DAY));
        stage.flows(APP, "api.torch.example").inOneConnection(HOURLY, START + HOUR, START + 10 * DAY);
        stage.flows(APP, "api.torch.example").at(START + 9 * DAY + 5 * HOUR);
        stage.play(taught);
        assertThat(taught.snapshot(START + 10 * DAY).app(APP).since(new Build(-1, "bb")))
                .contains(START + 9 * DAY + 5 * HOUR);
    }

    @Test
    void whatBecameApprovedIsSilentOnADeviceThatComesLater() {
        fleet("api.torch.example", START, START + 6 * DAY);
        stage.play(taught);
        assertThat(taught.approve("ann", START + 6 * DAY)).isPositive();
        stage.flows(APP, "api.torch.example").by(HOURLY, START + 6 * DAY, START + 9 * DAY);
        stage.play(taught).isSilent();
    }
}

package io.postern.analytics.attack;

import static io.postern.analytics.attack.Stage.APP;
import static io.postern.analytics.attack.Stage.DEVICE;
import static io.postern.analytics.attack.Stage.HOUR;
import static io.postern.analytics.attack.Stage.MINUTE;
import static io.postern.analytics.attack.Stage.START;
import static org.assertj.core.api.Assertions.assertThat;

import io.postern.analytics.detect.Finding.Severity;
import io.postern.analytics.flow.Protocol;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** AN1793: what it makes of an app that carries data in the names it asks DNS for, and of what looks like that. */
class NameTunnelTest {

    private static final String ID = "AN1793";
    private static final String NETD = "netd";
    private static final int A = 1;
    private static final int TXT = 16;

    private final Stage stage = new Stage();

    @BeforeEach
    void theAppIsKnownForItsOwnServer() {
        stage.learnt(10, stage.flows(APP, "api.torch.example").of("app-backend"));
    }

    @ParameterizedTest
    @ValueSource(strings = {NETD, APP})
    void aTunnelThroughNamesIsFound(String app) {
        stage.flows(app, "10.0.0.53").speaking(Protocol.DNS, 53).asks(random(600), "tunnel.example", TXT, START);
        stage.play();
        stage.raises(ID)
                .because("bytes-in-names", "carrier-record-types", "names-of-random-letters")
                .because("asked-for-and-never-connected", "domain-rare-in-fleet");
        stage.finds(ID).because("bytes-in-names-per-second");
    }

    private static List<String> random(int count) {
        Random random = new Random(1);
        List<String> names = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            names.add(Long.toString(random.nextLong() & Long.MAX_VALUE, 36)
                    + Long.toString(random.nextLong() & Long.MAX_VALUE, 36)
                    + ".tunnel.example");
        }
        return names;
    }

    @Test
    void aTunnelThroughOurOwnResolverIsFound() {
        for (int host = 0; host < 4; host++) {
            stage.flows(APP, "host" + host + ".example").at(START + host);
        }
        ours().asksUs(random(600), "tunnel.example", TXT, START + MINUTE);
        stage.play();
        stage.raises(ID).because("bytes-in-names", "asked-for-and-never-connected", "domain-rare-in-fleet");
    }

    @Test
    void whoseFlowsDoNotComeHereIsNotSaidToConnectNowhere() {
        ours().asksUs(random(600), "tunnel.example", TXT, START);
        stage.play();
        stage.finds(ID).notBecause("asked-for-and-never-connected").notVisible("connections");
    }

    /** As apps on a phone ask for them, by one device alone, so that nothing is excused by many. */
    @ParameterizedTest
    @EnumSource(LookAlike.class)
    void namesThatAreManyAndNoTunnelAreSilent(LookAlike names) {
        for (int host = 0; host < 4; host++) {
            stage.flows(APP, "host" + host + ".example").at(START + host);
        }
        if (names.connected()) {
            stage.flows(APP, names.name(0)).of("cdn").at(START + 10);
        }
        List<String> asked = IntStream.range(0, 1_200).mapToObj(names::name).toList();
        ours().asksUs(asked, names.domain(), A, START + MINUTE);
        stage.play().isSilent();
    }

    private Traffic ours() {
        return stage.flows(NETD, "10.77.0.1").speaking(Protocol.DNS, 53);
    }

    @Test
    void aTunnelOnSixDevicesIsFoundOnEachOfThem() {
        for (int device = 0; device < 6; device++) {
            tunnel(DEVICE + device, 600, START + device * MINUTE);
        }
        stage.play();
        assertThat(devicesFound())
                .containsExactlyInAnyOrder(DEVICE + 0, DEVICE + 1, DEVICE + 2, DEVICE + 3, DEVICE + 4, DEVICE + 5);
    }

    /** A picture in a mail to everybody, below the domain of the tunnel. */
    @Test
    void aTunnelIsFoundThoughOthersAskedOnceBelowItsDomain() {
        for (int device = 0; device < 6; device++) {
            stage.flows(NETD, "10.0.0.53")
                    .ofDevice("F" + device)
                    .speaking(Protocol.DNS, 53)
                    .asks(List.of("img.tunnel.example"), "tunnel.example", A, START + device * MINUTE);
        }
        tunnel(DEVICE, 600, START + HOUR);
        stage.play();
        assertThat(devicesFound()).containsExactly(DEVICE);
    }

    @Test
    void aTunnelIsFoundThoughOthersUseItsDomainAsAHost() {
        for (int device = 0; device < 6; device++) {
            usesAsAHost("F" + device);
        }
        tunnel(DEVICE, 600, START + HOUR);
        stage.play();
        stage.finds(ID).inSpiteOf("domain-of-many-devices").because("bytes-in-names", "asked-for-and-never-connected");
        assertThat(devicesFound()).containsExactly(DEVICE);
    }

    /** Prefetched, such as by a page of many pictures. */
    @Test
    void someNamesOfADomainThatOthersUseAsAHostAreNoTunnel() {
        for (int device = 0; device < 6; device++) {
            usesAsAHost("F" + device);
        }
        tunnel(DEVICE, 150, START + HOUR);
        stage.play().isSilent();
    }

    private void usesAsAHost(String device) {
        stage.flows(APP, "img.tunnel.example").ofDevice(device).of("cdn").at(START);
        stage.flows(NETD, "10.0.0.53")
                .ofDevice(device)
                .speaking(Protocol.DNS, 53)
                .asks(Collections.nCopies(20, "img.tunnel.example"), "tunnel.example", A, START + MINUTE);
    }

    private void tunnel(String device, int names, long from) {
        stage.flows(NETD, "10.0.0.53")
                .ofDevice(device)
                .speaking(Protocol.DNS, 53)
                .asks(random(names), "tunnel.example", A, from);
    }

    private Set<String> devicesFound() {
        return stage.told().stream()
                .filter(one -> one.severity() != Severity.LOW)
                .map(one -> one.key().device())
                .collect(Collectors.toSet());
    }

    @Test
    void namesOfACdnThatAppsConnectToAreNoTunnel() {
        stage.flows(APP, "img.tunnel.example").of("cdn").at(START);
        stage.flows(NETD, "10.0.0.53")
                .speaking(Protocol.DNS, 53)
                .asks(random(600), "tunnel.example", A, START + MINUTE);
        stage.play().isSilent();
    }

    @Test
    void theSameFewNamesAgainAndAgainAreNoTunnel() {
        List<String> few = new ArrayList<>();
        for (int i = 0; i < 3_000; i++) {
            few.add(random(5).get(i % 5));
        }
        stage.flows(NETD, "10.0.0.53").speaking(Protocol.DNS, 53).asks(few, "tunnel.example", TXT, START);
        stage.play().isSilent();
    }
}

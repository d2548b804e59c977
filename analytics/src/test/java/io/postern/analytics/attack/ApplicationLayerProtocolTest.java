package io.postern.analytics.attack;

import static io.postern.analytics.attack.Stage.APP;
import static io.postern.analytics.attack.Stage.DAY;
import static io.postern.analytics.attack.Stage.DEVICE;
import static io.postern.analytics.attack.Stage.HOUR;
import static io.postern.analytics.attack.Stage.MINUTE;
import static io.postern.analytics.attack.Stage.START;
import static org.assertj.core.api.Assertions.assertThat;

import io.postern.analytics.Evidence;
import io.postern.analytics.baseline.Situation;
import io.postern.analytics.baseline.Subject;
import io.postern.analytics.detect.Finding;
import io.postern.analytics.detect.Finding.Severity;
import io.postern.analytics.flow.InClear.Naming;
import io.postern.analytics.flow.InClear.Payload;
import io.postern.analytics.flow.InClear.Resolved;
import io.postern.analytics.flow.Protocol;
import java.time.Duration;
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
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** AN1793: what it must see, what it must be silent on, and what it makes of what it cannot see. */
class ApplicationLayerProtocolTest {

    private static final String ID = "AN1793";
    private static final String OTHER = "com.example.lamp";
    private static final String NETD = "netd";
    private static final int A = 1;
    private static final int TXT = 16;
    private static final Payload RANDOM = new Payload(false, 4096, 7.951);
    private static final Beat TEN_MINUTES = Beat.every(Duration.ofMinutes(10)).jitter(0.2);

    private final Stage stage = new Stage();
    private final Traffic home = stage.flows(APP, "home.example");

    @BeforeEach
    void theAppIsKnownForItsOwnServer() {
        stage.learnt(10, stage.flows(APP, "api.torch.example").of("app-backend"));
    }

    @Test
    void aClockOverConnectsToWhereTheAppNeverGoesIsFound() {
        home.by(TEN_MINUTES, START, START + 12 * HOUR);
        stage.play();
        stage.raises(ID).because("clock", "destination-rare-for-app");
    }

    @Test
    void aClockOverExchangesIsFound() {
        home.speaking(Protocol.WEBSOCKET, 443).inOneConnection(TEN_MINUTES, START, START + 12 * HOUR);
        stage.play();
        stage.raises(ID).because("clock", "destination-rare-for-app");
    }

    @ParameterizedTest
    @CsvSource({"MQTT, 1883", "XMPP, 5222", "UNKNOWN, 443", "SSH, 22", "UNKNOWN, 7000"})
    void whateverItSpeaks(Protocol protocol, int port) {
        home.speaking(protocol, port).by(TEN_MINUTES, START, START + 12 * HOUR);
        stage.play();
        stage.raises(ID).because("clock");
    }

    @Test
    void weighsBackgroundLockAndAbsence() {
        stage.agent().unattended(START, START + 12 * HOUR);
        home.by(TEN_MINUTES, START, START + 12 * HOUR);
        stage.play();
        stage.finds(ID).because("clock-in-background", "background-share", "device-locked", "nobody-at-the-device");
    }

    @Test
    void anAddressInPlaceOfANameWeighsMore() {
        stage.flows(APP, "198.51.100.7").saysHello("", false, "").by(TEN_MINUTES, START, START + 12 * HOUR);
        stage.play();
        stage.finds(ID).because("address-without-name");
    }

    @Test
    void noNameWhereTheAppAlwaysSendsOneWeighsMore() {
        stage.flows(APP, "api.torch.example").by(Beat.every(Duration.ofHours(1)).jitter(0.9), START, START + 2 * DAY);
        stage.flows(APP, "198.51.100.7").saysHello("", false, "").by(TEN_MINUTES, START + DAY, START + 2 * DAY);
        stage.play();
        stage.finds(ID).because("no-sni-where-the-app-names");
    }

    @Test
    void namesOfRandomLettersAndLongLabelsAndPunycodeWeighMore() {
        stage.flows(APP, "xkqzvjwpfhtgbnmr7q2wzx9k.example").by(TEN_MINUTES, START, START + 12 * HOUR);
        stage.play();
        stage.finds(ID).because("name-of-random-letters", "name-with-long-label");
        stage.flows(OTHER, "xn--pple-43d.paying.example").by(TEN_MINUTES, START, START + 12 * HOUR);
        stage.play();
        stage.finds(ID).because("name-mixing-punycode");
    }

    @Test
    void anOuterNameIsHiddenAndNoAnomaly() {
        stage.flows(APP, "xkqzvjwpfhtgbnmr7q2wzx9k.example")
                .saysHello("outer.example", true, "")
                .by(TEN_MINUTES, START, START + 12 * HOUR);
        stage.play();
        stage.finds(ID)
                .notVisible("name")
                .notBecause("name-of-random-letters", "name-with-long-label", "no-sni-where-the-app-names");
    }

    @Test
    void aRequestUnlikeTheAppsOwnWeighsMore() {
        stage.learnt(10, stage.flows(APP, "api.torch.example").asking("GET", "/v1/*"));
        home.speaking(Protocol.HTTP, 80).asking("POST", "/gate.php").by(TEN_MINUTES, START, START + 12 * HOUR);
        stage.play();
        stage.finds(ID).because("request-new-to-app");
    }

    @Test
    void aRequestLikeTheAppsOwnDoesNot() {
        stage.learnt(10, stage.flows(APP, "api.torch.example").asking("GET", "/v1/*"));
        home.speaking(Protocol.HTTP, 80).asking("GET", "/v1/*").by(TEN_MINUTES, START, START + 12 * HOUR);
        stage.play();
        stage.finds(ID).notBecause("request-new-to-app");
    }

    @Test
    void aRequestThatItsCategoryIsKnownForDoesNotEither() {
        stage.role(APP, Role.of("tools")).role(OTHER, Role.of("tools"));
        stage.learnt(10, stage.flows(APP, "api.torch.example").asking("GET", "/v1/*"))
                .learnt(10, stage.flows(OTHER, "api.lamp.example").asking("POST", "/upload"));
        home.speaking(Protocol.HTTP, 80).asking("POST", "/upload").by(TEN_MINUTES, START, START + 12 * HOUR);
        stage.play();
        stage.finds(ID).notBecause("request-new-to-app");
    }

    @Test
    void ofAnAppThatHardlyAnyDeviceHasRequestsAreHeldAgainstItsCategory() {
        String rare = "com.example.rare";
        stage.role(rare, Role.of("tools")).role(OTHER, Role.of("tools"));
        stage.learnt(10, stage.flows(OTHER, "api.lamp.example").asking("GET", "/v1/*"));
        stage.flows(rare, "home.example")
                .speaking(Protocol.HTTP, 80)
                .asking("POST", "/gate.php")
                .by(TEN_MINUTES, START, START + 12 * HOUR);
        stage.play();
        stage.finds(ID).because("request-unlike-category").notBecause("request-new-to-app");
    }

    @Test
    void aHelloUnlikeTheAppsOwnWeighsMore() {
        home.saysHello("home.example", false, "t12i0205h1_0000_ffff").by(TEN_MINUTES, START, START + 12 * HOUR);
        stage.play();
        stage.finds(ID).because("tls-hello-new-to-app");
    }

    @Test
    void aServerThatIsCalledByAnotherNameThanItWasAskedForWeighsMore() {
        home.named(Naming.APART).by(TEN_MINUTES, START, START + 12 * HOUR);
        stage.play();
        stage.finds(ID).because("sni-host-mismatch");
    }

    @Test
    void anAddressThatNoNameAskedForHereLedToWeighsMore() {
        home.resolved(Resolved.NEVER).by(TEN_MINUTES, START, START + 12 * HOUR);
        stage.play();
        stage.finds(ID).because("never-resolved-here");
    }

    @ParameterizedTest
    @EnumSource(value = Resolved.class, names = "NEVER", mode = EnumSource.Mode.EXCLUDE)
    void anAddressThatItMayHaveBeenToldWeighsNothing(Resolved whether) {
        home.resolved(whether).by(TEN_MINUTES, START, START + 12 * HOUR);
        stage.play();
        stage.finds(ID).notBecause("never-resolved-here");
    }

    @Test
    void aRelayIsFoundWithoutNames() {
        home.resolved(Resolved.NEVER).speaking(Protocol.STUN, 3478).by(TEN_MINUTES, START, START + 12 * HOUR);
        stage.play();
        assertThat(stage.told())
                .flatExtracting(Finding::evidence)
                .extracting(Evidence::feature)
                .isNotEmpty()
                .doesNotContain("never-resolved-here");
    }

    @Test
    void twoNamesThatOneCertificateCoversAreNothing() {
        home.named(Naming.COVERED).by(TEN_MINUTES, START, START + 12 * HOUR);
        stage.play();
        stage.finds(ID).notBecause("sni-host-mismatch");
        assertThat(stage.told()).noneMatch(one -> one.notVisible().contains("certificate"));
    }

    @Test
    void twoNamesUnderAnEncryptedCertificateAreNotVisible() {
        home.named(Naming.UNSEEN).by(TEN_MINUTES, START, START + 12 * HOUR);
        stage.play();
        stage.finds(ID).notVisible("certificate").notBecause("sni-host-mismatch");
    }

    @Test
    void theApprovalOfANameDoesNotExcuseAServerThatGoesByTwo() {
        Traffic api = stage.flows(APP, "api.torch.example").of("app-backend");
        stage.approve(Subject.app(APP));
        stage.agent().unattended(START, START + 12 * HOUR);
        api.named(Naming.APART).by(TEN_MINUTES, START, START + 12 * HOUR);
        stage.play();
        stage.finds(ID).because("sni-host-mismatch", "clock-in-background").notBecause("destination-approved");
    }

    @Test
    void neitherDoesARoleThatNamesIt() {
        stage.role(APP, Role.of("tools").goesTo("torch.example"));
        stage.agent().unattended(START, START + 12 * HOUR);
        stage.flows(APP, "api.torch.example").named(Naming.APART).by(TEN_MINUTES, START, START + 12 * HOUR);
        stage.play();
        stage.finds(ID).because("sni-host-mismatch").notBecause("destination-of-role", "destination-outside-role");
    }

    @Test
    void theApprovalHoldsWhereTheCertificateCoversBoth() {
        Traffic api = stage.flows(APP, "api.torch.example").of("app-backend");
        stage.approve(Subject.app(APP));
        stage.agent().unattended(START, START + 12 * HOUR);
        api.named(Naming.COVERED).by(TEN_MINUTES, START, START + 12 * HOUR);
        stage.play().isSilent();
    }

    @Test
    void twoNamesAloneAreNoFinding() {
        home.named(Naming.APART).at(START + HOUR);
        stage.play().isSilent();
    }

    @ParameterizedTest
    @CsvSource({"HTTP, 80", "WEBSOCKET, 80"})
    void randomBytesInClearWeighMore(Protocol protocol, int port) {
        home.speaking(protocol, port).sending(RANDOM).by(TEN_MINUTES, START, START + 12 * HOUR);
        stage.play();
        stage.finds(ID).because("payload-like-random");
    }

    @Test
    void thoseThatItGetsDoToo() {
        home.speaking(Protocol.HTTP, 80).getting(RANDOM).by(TEN_MINUTES, START, START + 12 * HOUR);
        stage.play();
        stage.finds(ID).because("payload-like-random");
    }

    /** A sample of 256 random bytes comes to 7.1 bits; the same of 4 KiB is some format's. */
    @Test
    void howManyBitsAreRandomDependsOnTheSize() {
        home.speaking(Protocol.HTTP, 80)
                .sending(new Payload(false, 256, 7.1))
                .by(TEN_MINUTES, START, START + 12 * HOUR);
        stage.play();
        stage.finds(ID).because("payload-like-random");
        stage.flows(OTHER, "home.example")
                .speaking(Protocol.HTTP, 80)
                .sending(new Payload(false, 4096, 7.1))
                .by(TEN_MINUTES, START, START + 12 * HOUR);
        stage.play();
        stage.finds(ID).notBecause("payload-like-random");
    }

    @Test
    void whatSaysThatItIsCompressedDoesNot() {
        home.speaking(Protocol.HTTP, 80)
                .sending(new Payload(true, 4096, 7.96))
                .by(TEN_MINUTES, START, START + 12 * HOUR);
        stage.play();
        stage.finds(ID).notBecause("payload-like-random");
    }

    @Test
    void randomBytesAloneAreNoFinding() {
        home.speaking(Protocol.HTTP, 80).sending(RANDOM).at(START + HOUR);
        stage.play().isSilent();
    }

    @Test
    void exchangesOfOneSizeWeighMore() {
        home.sized(612, 204).by(TEN_MINUTES, START, START + 12 * HOUR);
        stage.play();
        stage.finds(ID).because("same-sizes");
    }

    @Test
    void questionsAsLargeAsTheirAnswersWeighMore() {
        home.about(420, 400).by(TEN_MINUTES, START, START + 12 * HOUR);
        stage.play();
        stage.finds(ID).because("same-sizes-both-ways");
    }

    @Test
    void thoseOfAnAppOfSuchSizesDoNot() {
        stage.learnt(10, stage.flows(APP, "api.torch.example").about(420, 400));
        home.sized(420, 400).by(TEN_MINUTES, START, START + 12 * HOUR);
        stage.play();
        stage.finds(ID).notBecause("same-sizes-both-ways");
    }

    @Test
    void moreConnectsAnHourThanItsThresholdWeighMore() {
        home.by(Beat.every(Duration.ofSeconds(45)).jitter(0.2), START, START + 6 * HOUR);
        stage.play();
        stage.finds(ID).because("connects-often");
    }

    @ParameterizedTest
    @CsvSource({"SMTP, 25", "SMTP, 587", "IMAP, 143", "IMAP, 993", "POP3, 110"})
    void mailFromWhatIsNoMailAppIsFound(Protocol protocol, int port) {
        home.speaking(protocol, port).at(START + HOUR);
        stage.play();
        stage.raises(ID).because("mail-from-no-mail-app", "destination-rare-for-app");
    }

    @Test
    void mailFromAMailAppIsNot() {
        stage.role(APP, Role.of("mail").approved());
        home.speaking(Protocol.SMTP, 587).at(START + HOUR);
        stage.play().isSilent(ID);
    }

    @Test
    void whereItsCategoryGoesSpeaksAgainstAFinding() {
        stage.role(APP, Role.of("tools")).role(OTHER, Role.of("tools"));
        stage.learnt(10, stage.flows(OTHER, "home.example"));
        stage.agent().unattended(START, START + 12 * HOUR);
        home.by(TEN_MINUTES, START, START + 12 * HOUR);
        stage.play();
        stage.finds(ID).inSpiteOf("destination-of-category");
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

    @Test
    void tellsWhatItCouldNotSee() {
        stage.knowsNoFleet();
        stage.flows(APP, "198.51.100.7")
                .saysHello("", false, "")
                .speaking(Protocol.TLS, 4444)
                .by(TEN_MINUTES, START, START + 2 * DAY);
        stage.play();
        stage.finds(ID).notVisible("app-state", "lock", "interaction", "inventory", "baseline");
    }

    @Test
    void aDestinationThatSomebodyRejectedWeighsMore() {
        stage.learnt(10, home).reject(Subject.app(APP));
        home.by(TEN_MINUTES, START, START + 12 * HOUR);
        stage.play();
        stage.finds(ID).because("destination-rejected", "clock");
    }

    /** Four others are let go together every half hour. */
    @Test
    void oneThatWakesByItselfWeighsMore() {
        stage.agent().unattended(START, START + DAY);
        for (int app = 0; app < 4; app++) {
            stage.flows(OTHER + app, "api" + app + ".example")
                    .by(Beat.every(Duration.ofMinutes(30)), START + app * 500L, START + DAY);
        }
        home.by(Beat.every(Duration.ofMinutes(11)).jitter(0.2), START + 7 * MINUTE, START + DAY);
        home.by(Beat.every(Duration.ofMinutes(11)).jitter(0.2), START + DAY, START + 2 * DAY);
        stage.play();
        stage.finds(ID).because("wakes-by-itself", "clock-in-background");
    }

    @Test
    void intervalsThatGrowAreSaidToGrow() {
        home.by(Beat.every(Duration.ofSeconds(10)).growing(1.3), START, START + 30 * DAY);
        stage.play();
        stage.finds(ID).because("growing-intervals").notBecause("clock");
    }

    /** Others do so by the minute, too, and never for long. */
    @Test
    void oftenerThanAnybodyElsesWeighsMore() {
        Traffic api = stage.flows(APP, "api.torch.example").of("app-backend");
        stage.learnt(15, api, Beat.every(Duration.ofMinutes(1)).missing(0.9), Situation.BACKGROUND);
        stage.agent().unattended(START, START + 12 * HOUR);
        api.by(Beat.every(Duration.ofMinutes(1)).jitter(0.1), START, START + 12 * HOUR);
        stage.play();
        stage.finds(ID).because("rate-unlike-baseline").notBecause("rhythm-unlike-baseline");
    }

    /** What an app declares of its rhythm speaks against it, and for nothing else that it does. */
    @Test
    void aClockThatItsCategoryDeclaresSpeaksAgainstAFinding() {
        outsideItsRole(AppRole.Behaviour.POLL);
        home.by(TEN_MINUTES, START, START + 12 * HOUR);
        stage.play();
        stage.finds(ID).inSpiteOf("clock-declared");
    }

    @Test
    void soDoKeepalives() {
        outsideItsRole(AppRole.Behaviour.KEEPALIVE);
        home.inOneConnection(TEN_MINUTES, START, START + 12 * HOUR);
        stage.play();
        stage.finds(ID).inSpiteOf("keepalive-declared");
    }

    @Test
    void soDoesWaitingForMail() {
        outsideItsRole(AppRole.Behaviour.IMAP_IDLE);
        home.speaking(Protocol.TLS, 993).inOneConnection(TEN_MINUTES, START, START + 12 * HOUR);
        stage.play();
        stage.finds(ID).inSpiteOf("imap-idle-declared");
    }

    private void outsideItsRole(AppRole.Behaviour behaviour) {
        stage.role(APP, Role.of("tools").does(behaviour).goesTo("torch.example"));
        stage.agent().unattended(START, START + 12 * HOUR);
    }

    // What it must be silent on.

    @Test
    void isSilentOnAClockToWhereManyDevicesHaveTheAppGo() {
        stage.learnt(10, home, TEN_MINUTES, Situation.BACKGROUND);
        stage.agent().unattended(START, START + 3 * DAY);
        home.by(TEN_MINUTES, START, START + 3 * DAY);
        stage.play().isSilent();
    }

    @Test
    void isSilentOnAClockToWhereSomebodyApprovedOf() {
        stage.learnt(10, home).approve(Subject.app(APP));
        stage.agent().unattended(START, START + 3 * DAY);
        home.by(TEN_MINUTES, START, START + 3 * DAY);
        stage.play().isSilent();
    }

    @Test
    void isSilentOnAClockToWhereTheRoleSays() {
        stage.role(APP, Role.of("tools").approved().goesTo("home.example"));
        stage.agent().unattended(START, START + 3 * DAY);
        home.by(TEN_MINUTES, START, START + 3 * DAY);
        stage.play().isSilent();
    }

    @Test
    void isSilentOnWhatComesAtAnyTime() {
        stage.agent().unattended(START, START + 3 * DAY);
        Random random = new Random(5);
        for (double at = START; at < START + 3 * DAY; at += -15 * MINUTE * Math.log(1 - random.nextDouble())) {
            home.at((long) at);
        }
        stage.play().isSilent(ID);
    }

    @Test
    void isSilentOnOneWhoReadsANewSite() {
        stage.agent().inUse(APP, START, START + 4 * HOUR);
        home.about(2_000, 80_000).by(Beat.every(Duration.ofMinutes(3)).jitter(0.95), START + MINUTE, START + 4 * HOUR);
        stage.play().isSilent();
    }
}

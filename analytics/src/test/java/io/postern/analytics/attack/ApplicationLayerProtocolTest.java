package io.postern.analytics.attack;

import static io.postern.analytics.attack.Stage.APP;
import static io.postern.analytics.attack.Stage.DAY;
import static io.postern.analytics.attack.Stage.HOUR;
import static io.postern.analytics.attack.Stage.MINUTE;
import static io.postern.analytics.attack.Stage.START;
import static org.assertj.core.api.Assertions.assertThat;

import io.postern.analytics.Evidence;
import io.postern.analytics.baseline.Situation;
import io.postern.analytics.baseline.Subject;
import io.postern.analytics.detect.Finding;
import io.postern.analytics.flow.InClear.Naming;
import io.postern.analytics.flow.InClear.Payload;
import io.postern.analytics.flow.InClear.Resolved;
import io.postern.analytics.flow.Protocol;
import java.time.Duration;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** AN1793: what it must see, what it must be silent on, and what it makes of what it cannot see; of names, {@link NameTunnelTest}. */
class ApplicationLayerProtocolTest {

    private static final String ID = "AN1793";
    private static final String OTHER = "com.example.lamp";
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

    /** Each situation alone was seen on no more devices than one implant may be on. */
    @Test
    void devicesThatAskInDifferentSituationsCountTogether() {
        Traffic api = stage.flows(APP, "api.torch.example").asking("GET", "/v1/*");
        Beat daily = Beat.every(Duration.ofHours(5)).jitter(0.5);
        stage.learnt(2, api, daily, Situation.BACKGROUND)
                .learnt(2, api, daily, Situation.ACTIVE)
                .learnt(2, api, daily, Situation.UNKNOWN);
        home.speaking(Protocol.HTTP, 80).asking("GET", "/v1/*").by(TEN_MINUTES, START, START + 12 * HOUR);
        stage.play();
        stage.finds(ID).notBecause("request-new-to-app");
    }

    @ParameterizedTest
    @CsvSource({"another, true", "usual, false"})
    void headersInAnotherOrderWeighMore(String order, boolean counts) {
        stage.learnt(10, stage.flows(APP, "api.torch.example").asking("GET", "/v1/*", "usual"));
        home.speaking(Protocol.HTTP, 80).asking("GET", "/v1/*", order).by(TEN_MINUTES, START, START + 12 * HOUR);
        stage.play();
        because(counts, "header-order-new-to-app");
    }

    /** That the request is new says so already. */
    @Test
    void ofARequestThatIsNewTheOrderOfItsHeadersIsNoMatter() {
        stage.learnt(10, stage.flows(APP, "api.torch.example").asking("GET", "/v1/*", "usual"));
        home.speaking(Protocol.HTTP, 80)
                .asking("POST", "/gate.php", "another")
                .by(TEN_MINUTES, START, START + 12 * HOUR);
        stage.play();
        stage.finds(ID).because("request-new-to-app").notBecause("header-order-new-to-app");
    }

    @ParameterizedTest
    @CsvSource({"http/1.1, true", "h2, false"})
    void aProtocolThatTheAppNeverOfferedFirstWeighsMore(String alpn, boolean counts) {
        home.offering(alpn).by(TEN_MINUTES, START, START + 12 * HOUR);
        stage.play();
        because(counts, "alpn-new-to-app");
    }

    /** Known for its noons; it speaks at night. */
    @ParameterizedTest
    @CsvSource({"15, 2, true", "15, 12, false", "6, 2, false"})
    void anHourOfTheWeekThatTheAppIsNotKnownForWeighsMoreAfterTwoWeeks(int days, int hour, boolean counts) {
        stage.learntDaily(10, stage.flows(APP, "api.torch.example"), days, 12 * HOUR);
        home.by(Beat.every(Duration.ofMinutes(3)).jitter(0.1), START + hour * HOUR, START + hour * HOUR + 90 * MINUTE);
        stage.play();
        because(counts, "hour-new-to-app");
    }

    /** One of them would be a second family beside the clock of any job. */
    @ParameterizedTest
    @CsvSource({"2, h2", "12, http/1.1"})
    void whereTheAppIsKnownToGoTheyCountForNothing(int hour, String alpn) {
        stage.role(APP, Role.of("tools").goesTo("lamp.example"));
        Traffic api = stage.flows(APP, "api.torch.example").of("app-backend");
        stage.learntDaily(10, api, 15, 12 * HOUR);
        Beat often = Beat.every(Duration.ofMinutes(3)).jitter(0.1);
        stage.agent().unattended(START, START + DAY);
        api.offering(alpn).by(often, START + hour * HOUR, START + (hour + 3) * HOUR);
        stage.play();
        stage.finds(ID)
                .because("destination-outside-role")
                .inSpiteOf("destination-learnt")
                .notBecause("hour-new-to-app", "alpn-new-to-app");
    }

    private void because(boolean counts, String feature) {
        if (counts) {
            stage.finds(ID).because(feature);
        } else {
            stage.finds(ID).notBecause(feature);
        }
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

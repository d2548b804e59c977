package io.postern.analytics.attack;

import static io.postern.analytics.attack.Stage.APP;
import static io.postern.analytics.attack.Stage.DAY;
import static io.postern.analytics.attack.Stage.HOUR;
import static io.postern.analytics.attack.Stage.MINUTE;
import static io.postern.analytics.attack.Stage.SECOND;
import static io.postern.analytics.attack.Stage.START;
import static org.assertj.core.api.Assertions.assertThat;

import io.postern.analytics.Evidence;
import io.postern.analytics.baseline.Situation;
import io.postern.analytics.baseline.Subject;
import io.postern.analytics.detect.Finding;
import io.postern.analytics.flow.Flow;
import io.postern.analytics.flow.FlowEvent;
import io.postern.analytics.flow.Protocol;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** AN1681: what it must see, what it must be silent on, and what it makes of what it cannot see. */
class WebProtocolsTest {

    private static final String ID = "AN1681";
    private static final String MAIL = "com.example.mail";
    private static final String CHAT = "com.example.chat";
    private static final String PLAY_SERVICES = "com.google.android.gms";
    private static final Beat TEN_MINUTES = Beat.every(Duration.ofMinutes(10)).jitter(0.2);

    private final Stage stage = new Stage();
    private final Traffic home = stage.flows(APP, "home.example").about(500, 700);

    @BeforeEach
    void theAppIsKnownForItsOwnServer() {
        stage.learnt(10, stage.flows(APP, "api.torch.example").of("app-backend"));
    }

    @ParameterizedTest
    @EnumSource(names = {"TLS", "QUIC", "HTTP", "HTTP2", "WEBSOCKET", "GRPC"})
    void aClockOverConnectsIsFound(Protocol protocol) {
        home.speaking(protocol, protocol == Protocol.HTTP ? 80 : 443).by(TEN_MINUTES, START, START + 12 * HOUR);
        stage.play();
        stage.raises(ID).because("clock", "destination-rare-for-app");
    }

    @ParameterizedTest
    @EnumSource(names = {"WEBSOCKET", "HTTP2", "GRPC"})
    void aClockOverExchangesOfOneConnectionIsFound(Protocol protocol) {
        home.speaking(protocol, 443).inOneConnection(TEN_MINUTES, START, START + 12 * HOUR);
        stage.play();
        stage.raises(ID).because("clock", "destination-rare-for-app");
    }

    @Test
    void whatIsUnknownOnAWebPortIsJudgedAsWeb() {
        home.speaking(Protocol.UNKNOWN, 443).by(TEN_MINUTES, START, START + 12 * HOUR);
        stage.play();
        stage.raises(ID).because("clock");
    }

    @Test
    void lowVolumeOverManyHoursWeighsMore() {
        home.by(TEN_MINUTES, START, START + 12 * HOUR);
        stage.play();
        stage.finds(ID).because("low-volume");
        // What is found early is told again a day later, with what has come since.
        home.by(TEN_MINUTES, START + 12 * HOUR, START + 2 * DAY);
        stage.play();
        stage.finds(ID).because("hours-active");
    }

    @ParameterizedTest
    @CsvSource({"200, 9000", "9000, 200"})
    void asymmetryEitherWayWeighsMore(long up, long down) {
        home.about(up, down).by(TEN_MINUTES, START, START + 12 * HOUR);
        stage.play();
        stage.finds(ID).because("asymmetric");
    }

    @Test
    void asymmetryOfAnAppThatIsSoByTradeDoesNot() {
        stage.learnt(10, stage.flows(APP, "api.torch.example").about(200, 9_000));
        home.sized(200, 9_000).by(TEN_MINUTES, START, START + 12 * HOUR);
        stage.play();
        stage.finds(ID).notBecause("asymmetric");
    }

    @Test
    void exchangesOfAboutTheSameSizeBothWaysAreNotAsymmetric() {
        home.by(TEN_MINUTES, START, START + 12 * HOUR);
        stage.play();
        stage.finds(ID).notBecause("asymmetric");
    }

    @Test
    void aRhythmUnlikeTheAppsOwnIsFoundAtItsOwnServer() {
        Traffic api = stage.flows(APP, "api.torch.example").of("app-backend");
        stage.learnt(15, api, Beat.every(Duration.ofHours(3)), Situation.BACKGROUND);
        stage.agent().unattended(START, START + DAY);
        api.sized(500, 700).by(Beat.every(Duration.ofMinutes(2)).jitter(0.1), START, START + DAY);
        stage.play();
        stage.finds(ID).because("clock-in-background", "rhythm-unlike-baseline").inSpiteOf("destination-learnt");
    }

    @Test
    void whatThreeDevicesOfManyDoIsNoRhythmOfTheApp() {
        Traffic api = stage.flows(APP, "api.torch.example").of("app-backend");
        Beat often = Beat.every(Duration.ofMinutes(2)).jitter(0.1);
        stage.learnt(200, api, Beat.every(Duration.ofHours(3)), Situation.BACKGROUND)
                .learnt(3, api, often, Situation.BACKGROUND);
        stage.agent().unattended(START, START + DAY);
        api.sized(500, 700).by(often, START, START + DAY);
        stage.play();
        stage.finds(ID).because("clock-in-background", "rhythm-unlike-baseline").inSpiteOf("destination-learnt");
    }

    /** A thousand devices have the app, and fifteen of them tell in what state it connects. */
    @Test
    void theRhythmOfAllThatReportOneIsNoOddOne() {
        Traffic api = stage.flows(APP, "api.torch.example").of("app-backend");
        stage.learnt(1_000, api, Beat.every(Duration.ofHours(20)), Situation.UNKNOWN)
                .learnt(15, api, Beat.every(Duration.ofMinutes(15)).jitter(0.1), Situation.BACKGROUND);
        stage.agent().unattended(START, START + 2 * DAY);
        api.sized(500, 700).by(Beat.every(Duration.ofMinutes(15)).jitter(0.1), START, START + 2 * DAY);
        stage.play().isSilent();
        assertThat(stage.told())
                .flatExtracting(Finding::evidence)
                .extracting(Evidence::feature)
                .doesNotContain("rhythm-unlike-baseline", "rate-unlike-baseline");
    }

    /** That it comes more often than on other devices is one observation: where a clock stands, of the baseline of rhythms. */
    @Test
    void howOftenItComesCountsOnce() {
        hourly(1);
        stage.agent().unattended(START, START + 3 * DAY);
        stage.flows(APP, "api.torch.example")
                .about(420, 260)
                .afterHello()
                .by(Beat.every(Duration.ofMinutes(8)).jitter(0.1), START, START + 3 * DAY);
        stage.play();
        for (String analytic : List.of(ID, "AN1793")) {
            stage.finds(analytic)
                    .because("rhythm-unlike-baseline", "smaller-than-on-other-devices")
                    .notBecause("rate-unlike-baseline");
            assertThat(stage.told())
                    .flatExtracting(Finding::evidence)
                    .filteredOn(one -> one.feature().equals("often-for-the-app"))
                    .isNotEmpty()
                    .allMatch(one -> one.weight() == 5);
        }
    }

    /** What was approved works unseen as it may, but something else speaks to its server, by a clock. */
    @Test
    void anImplantAtTheServerOfAnApprovedAppIsMedium() {
        stage.role(APP, Role.of("tools").approved().worksInBackground());
        hourly(1);
        stage.agent().unattended(START, START + 3 * DAY);
        stage.flows(APP, "api.torch.example")
                .sized(420, 260)
                .afterHello()
                .by(Beat.every(Duration.ofMinutes(8)).jitter(0.1), START, START + 3 * DAY);
        stage.play();
        stage.finds(ID)
                .because("rhythm-unlike-baseline", "smaller-than-on-other-devices")
                .inSpiteOf("destination-learnt", "background-expected")
                .is(Finding.Severity.MEDIUM);
    }

    /** Ten devices ask every half hour, and so does this one, which speaks there by another clock too. */
    @Test
    void twoRhythmsAtTheAppsOwnServerAreFoundByWhatOtherDevicesDo() {
        hourly();
        stage.flows(APP, "api.torch.example")
                .about(420, 260)
                .afterHello()
                .by(Beat.every(Duration.ofMinutes(8)).jitter(0.5).seed(3), START + 7 * MINUTE, START + 3 * DAY);
        stage.play();
        stage.finds(ID).because("often-for-the-app", "smaller-than-on-other-devices");
        stage.finds("AN1793").because("often-for-the-app", "smaller-than-on-other-devices");
        assertThat(stage.told()).noneMatch(Finding::mayBlock);
    }

    @Test
    void askingMoreOftenForTheSameIsASettingAndNotUnlikeTheOthers() {
        hourly();
        stage.flows(APP, "api.torch.example")
                .about(450, 6_000)
                .afterHello()
                .by(Beat.every(Duration.ofMinutes(8)).jitter(0.5).seed(3), START + 7 * MINUTE, START + 3 * DAY);
        stage.play();
        stage.raises(ID)
                .because("clock-in-background")
                .notBecause("often-for-the-app", "smaller-than-on-other-devices");
    }

    /** Others look at pictures by the same app; what it says while nobody looks is the same everywhere. */
    @Test
    void anAppThatIsSeldomUsedIsNotUnlikeThoseThatAre() {
        Traffic api = stage.flows(APP, "api.torch.example").of("app-backend").afterHello();
        stage.learnt(10, api, Beat.every(Duration.ofMinutes(30)).jitter(0.1), Situation.BACKGROUND);
        for (int i = 0; i < 13; i++) {
            String device = i == 0 ? Stage.DEVICE : "P" + i;
            long evening = START + 2 * DAY + 18 * HOUR;
            Agent agent = stage.agent(device, "agent" + i).unattended(START, evening);
            if (i > 0) {
                agent.inUse(APP, evening, evening + 4 * HOUR);
                api.ofDevice(device)
                        .about(500, 45_000)
                        .by(Beat.every(Duration.ofMinutes(2)).seed(i), evening, evening + 4 * HOUR);
            }
            agent.unattended(evening + 4 * HOUR, START + 3 * DAY);
            api.ofDevice(device)
                    .about(450, 6_000)
                    .by(
                            Beat.every(Duration.ofMinutes(i == 0 ? 8 : 30))
                                    .jitter(0.3)
                                    .seed(i),
                            START,
                            START + 3 * DAY);
        }
        stage.knowsAnewEvery(Duration.ofHours(1), START + 3 * DAY);
        stage.play();
        assertThat(stage.told())
                .flatExtracting(Finding::evidence)
                .extracting(Evidence::feature)
                .doesNotContain("smaller-than-on-other-devices");
    }

    private void hourly() {
        hourly(0);
    }

    /** This device's app, if it is the first, and that of twelve others. What is known is told anew every hour. */
    private void hourly(int first) {
        Traffic api = stage.flows(APP, "api.torch.example")
                .of("app-backend")
                .about(450, 6_000)
                .afterHello();
        stage.learnt(10, api, Beat.every(Duration.ofMinutes(30)).jitter(0.1), Situation.BACKGROUND);
        for (int i = first; i < 13; i++) {
            String device = i == 0 ? Stage.DEVICE : "P" + i;
            stage.agent(device, "agent" + i).unattended(START, START + 3 * DAY);
            api.ofDevice(device)
                    .by(Beat.every(Duration.ofMinutes(30)).jitter(0.1).seed(i), START, START + 3 * DAY);
        }
        stage.knowsAnewEvery(Duration.ofHours(1), START + 3 * DAY);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "mtalk.google.com",
                "mtalk4.google.com",
                "mtalk-staging.google.com",
                "mtalk-dev.google.com",
                "alt1-mtalk.google.com",
                "alt8-mtalk.google.com"
            })
    void thePushChannelOfAnotherThanPlayServicesIsFound(String host) {
        stage.agent().unattended(START, START + HOUR);
        stage.flows(APP, host).of("push").speaking(Protocol.MTALK, 5228).at(START + MINUTE);
        stage.play();
        stage.finds(ID).because("push-channel-of-another");
    }

    /** What the host is called and that the app does not go there elsewhere are of one family. */
    @Test
    void itsHostAloneIsLow() {
        stage.agent().unattended(START, START + HOUR);
        stage.flows(APP, "mtalk.google.com")
                .of("push")
                .speaking(Protocol.TLS, 5228)
                .at(START + MINUTE);
        stage.play().isSilent(ID);
        assertThat(stage.score(ID, APP)).isPositive().isLessThan(40);
    }

    @Test
    void heartbeatsThereAreFound() {
        heartbeats();
        stage.finds(ID).because("push-channel-of-another", "clock-in-background");
    }

    /** Of heartbeats that are no clock yet there is the host and nothing else. */
    @Test
    void itsHostIsLowWhileAClockIsForming() {
        heartbeats();
        stage.raises(ID).because("push-channel-of-another", "clock-in-background");
    }

    private void heartbeats() {
        stage.agent().unattended(START, START + DAY);
        stage.flows(APP, "mtalk.google.com")
                .of("push")
                .speaking(Protocol.TLS, 5228)
                .sized(20, 20)
                .inOneConnection(Beat.every(Duration.ofMinutes(15)).jitter(0.02), START, START + DAY);
        stage.play();
    }

    @Test
    void aDeviceThatSendsPushesIsFound() {
        stage.flows(APP, "fcm.googleapis.com").of("push").by(TEN_MINUTES, START, START + 12 * HOUR);
        stage.play();
        stage.finds(ID).because("sends-pushes");
    }

    @Test
    void aCallOrTwoOfTheSendingApiIsNoRecurrence() {
        stage.agent().unattended(START, START + HOUR);
        stage.flows(APP, "fcm.googleapis.com")
                .of("push")
                .at(START + MINUTE)
                .at(START + 7 * MINUTE)
                .at(START + 8 * MINUTE);
        stage.play().isSilent(ID);
    }

    @Test
    void manyOfThemAreLowWithoutAnyClock() {
        stage.agent().unattended(START, START + 2 * HOUR);
        stage.flows(APP, "fcm.googleapis.com")
                .of("push")
                .at(START + MINUTE)
                .at(START + 7 * MINUTE)
                .at(START + 8 * MINUTE)
                .at(START + HOUR);
        stage.play().isSilent(ID);
        assertThat(stage.score(ID, APP)).isPositive().isLessThan(40);
    }

    @Test
    void aViolationOfTheRoleIsNothingWhileNothingRecurs() {
        stage.role(APP, Role.of("tools").approved().goesTo("torch.example"));
        stage.agent().unattended(START, START + DAY);
        home.at(START + MINUTE).at(START + 9 * HOUR);
        stage.play().isSilent(ID);
        assertThat(stage.score(ID, APP)).isZero();
    }

    @Test
    void aViolationOfTheRoleIsLowWhileAClockIsForming() {
        stage.role(APP, Role.of("tools").approved().goesTo("torch.example"));
        stage.agent().unattended(START, START + DAY);
        Beat exact = Beat.every(Duration.ofMinutes(10)).jitter(0.02);
        long until = START;
        while (stage.score(ID, APP) == 0) {
            home.by(exact, until, until + 10 * MINUTE);
            stage.play();
            until += 10 * MINUTE;
        }
        assertThat(stage.score(ID, APP)).isLessThan(40);
        stage.isSilent(ID);
        home.by(exact, until, START + DAY);
        stage.play();
        stage.finds(ID).because("destination-outside-role", "clock-in-background");
    }

    @Test
    void whatAnswersPushesWithinSecondsIsFound() {
        stage.agent().unattended(START, START + 2 * DAY);
        pushed(START + 2 * DAY);
        stage.play();
        stage.finds(ID).because("answers-pushes", "destination-rare-for-app").notVisible("push-recipient");
    }

    private void pushed(long until) {
        Traffic fcm = stage.flows(PLAY_SERVICES, "mtalk.google.com")
                .of("push")
                .speaking(Protocol.MTALK, 5228)
                .sized(40, 900);
        Beat whenever = Beat.every(Duration.ofHours(2)).jitter(0.95);
        fcm.inOneConnection(whenever, START, until);
        for (long at : whenever.between(START + 100, until)) {
            home.at(at + 3 * SECOND);
        }
    }

    /** Over TLS on 443 to another of Firebase's hosts, of which nobody has said what it is for. */
    @Test
    void whatAnswersPushesByAConnectionThatIsThereAlreadyIsFound() {
        stage.agent().unattended(START, START + 2 * DAY);
        Traffic fcm = stage.flows(PLAY_SERVICES, "alt3-mtalk.google.com").sized(40, 900);
        Beat whenever = Beat.every(Duration.ofHours(2)).jitter(0.95);
        fcm.inOneConnection(whenever, START, START + 2 * DAY);
        answersInOneConnection(whenever, 700);
        stage.play();
        stage.finds(ID).because("answers-pushes", "destination-rare-for-app");
    }

    @Test
    void whatAnswersPushesByUploadsIsNoSmallAnswer() {
        stage.agent().unattended(START, START + 2 * DAY);
        Traffic fcm = stage.flows(PLAY_SERVICES, "mtalk.google.com")
                .of("push")
                .speaking(Protocol.MTALK, 5228)
                .sized(40, 900);
        Beat whenever = Beat.every(Duration.ofHours(2)).jitter(0.95);
        fcm.inOneConnection(whenever, START, START + 2 * DAY);
        answersInOneConnection(whenever, 90_000);
        for (long at : whenever.between(START + 100, START + 2 * DAY)) {
            stage.flows(APP, "pictures.example").sized(90_000, 400).at(at + 3 * SECOND);
        }
        stage.play().isSilent(ID);
    }

    /** Of each message, three exchanges. */
    private void answersInOneConnection(Beat pushes, long up) {
        Flow flow = home.flow(START);
        stage.happens(new FlowEvent.Opened(flow, START));
        for (long at : pushes.between(START + 100, START + 2 * DAY)) {
            stage.happens(new FlowEvent.Exchanged(flow, at + 2 * SECOND, up, 300));
            stage.happens(new FlowEvent.Exchanged(flow, at + 2 * SECOND + 300, up, 300));
            stage.happens(new FlowEvent.Exchanged(flow, at + 2 * SECOND + 600, up, 300));
        }
    }

    @Test
    void whatComesLongAfterAPushAnswersNone() {
        Traffic fcm = stage.flows(PLAY_SERVICES, "mtalk.google.com")
                .of("push")
                .speaking(Protocol.MTALK, 5228)
                .sized(40, 900);
        Beat whenever = Beat.every(Duration.ofHours(2)).jitter(0.95);
        fcm.inOneConnection(whenever, START, START + 2 * DAY);
        for (long at : whenever.between(START + 100, START + 2 * DAY)) {
            home.at(at + MINUTE);
        }
        stage.play().isSilent(ID);
    }

    @Test
    void tellsWhatItCouldNotSee() {
        home.by(TEN_MINUTES, START, START + 12 * HOUR);
        stage.play();
        stage.finds(ID).notVisible("app-state", "lock", "interaction", "inventory");
    }

    @Test
    void aNameThatIsHiddenIsNoAnomalyAndSaidToBeHidden() {
        home.saysHello("outer.cdn.example", true, "").by(TEN_MINUTES, START, START + 12 * HOUR);
        stage.play();
        stage.finds(ID).notVisible("name").notBecause("no-sni-where-the-app-names", "name-of-random-letters");
    }

    // What it must be silent on.

    @Test
    void isSilentOnMailThatWaitsInImap() {
        stage.role(MAIL, Role.of("mail").approved().worksInBackground());
        Traffic imap = stage.flows(MAIL, "imap.mail.example")
                .speaking(Protocol.TLS, 993)
                .about(60, 120);
        stage.learnt(10, imap);
        stage.agent().unattended(START, START + 3 * DAY);
        imap.inOneConnection(Beat.every(Duration.ofMinutes(28)).jitter(0.02), START, START + 3 * DAY);
        stage.play().isSilent();
    }

    @ParameterizedTest
    @CsvSource({"4", "5", "7"})
    void isSilentOnChatKeepalives(int minutes) {
        stage.role(CHAT, Role.of("chat").approved().worksInBackground());
        Traffic chat = stage.flows(CHAT, "chat.example").of("messaging").about(60, 60);
        stage.learnt(10, chat);
        stage.agent().unattended(START, START + 3 * DAY);
        chat.inOneConnection(Beat.every(Duration.ofMinutes(minutes)).jitter(0.05), START, START + 3 * DAY);
        stage.play().isSilent();
    }

    @ParameterizedTest
    @CsvSource({"15", "28"})
    void isSilentOnHeartbeatsOfPlayServices(int minutes) {
        stage.agent().unattended(START, START + 3 * DAY);
        Traffic fcm = stage.flows(PLAY_SERVICES, "mtalk.google.com")
                .of("push")
                .speaking(Protocol.MTALK, 5228)
                .sized(20, 20);
        stage.learnt(10, fcm);
        fcm.inOneConnection(Beat.every(Duration.ofMinutes(minutes)).jitter(0.02), START, START + 3 * DAY);
        stage.play().isSilent();
    }

    @Test
    void isSilentOnAPollAtTheIntervalThatItsRoleDeclares() {
        stage.role(APP, Role.of("tools").approved().worksInBackground().polls(Duration.ofMinutes(10)));
        stage.agent().unattended(START, START + 3 * DAY);
        home.by(TEN_MINUTES, START, START + 3 * DAY);
        stage.play().isSilent(ID);
    }

    @Test
    void aPollFarFromWhatItsRoleDeclaresIsFound() {
        stage.role(APP, Role.of("tools").approved().polls(Duration.ofHours(4)));
        stage.agent().unattended(START, START + DAY);
        home.by(TEN_MINUTES, START, START + DAY);
        stage.play();
        stage.finds(ID).because("clock-in-background");
    }

    @Test
    void isSilentOnAnswersToPushesThatItsRoleDeclares() {
        stage.role(APP, Role.of("news").approved().worksInBackground().isPushed());
        stage.agent().unattended(START, START + 2 * DAY);
        pushed(START + 2 * DAY);
        stage.play().isSilent(ID);
    }

    @Test
    void whatItsRoleDeclaresSpeaksAgainstAFindingElsewhere() {
        stage.role(APP, Role.of("news").isPushed().goesTo("torch.example"));
        stage.agent().unattended(START, START + 2 * DAY);
        pushed(START + 2 * DAY);
        stage.play();
        stage.finds(ID).because("answers-pushes", "destination-outside-role").inSpiteOf("push-declared");
    }

    @Test
    void isSilentOnAJobThatManyDevicesHaveTheAppDo() {
        stage.learnt(10, home, TEN_MINUTES, Situation.BACKGROUND);
        stage.agent().unattended(START, START + 3 * DAY);
        home.by(TEN_MINUTES, START, START + 3 * DAY);
        stage.play().isSilent();
    }

    @Test
    void isSilentOnWhatSomebodyApprovedOf() {
        stage.learnt(10, home).approve(Subject.app(APP));
        stage.agent().unattended(START, START + 3 * DAY);
        home.by(TEN_MINUTES, START, START + 3 * DAY);
        stage.play().isSilent();
    }

    @Test
    void isSilentOnThoseThatAreNoWebProtocols() {
        home.speaking(Protocol.XMPP, 5222).by(TEN_MINUTES, START, START + DAY);
        stage.play().isSilent(ID);
    }
}

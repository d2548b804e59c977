package io.postern.analytics.attack;

import static io.postern.analytics.attack.Stage.APP;
import static io.postern.analytics.attack.Stage.DAY;
import static io.postern.analytics.attack.Stage.HOUR;
import static io.postern.analytics.attack.Stage.MINUTE;
import static io.postern.analytics.attack.Stage.SECOND;
import static io.postern.analytics.attack.Stage.START;
import static org.assertj.core.api.Assertions.assertThat;

import io.postern.analytics.Evidence;
import io.postern.analytics.baseline.Subject;
import io.postern.analytics.context.ContextEvent.UsedCrypto.Operation;
import io.postern.analytics.context.FactKind;
import io.postern.analytics.detect.Finding;
import io.postern.analytics.detect.Finding.Severity;
import io.postern.analytics.flow.Flow;
import io.postern.analytics.flow.FlowEvent;
import io.postern.analytics.flow.InClear.Payload;
import io.postern.analytics.flow.Protocol;
import java.time.Duration;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** AN1716: what it must see, what it must be silent on, and what it makes of what it cannot see. */
class EncryptedChannelTest {

    private static final String ID = "AN1716";
    private static final long THEN = START + 30 * MINUTE;

    private final Stage stage = new Stage();
    private final Traffic upload = stage.flows(APP, "drop.example").about(400_000, 900);

    @BeforeEach
    void theAppIsKnownForItsOwnServer() {
        known(stage);
    }

    private static void known(Stage stage) {
        stage.learnt(10, stage.flows(APP, "api.torch.example").of("app-backend"));
    }

    @Test
    void stagingThenCryptographyThenAnUploadIsFoundAtOnce() {
        stage.agent()
                .unattended(START, START + HOUR)
                .stages(APP, THEN - 4 * MINUTE)
                .encrypts(APP, THEN - 3 * MINUTE);
        upload.at(THEN);
        stage.play();
        stage.raises(ID)
                .because("crypto-before", "staging-before", "upload", "destination-rare-for-app")
                .by(THEN + 5 * SECOND);
    }

    @Test
    void theHandshakeBeforeAFirstUploadDoesNotHideIt() {
        stage.agent()
                .unattended(START, START + HOUR)
                .stages(APP, THEN - 4 * MINUTE)
                .encrypts(APP, THEN - 3 * MINUTE);
        upload.sized(560, 4_400).at(THEN - SECOND);
        upload.at(THEN);
        stage.play();
        stage.raises(ID).because("upload").by(THEN + 5 * SECOND);
    }

    @Test
    void beforeAnythingIsLearntAnAppThatGoesSomewhereNewIsMedium() {
        long later = THEN + 2 * DAY;
        stage.knowsNoFleet();
        stage.agent()
                .unattended(START, later + HOUR)
                .stages(APP, later - 4 * MINUTE)
                .encrypts(APP, later - 3 * MINUTE);
        stage.flows(APP, "api.torch.example").at(START);
        upload.at(later);
        stage.play();
        stage.raises(ID)
                .because("crypto-before", "staging-before", "upload", "destination-new-on-device")
                .notVisible("baseline")
                .is(Severity.MEDIUM)
                .by(later + 5 * SECOND);
        assertThat(stage.told()).noneMatch(Finding::mayBlock);
    }

    @Test
    void beforeAnythingIsLearntIsSilentOnWhatIsNewWithTheAppItself() {
        stage.knowsNoFleet();
        daily();
        stage.play().isSilent(ID);
    }

    @Test
    void beforeAnythingIsLearntIsSilentOnWhereTheAppHasLongGone() {
        stage.knowsNoFleet();
        stage.flows(APP, "api.torch.example").at(START - 2 * DAY);
        upload.about(900, 900).at(START - DAY);
        daily();
        stage.play().isSilent(ID);
    }

    @Test
    void beforeAnythingIsLearntIsSilentOnWhereOthersGoToo() {
        stage.knowsNoFleet();
        stage.learnt(3, upload);
        stage.flows(APP, "api.torch.example").at(START - 2 * DAY);
        daily();
        stage.play().isSilent(ID);
    }

    @Test
    void theOtherOrderIsFoundToo() {
        stage.agent()
                .unattended(START, START + HOUR)
                .encrypts(APP, THEN - 4 * MINUTE)
                .stages(APP, THEN - 3 * MINUTE);
        upload.at(THEN);
        stage.play();
        stage.finds(ID).because("crypto-before", "staging-before", "upload");
    }

    @Test
    void oneOfTheTwoIsEnough() {
        stage.agent().unattended(START, START + HOUR).encrypts(APP, THEN - 4 * MINUTE);
        upload.at(THEN);
        stage.play();
        stage.finds(ID).because("crypto-before").notBecause("staging-before");
    }

    @Test
    void piecesOfOneSizeWeighMore() {
        stage.agent().unattended(START, START + HOUR).encrypts(APP, THEN - 4 * MINUTE);
        upload.sized(65_536, 200)
                .inOneConnection(Beat.every(Duration.ofSeconds(20)).jitter(0.9), THEN, THEN + 5 * MINUTE);
        stage.play();
        stage.finds(ID).because("pieces-of-one-size");
    }

    @Test
    void anUploadInClearThatLooksRandomWeighsMore() {
        stage.agent().unattended(START, START + HOUR).encrypts(APP, THEN - 4 * MINUTE);
        upload.speaking(Protocol.HTTP, 80)
                .sending(new Payload(false, 4096, 7.951))
                .at(THEN);
        stage.play();
        stage.finds(ID).because("payload-like-random", "crypto-before");
    }

    @ParameterizedTest
    @CsvSource({"1040, 7.78, true", "1041, 7.78, false", "1024, 7.78, false", "4096, 7.951, false", "1040, 5.1, false"})
    void oneOfWholeBlocksThatWasSeenToItsEndWeighsALittleMore(int bytes, double bits, boolean more) {
        stage.agent().unattended(START, START + HOUR).encrypts(APP, THEN - 4 * MINUTE);
        upload.speaking(Protocol.HTTP, 80)
                .sending(new Payload(false, bytes, bits))
                .at(THEN);
        stage.play();
        if (more) {
            stage.finds(ID).because("payload-of-whole-blocks", "payload-like-random");
        } else {
            stage.finds(ID).notBecause("payload-of-whole-blocks");
        }
    }

    @Test
    void oneThatIsTextOrSaysThatItIsCompressedDoesNot() {
        stage.agent().unattended(START, START + HOUR).encrypts(APP, THEN - 4 * MINUTE);
        upload.speaking(Protocol.HTTP, 80)
                .sending(new Payload(true, 4096, 7.951))
                .getting(new Payload(false, 4096, 7.951))
                .at(THEN);
        stage.flows(APP, "text.example")
                .about(400_000, 900)
                .speaking(Protocol.HTTP, 80)
                .sending(new Payload(false, 4096, 5.2))
                .at(THEN);
        stage.play();
        assertThat(stage.told().stream().filter(one -> one.analytic().equals(ID)))
                .extracting(Finding::destination)
                .contains("drop.example", "text.example");
        assertThat(stage.told())
                .allMatch(one ->
                        one.evidence().stream().noneMatch(each -> each.feature().equals("payload-like-random")));
    }

    @Test
    void protectedResourcesReadBeforeWeighMore() {
        stage.agent()
                .unattended(START, START + HOUR)
                .readsContacts(APP, THEN - 5 * MINUTE)
                .encrypts(APP, THEN - MINUTE);
        upload.at(THEN);
        stage.play();
        stage.finds(ID).because("protected-resource-before", "crypto-before");
    }

    @Test
    void weighsBackgroundLockAndAbsence() {
        stage.agent().unattended(START, START + HOUR).encrypts(APP, THEN - 4 * MINUTE);
        upload.at(THEN);
        stage.play();
        stage.finds(ID).because("device-locked", "nobody-at-the-device");
    }

    @Test
    void aDestinationOutsideTheRoleIsHeldAgainstIt() {
        stage.role(APP, Role.of("tools").goesTo("torch.example"));
        stage.agent().unattended(START, START + HOUR).encrypts(APP, THEN - 4 * MINUTE);
        upload.at(THEN);
        stage.play();
        stage.finds(ID).because("destination-outside-role", "crypto-before");
    }

    @Test
    void whatWasDoneBeforeTimeWindowDoesNotCount() {
        stage.agent()
                .unattended(START, START + HOUR)
                .encrypts(APP, THEN - 11 * MINUTE)
                .stages(APP, THEN - 11 * MINUTE);
        upload.at(THEN);
        stage.play().isSilent();
    }

    @Test
    void whatIsDoneAfterTheUploadDoesNotCount() {
        stage.agent()
                .unattended(START, START + HOUR)
                .encrypts(APP, THEN + MINUTE)
                .stages(APP, THEN + MINUTE);
        upload.at(THEN);
        stage.play().isSilent();
    }

    @Test
    void whatItsRoleDoesNotAllowIsATransmissionHoweverSmall() {
        stage.role(APP, Role.of("tools").sendsAtMost(10_000));
        stage.agent().unattended(START, START + HOUR).encrypts(APP, THEN - MINUTE);
        upload.sized(20_000, 900).at(THEN);
        stage.play();
        stage.finds(ID).because("crypto-before", "upload-beyond-role");
    }

    @Test
    void anUploadOfLongAgoIsNotWhatIsSentAfterCryptography() {
        stage.agent().unattended(START, START + HOUR).stages(APP, THEN).encrypts(APP, THEN);
        upload.at(START);
        upload.about(300, 300).at(THEN + MINUTE);
        stage.play().isSilent(ID);
    }

    @Test
    void neitherIsOneJustBefore() {
        stage.agent().unattended(START, START + HOUR).stages(APP, THEN).encrypts(APP, THEN);
        upload.at(THEN - 30 * SECOND);
        upload.about(300, 300).at(THEN + MINUTE);
        stage.play().isSilent(ID);
    }

    @Test
    void manySmallUploadsWithinTimeWindowAreATransmission() {
        stage.agent()
                .unattended(START, START + HOUR)
                .stages(APP, THEN - 4 * MINUTE)
                .encrypts(APP, THEN - 3 * MINUTE);
        upload.sized(12_000, 300).by(Beat.every(Duration.ofSeconds(30)).jitter(0.5), THEN, THEN + 5 * MINUTE);
        stage.play();
        stage.finds(ID).because("crypto-before", "staging-before", "upload");
    }

    /** To where so much went before that no power of two is passed. */
    @Test
    void anUploadToWhereMoreWentBeforeIsFoundToo() {
        upload.sized(4_500_000, 900).at(START);
        stage.agent().unattended(START, START + HOUR).encrypts(APP, THEN - MINUTE);
        upload.sized(300_000, 900).at(THEN);
        stage.play();
        stage.raises(ID).because("crypto-before", "upload").by(THEN + 5 * SECOND);
    }

    @Test
    void anUploadThatIsOnlyCountedAtItsEndIsFoundToo() {
        upload.sized(4_500_000, 900).at(START);
        stage.agent().unattended(START, START + HOUR).encrypts(APP, THEN - MINUTE);
        Flow flow = upload.flow(THEN);
        stage.happens(new FlowEvent.Opened(flow, THEN));
        stage.happens(new FlowEvent.Closed(flow, THEN + 9 * SECOND, 300_000, 900, FlowEvent.Outcome.CARRIED));
        stage.play();
        stage.raises(ID).because("crypto-before", "upload").by(THEN + 10 * SECOND);
    }

    /** What is told late of uploads that are over is held against what went then, not against all that ever went. */
    @Test
    void aPingAfterCryptographyThatIsToldLateIsNoTransmission() {
        upload.at(START);
        stage.agent(Stage.DEVICE, "logs")
                .late(Duration.ofHours(2))
                .unattended(START, START + HOUR)
                .stages(APP, THEN)
                .encrypts(APP, THEN);
        upload.about(300, 300).at(THEN + MINUTE);
        upload.about(300, 300).at(THEN + 3 * HOUR);
        stage.play();
        assertThat(stage.told())
                .flatExtracting(Finding::evidence)
                .extracting(Evidence::feature)
                .doesNotContain("crypto-before", "staging-before");
    }

    @Test
    void aKeyThatIsMadeIsNoCryptographyOnData() {
        stage.agent().unattended(START, START + HOUR).crypto(APP, THEN - MINUTE, Operation.KEYGEN);
        upload.at(THEN);
        stage.play().isSilent();
    }

    @Test
    void cryptographyBeforeADownloadIsNothing() {
        stage.agent().unattended(START, START + HOUR).encrypts(APP, THEN - 4 * MINUTE);
        upload.about(2_000, 900_000).at(THEN);
        stage.play().isSilent();
    }

    @Test
    void cryptographyBeforeAFewBytesIsNothing() {
        stage.agent().unattended(START, START + HOUR).encrypts(APP, THEN - 4 * MINUTE);
        upload.about(5_000, 300).at(THEN);
        stage.play().isSilent(ID);
    }

    @Test
    void withoutAnAgentItIsNeverMoreThanMediumAndSaysSo() {
        stage.role(APP, Role.of("tools").goesTo("torch.example"));
        upload.sized(2_000_000, 900).by(Beat.every(Duration.ofMinutes(10)).jitter(0.1), START, START + 2 * DAY);
        stage.play();
        stage.finds(ID)
                .notVisible("crypto", "staging")
                .because("upload", "uploads-by-a-clock")
                .is(Severity.MEDIUM);
        assertThat(stage.told().stream().filter(one -> one.analytic().equals(ID)))
                .allMatch(one -> one.severity() == Severity.MEDIUM)
                .noneMatch(Finding::mayBlock);
    }

    @Test
    void anAgentThatSeesOnlyOneOfTheTwoLeavesItDegraded() {
        stage.role(APP, Role.of("tools").goesTo("torch.example"));
        stage.agent().blindTo(FactKind.CRYPTO).unattended(START, START + 2 * DAY);
        upload.sized(2_000_000, 900).by(Beat.every(Duration.ofMinutes(10)).jitter(0.1), START, START + 2 * DAY);
        stage.play();
        stage.finds(ID).notVisible("crypto").is(Severity.MEDIUM);
    }

    @Test
    void anAgentThatSeesBothAndSawNothingMakesItSilent() {
        stage.agent().unattended(START, START + 2 * DAY);
        upload.sized(2_000_000, 900).by(Beat.every(Duration.ofMinutes(10)).jitter(0.1), START, START + 2 * DAY);
        stage.play().isSilent(ID);
    }

    // What it must be silent on.

    @ParameterizedTest
    @ValueSource(
            strings = {
                "chat",
                "backup",
                "banking",
                "payment",
                "passwords",
                "security",
                "mail",
                "vpn",
                "authentication",
                "sync"
            })
    void isSilentOnApprovedAppsWhoseTradeIsToEncrypt(String category) {
        stage.role(APP, Role.of(category).approved());
        daily();
        stage.play().isSilent(ID);
    }

    @Test
    void isSilentOnARoleThatEncrypts() {
        stage.role(APP, Role.of("sync").approved().encrypts());
        daily();
        stage.play().isSilent(ID);
    }

    @Test
    void isSilentOnAllowedCryptoApps() {
        Stage allowing = new Stage(Knobs.cryptoAllowed(APP));
        known(allowing);
        daily(allowing);
        allowing.play().isSilent(ID);
    }

    @Test
    void isSilentOnSyncToWhereTheAppWasApprovedToGo() {
        stage.learnt(10, upload).approve(Subject.app(APP));
        daily();
        stage.play().isSilent();
    }

    @Test
    void isSilentOnSyncToWhereManyDevicesHaveTheAppGo() {
        stage.learnt(10, upload);
        daily();
        stage.play().isSilent();
    }

    private void daily() {
        daily(stage);
    }

    /** Encrypts and uploads every night for a week. */
    private static void daily(Stage stage) {
        stage.agent().unattended(START, START + 7 * DAY);
        Traffic upload = stage.flows(APP, "drop.example").about(400_000, 900);
        for (long at = START + 3 * HOUR; at < START + 7 * DAY; at += DAY) {
            stage.agent().stages(APP, at).encrypts(APP, at + MINUTE);
            upload.by(Beat.every(Duration.ofSeconds(40)).jitter(0.5), at + 2 * MINUTE, at + 8 * MINUTE);
        }
    }
}

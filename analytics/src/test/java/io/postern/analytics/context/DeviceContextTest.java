package io.postern.analytics.context;

import static io.postern.analytics.Flows.DAY;
import static io.postern.analytics.Flows.HOUR;
import static io.postern.analytics.Flows.MINUTE;
import static io.postern.analytics.Flows.SECOND;
import static io.postern.analytics.Flows.START;
import static io.postern.analytics.Flows.tag;
import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.postern.analytics.context.ContextEvent.Lifecycle.State;
import io.postern.analytics.context.ContextEvent.UsedCrypto.Operation;
import io.postern.analytics.context.ContextEvent.UsedResource.Phase;
import io.postern.analytics.context.ContextEvent.UsedResource.Resource;
import io.postern.analytics.flow.AppTag;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;

class DeviceContextTest {

    private static final String APP = "com.example.app";
    private static final ContextEvent.Said STAGED =
            new ContextEvent.Staged(1_000_000, OptionalDouble.of(7.9), ContextEvent.Staged.Location.PRIVATE);

    private final DeviceContext context = new DeviceContext(ContextLimits.DEFAULTS);
    private int ids;

    @Test
    void aStateHoldsUntilItIsContradicted() {
        agent(START, locked(true));
        agent(START + 10 * MINUTE, locked(false));
        assertThat(context.locked(START - 1)).isEqualTo(Answer.UNKNOWN);
        assertThat(context.locked(START + 5 * MINUTE)).isEqualTo(new Answer(Truth.TRUE, 5 * MINUTE, "agent"));
        assertThat(context.locked(START + 10 * MINUTE).truth()).isEqualTo(Truth.FALSE);
    }

    @Test
    void aStateHoldsNoLongerThanItsSourceLives() {
        agent(START, locked(true));
        agent(START + 10 * MINUTE, heartbeat(FactKind.LOCK));
        assertThat(context.locked(START + 25 * MINUTE).truth()).isEqualTo(Truth.TRUE);
        assertThat(context.locked(START + 26 * MINUTE)).isEqualTo(Answer.UNKNOWN);
        agent(START + 2 * HOUR, heartbeat(FactKind.LOCK));
        // What happened while it was away nobody knows.
        assertThat(context.locked(START + 2 * HOUR + 1)).isEqualTo(Answer.UNKNOWN);
        assertThat(context.locked(START + 5 * MINUTE).truth()).isEqualTo(Truth.TRUE);
    }

    @Test
    void whatComesLateChangesTheAnswerForThenAndNotForNow() {
        agent(START, locked(false));
        agent(START + 10 * MINUTE, locked(false));
        agent(START + 4 * MINUTE, locked(true));
        assertThat(context.locked(START + 3 * MINUTE).truth()).isEqualTo(Truth.FALSE);
        assertThat(context.locked(START + 5 * MINUTE).truth()).isEqualTo(Truth.TRUE);
        assertThat(context.locked(START + 11 * MINUTE).truth()).isEqualTo(Truth.FALSE);
    }

    @Test
    void whatIsToldForLaterDoesNotCountNow() {
        agent(START, locked(false));
        agent(START + DAY, locked(true));
        assertThat(context.locked(START + MINUTE).truth()).isEqualTo(Truth.FALSE);
        assertThat(context.locked(START + DAY + MINUTE).truth()).isEqualTo(Truth.TRUE);
    }

    @Test
    void aSourceThatTellsAtOnceIsBelievedBeforeOneThatTellsInBatches() {
        agent(START, locked(false));
        batch(START + 5 * MINUTE, locked(true));
        assertThat(context.locked(START + 6 * MINUTE).source()).isEqualTo("agent");
        assertThat(context.locked(START + 6 * MINUTE).truth()).isEqualTo(Truth.FALSE);
        assertThat(context.locked(START + HOUR)).isEqualTo(new Answer(Truth.TRUE, 55 * MINUTE, "logs"));
    }

    @Test
    void theSameToldTwiceIsOnce() {
        ContextEvent event = event("1", START, Optional.empty(), locked(true), "agent", false);
        assertThat(context.tell(event)).isTrue();
        assertThat(context.tell(event)).isFalse();
        ContextEvent otherwise = event("1", START, Optional.empty(), locked(false), "agent", false);
        assertThat(context.tell(otherwise)).isFalse();
        assertThat(context.locked(START).truth()).isEqualTo(Truth.TRUE);
    }

    @Test
    void silenceIsNoOnlyFromALivingSourceThatDeclared() {
        agent(START, locked(false));
        assertThat(context.interacted(MINUTE, START + 5 * MINUTE)).isEqualTo(Answer.UNKNOWN);
        agent(START + MINUTE, heartbeat(FactKind.INTERACTION));
        agent(START + 10 * MINUTE, heartbeat(FactKind.INTERACTION));
        assertThat(context.interacted(MINUTE, START + 5 * MINUTE).truth()).isEqualTo(Truth.FALSE);
        // It had not declared at the start of so long a window.
        assertThat(context.interacted(5 * MINUTE, START + 5 * MINUTE).truth()).isEqualTo(Truth.UNKNOWN);
        assertThat(context.interacted(MINUTE, START + HOUR).truth()).isEqualTo(Truth.UNKNOWN);
        agent(START + 4 * MINUTE, new ContextEvent.Interacted());
        assertThat(context.interacted(2 * MINUTE, START + 5 * MINUTE).truth()).isEqualTo(Truth.TRUE);
        assertThat(context.sinceInteraction(START + 5 * MINUTE)).isEqualTo(MINUTE);
    }

    @Test
    void aBatchHasSaidNothingYetOfWhatComesAfterIt() {
        batch(START, heartbeat(FactKind.STAGING));
        batch(START + HOUR, heartbeat(FactKind.STAGING));
        assertThat(context.did(tag(APP), FactKind.STAGING, 5 * MINUTE, START + 30 * MINUTE)
                        .truth())
                .isEqualTo(Truth.FALSE);
        assertThat(context.did(tag(APP), FactKind.STAGING, 5 * MINUTE, START + 2 * HOUR)
                        .truth())
                .isEqualTo(Truth.UNKNOWN);
        batch(START + 2 * HOUR - MINUTE, APP, STAGED);
        assertThat(context.did(tag(APP), FactKind.STAGING, 5 * MINUTE, START + 2 * HOUR)
                        .truth())
                .isEqualTo(Truth.TRUE);
    }

    @Test
    void anAppIsInBackgroundUntilItComesToTheFront() {
        assertThat(context.background(tag(APP), START)).isEqualTo(Answer.UNKNOWN);
        agent(START, heartbeat(FactKind.APP_STATE));
        assertThat(context.background(tag(APP), START).truth()).isEqualTo(Truth.TRUE);
        agent(START + MINUTE, APP, new ContextEvent.Lifecycle(State.FOREGROUND));
        assertThat(context.background(tag(APP), START + 2 * MINUTE).truth()).isEqualTo(Truth.FALSE);
        assertThat(context.background(tag("com.example.other"), START + 2 * MINUTE)
                        .truth())
                .isEqualTo(Truth.TRUE);
        agent(START + 3 * MINUTE, APP, new ContextEvent.Lifecycle(State.BACKGROUND));
        assertThat(context.background(tag(APP), START + 4 * MINUTE).truth()).isEqualTo(Truth.TRUE);
        assertThat(context.background(tag(AppTag.NOBODY), START + 4 * MINUTE)).isEqualTo(Answer.UNKNOWN);
    }

    @Test
    void ofASharedUidAllMustBeInBackground() {
        AppTag shared = tag("com.example.a+com.example.b");
        agent(START, "com.example.a", new ContextEvent.Lifecycle(State.BACKGROUND));
        assertThat(context.background(shared, START + SECOND)).isEqualTo(Answer.UNKNOWN);
        agent(START, "com.example.b", new ContextEvent.Lifecycle(State.BACKGROUND));
        assertThat(context.background(shared, START + SECOND).truth()).isEqualTo(Truth.TRUE);
        assertThat(context.quiet(shared, START + SECOND)).isEqualTo(Truth.TRUE);
        agent(START + MINUTE, "com.example.a", new ContextEvent.Lifecycle(State.FOREGROUND));
        assertThat(context.background(shared, START + MINUTE).truth()).isEqualTo(Truth.FALSE);
    }

    /** Any of them may speak: one that was updated is enough, and all must be managed. */
    @Test
    void ofASharedUidOneThatWasUpdatedIsEnough() {
        AppTag shared = tag("com.example.a+com.example.b");
        long now = START + 2 * MINUTE;
        agent(START, "com.example.a", present(true, START - 9 * DAY));
        assertThat(context.justUpdated(shared, DAY, now))
                .as("of one nothing is told")
                .isEqualTo(Answer.UNKNOWN);
        agent(START, "com.example.b", present(true, START - 9 * DAY));
        assertThat(context.justUpdated(shared, DAY, now).truth()).isEqualTo(Truth.FALSE);
        assertThat(context.managed(shared, now).truth()).isEqualTo(Truth.TRUE);
        agent(START + MINUTE, "com.example.b", present(false, START + MINUTE));
        assertThat(context.justUpdated(shared, DAY, now).truth()).isEqualTo(Truth.TRUE);
        assertThat(context.managed(shared, now).truth()).isEqualTo(Truth.FALSE);
    }

    private static ContextEvent.Installed present(boolean managed, long updatedMillis) {
        return new ContextEvent.Installed(
                managed,
                Optional.of(true),
                "1.0",
                "com.android.vending",
                "aa",
                OptionalLong.of(START - 9 * DAY),
                OptionalLong.of(updatedMillis),
                Set.of());
    }

    @Test
    void quietIsLockedOrInBackground() {
        assertThat(context.quiet(tag(APP), START)).isEqualTo(Truth.UNKNOWN);
        agent(START, APP, new ContextEvent.Lifecycle(State.FOREGROUND));
        assertThat(context.quiet(tag(APP), START + SECOND)).isEqualTo(Truth.UNKNOWN);
        agent(START, locked(false));
        assertThat(context.quiet(tag(APP), START + SECOND)).isEqualTo(Truth.FALSE);
        agent(START + MINUTE, locked(true));
        assertThat(context.quiet(tag(APP), START + MINUTE)).isEqualTo(Truth.TRUE);
    }

    @Test
    void anEventIsFoundWithinItsWindowAndWithWhatItWas() {
        agent(START, APP, STAGED);
        agent(START + MINUTE, APP, new ContextEvent.UsedCrypto(Operation.KEYGEN, "AES", OptionalLong.empty()));
        agent(START + 2 * MINUTE, APP, new ContextEvent.UsedCrypto(Operation.ENCRYPT, "AES", OptionalLong.of(1 << 20)));
        agent(
                START + 3 * MINUTE,
                APP,
                new ContextEvent.StartedInBackground(ContextEvent.StartedInBackground.Trigger.PUSH));
        AppEvent staged = context.last(tag(APP), FactKind.STAGING, 5 * MINUTE, START + 4 * MINUTE)
                .orElseThrow();
        assertThat(staged.bytes()).isBetween(900_000.0, 1_100_000.0);
        assertThat(staged.entropy()).isBetween(7.7, 8.0);
        assertThat(staged.atMillis()).isEqualTo(START);
        AppEvent crypto = context.last(tag(APP), FactKind.CRYPTO, 5 * MINUTE, START + 4 * MINUTE)
                .orElseThrow();
        assertThat(crypto.operation()).isEqualTo(Operation.ENCRYPT);
        assertThat(crypto.bytes()).isBetween(1_000_000.0, 1_100_000.0);
        // The life of a key is not work on data.
        assertThat(context.last(tag(APP), FactKind.CRYPTO, 5 * MINUTE, START + 90 * SECOND))
                .isEmpty();
        assertThat(context.last(tag(APP), FactKind.BACKGROUND_START, MINUTE, START + 4 * MINUTE)
                        .orElseThrow()
                        .trigger())
                .isEqualTo(ContextEvent.StartedInBackground.Trigger.PUSH);
        assertThat(context.last(tag(APP), FactKind.STAGING, 5 * MINUTE, START + 6 * MINUTE))
                .isEmpty();
    }

    @Test
    void theUseOfAResourceLastsUntilItEnds() {
        agent(START, APP, new ContextEvent.UsedResource(Resource.MICROPHONE, Phase.START));
        agent(START + 14 * MINUTE, heartbeat(FactKind.PROTECTED_RESOURCE));
        assertThat(context.did(tag(APP), FactKind.PROTECTED_RESOURCE, MINUTE, START + 14 * MINUTE)
                        .truth())
                .isEqualTo(Truth.TRUE);
        agent(START + 15 * MINUTE, APP, new ContextEvent.UsedResource(Resource.MICROPHONE, Phase.STOP));
        agent(START + 25 * MINUTE, heartbeat(FactKind.PROTECTED_RESOURCE));
        assertThat(context.did(tag(APP), FactKind.PROTECTED_RESOURCE, MINUTE, START + 20 * MINUTE)
                        .truth())
                .isEqualTo(Truth.FALSE);
        assertThat(context.last(tag(APP), FactKind.PROTECTED_RESOURCE, HOUR, START + 20 * MINUTE)
                        .orElseThrow()
                        .resource())
                .isEqualTo(Resource.MICROPHONE);
    }

    @Test
    void theInventorySaysWhatChanged() {
        agent(START, APP, installed("1.0", "aa", OptionalLong.of(START - 100 * DAY)));
        agent(START + MINUTE, APP, installed("1.1", "bb", OptionalLong.of(START - 100 * DAY)));
        long now = START + 2 * MINUTE;
        assertThat(context.managed(tag(APP), now).truth()).isEqualTo(Truth.TRUE);
        assertThat(context.approved(tag(APP), now).truth()).isEqualTo(Truth.FALSE);
        assertThat(context.newlyInstalled(tag(APP), DAY, now).truth()).isEqualTo(Truth.FALSE);
        assertThat(context.justUpdated(tag(APP), DAY, now).truth()).isEqualTo(Truth.TRUE);
        assertThat(context.signerChanged(tag(APP), DAY, now).truth()).isEqualTo(Truth.TRUE);
        assertThat(context.signerChanged(tag(APP), DAY, START + SECOND).truth()).isEqualTo(Truth.FALSE);
        assertThat(context.installerChanged(tag(APP), DAY, now).truth()).isEqualTo(Truth.FALSE);
        assertThat(context.installed(tag(APP), now).orElseThrow().versionName()).isEqualTo("1.1");
        agent(START + 3 * MINUTE, APP, new ContextEvent.Removed());
        assertThat(context.installed(tag(APP), START + 4 * MINUTE)).isEmpty();
        assertThat(context.managed(tag("com.example.other"), now)).isEqualTo(Answer.UNKNOWN);
        agent(now, heartbeat(FactKind.INVENTORY));
        assertThat(context.managed(tag("com.example.other"), now).truth()).isEqualTo(Truth.FALSE);
    }

    @Test
    void knowsTheDevicesHealth() {
        agent(START, new ContextEvent.Health(Truth.FALSE, ContextEvent.Health.Risk.COMPROMISED, "2026-10-05"));
        assertThat(context.compliant(START + MINUTE).truth()).isEqualTo(Truth.FALSE);
        assertThat(context.health(START + MINUTE).orElseThrow().risk()).isEqualTo(ContextEvent.Health.Risk.COMPROMISED);
        assertThat(context.compliant(START - MINUTE)).isEqualTo(Answer.UNKNOWN);
    }

    @Test
    void profilesAreApart() {
        agent(START, APP, STAGED);
        AppTag work = new AppTag("device", "10", APP, tag(APP).deviceAssurance(), tag(APP).appAssurance());
        assertThat(context.did(work, FactKind.STAGING, HOUR, START + MINUTE)).isEqualTo(Answer.UNKNOWN);
    }

    @Test
    void whatIsToldUpToAnHourLateGivesTheSameAnswers() {
        List<ContextEvent> events = day(new Random(1));
        DeviceContext inOrder = telling(events);
        for (int seed = 0; seed < 10; seed++) {
            List<ContextEvent> shuffled = new ArrayList<>(events);
            Map<String, Long> due = new HashMap<>();
            Random late = new Random(seed);
            events.forEach(event -> due.put(event.id(), event.timeMillis() + late.nextInt((int) HOUR)));
            shuffled.sort(Comparator.comparing(event -> requireNonNull(due.get(event.id()))));
            assertThat(truths(telling(shuffled))).isEqualTo(truths(inOrder));
        }
    }

    @Test
    void isReadAsItWasWrittenAndJoinsOnce() throws IOException {
        List<ContextEvent> events = day(new Random(2));
        DeviceContext whole = telling(events);
        assertThat(answers(again(whole))).isEqualTo(answers(whole));
        DeviceContext one = telling(events.subList(0, events.size() / 2));
        DeviceContext other = telling(events.subList(events.size() / 3, events.size()));
        one.join(other);
        assertThat(answers(one)).isEqualTo(answers(whole));
        one.join(other);
        assertThat(answers(one)).isEqualTo(answers(whole));
    }

    @Test
    void aFloodPushesOutTheOldestAndIsCounted() {
        ContextLimits few = new ContextLimits(10, 2, 8, 8, 16, Duration.ofMinutes(15), Duration.ofHours(26));
        DeviceContext bounded = new DeviceContext(few);
        bounded.tell(event("h", START, Optional.empty(), heartbeat(FactKind.STAGING), "agent", false));
        for (int i = 0; i < 1_000; i++) {
            long at = START + i * SECOND;
            bounded.tell(event("l" + i, at, Optional.empty(), locked(i % 2 == 0), "agent", false));
            bounded.tell(event("s" + i, at, app(APP), STAGED, "agent", false));
            bounded.tell(event("a" + i, at, app("app" + i), STAGED, "agent", false));
            bounded.tell(event("o" + i, at, Optional.empty(), locked(true), "source" + i, false));
        }
        assertThat(bounded.saturated()).isGreaterThan(2_500);
        assertThat(bounded.apps()).isEqualTo(10);
        assertThat(bounded.locked(START + 999 * SECOND).truth()).isEqualTo(Truth.FALSE);
        assertThat(bounded.locked(START + MINUTE)).isEqualTo(Answer.UNKNOWN);
        // There may have been one: it would have been pushed out.
        assertThat(bounded.did(tag(APP), FactKind.STAGING, SECOND / 2, START + MINUTE))
                .isEqualTo(Answer.UNKNOWN);
    }

    @Test
    void aSourceThatNamesAppsWithoutNumberPushesOutItsOwn() throws IOException {
        DeviceContext few = telling(List.of());
        for (int i = 0; i < 4; i++) {
            few.tell(event("r" + i, START + i, app("com.acme.real" + i), STAGED, "logs", true));
        }
        for (int i = 0; i < 100; i++) {
            few.tell(event("m" + i, START + MINUTE + i, app("made.up" + i), STAGED, "agent", i % 2 == 0));
        }
        DeviceContext joined = telling(List.of());
        joined.join(few);
        for (DeviceContext one : List.of(few, again(few), joined)) {
            one.tell(event("after", START + HOUR, app("made.up.too"), STAGED, "agent", false));
            for (int i = 0; i < 4; i++) {
                assertThat(one.last(tag("com.acme.real" + i), FactKind.STAGING, HOUR, START + MINUTE))
                        .as("app %d", i)
                        .isPresent();
            }
        }
    }

    @Test
    void aStateToldEveryMinuteDoesNotPushOutWhatChanged() {
        agent(START, locked(true));
        for (int i = 1; i < 180; i++) {
            agent(START + i * MINUTE, locked(false));
        }
        assertThat(context.locked(START + 30 * SECOND).truth()).isEqualTo(Truth.TRUE);
        assertThat(context.locked(START + 90 * MINUTE).truth()).isEqualTo(Truth.FALSE);
        assertThat(context.saturated()).isZero();
    }

    @Test
    void refusesWhatIsCutShort() throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        telling(day(new Random(3))).writeTo(new DataOutputStream(bytes));
        for (int cut = 0; cut < bytes.size(); cut += 53) {
            byte[] part = Arrays.copyOf(bytes.toByteArray(), cut);
            assertThatThrownBy(() -> read(part)).isInstanceOf(IOException.class);
        }
    }

    private static List<ContextEvent> day(Random random) {
        List<ContextEvent> events = new ArrayList<>();
        for (int i = 0; i < 200; i++) {
            long at = START + 4 * MINUTE * i + random.nextInt(60_000);
            events.add(event("h" + i, at, Optional.empty(), heartbeat(FactKind.LOCK), "agent", false));
            if (i % 5 == 0) {
                events.add(event("l" + i, at + 1, Optional.empty(), locked(random.nextBoolean()), "agent", false));
                events.add(event("b" + i, at + 2, Optional.empty(), locked(random.nextBoolean()), "logs", true));
                events.add(event("s" + i, at + 3, app(APP), STAGED, "agent", false));
                State state = random.nextBoolean() ? State.FOREGROUND : State.BACKGROUND;
                events.add(event("f" + i, at + 4, app(APP), new ContextEvent.Lifecycle(state), "agent", false));
            }
        }
        events.add(event("i", START, app(APP), installed("1.0", "aa", OptionalLong.of(START)), "agent", false));
        return events;
    }

    private static DeviceContext telling(List<ContextEvent> events) {
        DeviceContext told = new DeviceContext(
                new ContextLimits(16, 4, 256, 256, 2_000, Duration.ofMinutes(15), Duration.ofHours(26)));
        events.forEach(told::tell);
        return told;
    }

    private static List<Truth> truths(DeviceContext context) {
        return answers(context).stream()
                .map(answer -> answer instanceof Answer one ? one.truth() : (Truth) answer)
                .toList();
    }

    private static List<Object> answers(DeviceContext context) {
        List<Object> answers = new ArrayList<>();
        for (long at = START; at < START + 14 * HOUR; at += 7 * MINUTE) {
            answers.add(context.locked(at));
            answers.add(context.background(tag(APP), at));
            answers.add(context.quiet(tag(APP), at));
            answers.add(context.did(tag(APP), FactKind.STAGING, 10 * MINUTE, at));
            answers.add(context.managed(tag(APP), at));
        }
        return answers;
    }

    private static DeviceContext again(DeviceContext context) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        context.writeTo(new DataOutputStream(bytes));
        return read(bytes.toByteArray());
    }

    private static DeviceContext read(byte[] bytes) throws IOException {
        return DeviceContext.readFrom(
                new DataInputStream(new ByteArrayInputStream(bytes)),
                new ContextLimits(16, 4, 256, 256, 2_000, Duration.ofMinutes(15), Duration.ofHours(26)));
    }

    private void agent(long at, ContextEvent.Said said) {
        context.tell(event("" + ids++, at, Optional.empty(), said, "agent", false));
    }

    private void agent(long at, String app, ContextEvent.Said said) {
        context.tell(event("" + ids++, at, app(app), said, "agent", false));
    }

    private void batch(long at, ContextEvent.Said said) {
        context.tell(event("" + ids++, at, Optional.empty(), said, "logs", true));
    }

    private void batch(long at, String app, ContextEvent.Said said) {
        context.tell(event("" + ids++, at, app(app), said, "logs", true));
    }

    private static Optional<ContextEvent.App> app(String name) {
        return Optional.of(new ContextEvent.App(name, OptionalLong.empty(), OptionalLong.empty()));
    }

    private static ContextEvent.Said locked(boolean locked) {
        return new ContextEvent.Locked(locked);
    }

    private static ContextEvent.Said heartbeat(FactKind kind) {
        return new ContextEvent.Heartbeat(EnumSet.of(kind));
    }

    private static ContextEvent.Said installed(String version, String signer, OptionalLong first) {
        return new ContextEvent.Installed(
                true,
                Optional.of(false),
                version,
                "com.android.vending",
                signer,
                first,
                OptionalLong.empty(),
                Set.of());
    }

    private static ContextEvent event(
            String id,
            long at,
            Optional<ContextEvent.App> app,
            ContextEvent.Said said,
            String source,
            boolean batched) {
        return new ContextEvent(id, at, "device", "0", app, said, source, batched);
    }
}

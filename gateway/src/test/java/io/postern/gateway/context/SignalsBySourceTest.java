package io.postern.gateway.context;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.postern.analytics.context.Answer;
import io.postern.analytics.context.ContextEvent;
import io.postern.analytics.context.ContextEvent.Health;
import io.postern.analytics.context.ContextEvent.Installed;
import io.postern.analytics.context.ContextEvent.Interacted;
import io.postern.analytics.context.ContextEvent.Lifecycle;
import io.postern.analytics.context.ContextEvent.Locked;
import io.postern.analytics.context.ContextEvent.Owns;
import io.postern.analytics.context.ContextEvent.Removed;
import io.postern.analytics.context.ContextEvent.Said;
import io.postern.analytics.context.ContextEvent.Staged;
import io.postern.analytics.context.ContextEvent.StartedInBackground;
import io.postern.analytics.context.ContextEvent.UsedCrypto;
import io.postern.analytics.context.ContextEvent.UsedResource;
import io.postern.analytics.context.DeviceContext;
import io.postern.analytics.context.FactKind;
import io.postern.analytics.context.Truth;
import io.postern.analytics.flow.AppAssurance;
import io.postern.analytics.flow.AppTag;
import io.postern.analytics.flow.DeviceAssurance;
import io.postern.config.Bind;
import io.postern.config.ContextSettings;
import io.postern.gateway.e2e.TestingClock;
import io.postern.gateway.state.EmbeddedStore;
import io.postern.gateway.state.Store;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Which signal comes from which source, as a table: a nested class is a row, a test of it a cell. Each source tells one whole
 * document: Android Management one of every type of androidmanagement v1 (revision 20260917), an agent what Android's
 * UsageStats let it see, an SDK what goes on in its own app, a threat defence with the maker's privileges the rest.
 */
class SignalsBySourceTest {

    private static final String DEVICE = "3a1f9c0d";
    private static final String MAIL = "com.example.mail";
    private static final String NOTES = "com.example.notes";
    private static final String NEVER_TOLD = "com.example.unheard";
    private static final long MINUTE = 60_000;

    @TempDir
    Path dir;

    private final TestingClock clock = new TestingClock(Instant.parse("2026-10-09T08:35:00Z"));
    private final ContextSettings settings = settings();
    private final DeviceContexts contexts = new DeviceContexts(settings);
    private final List<ContextEvent> told = new CopyOnWriteArrayList<>();
    private final Map<EventResult, Integer> results = new HashMap<>();
    private final Map<String, Source> sources = new HashMap<>();
    private Store store;
    private Intake intake;
    private Pages pages;

    /** A column. */
    private enum Column {
        MANAGEMENT,
        AGENT,
        SDK,
        THREAT_DEFENCE
    }

    @BeforeEach
    void open() throws IOException {
        store = EmbeddedStore.open(dir.resolve("store.mv"));
        intake = new Intake(
                new FactLog(store, settings.kept(), settings.keptBytes()),
                settings.sources().size(),
                clock,
                event -> {
                    contexts.tell(event);
                    told.add(event);
                },
                () -> {});
        intake.start();
        pages = new Pages(settings, intake, clock);
        settings.sources()
                .forEach(source -> sources.put(
                        source.name(), new Source(source, (name, result) -> results.merge(result, 1, Integer::sum))));
    }

    @AfterEach
    void close() throws IOException {
        intake.close();
        store.close();
    }

    @ParameterizedTest
    @EnumSource
    void allThatASourceTellsIsRead(Column column) throws IOException {
        tell(column);
        assertThat(results.keySet())
                .containsAnyOf(EventResult.ACCEPTED)
                .isSubsetOf(EventResult.ACCEPTED, EventResult.UNUSED);
        assertThat(told)
                .isNotEmpty()
                .allSatisfy(event -> assertThat(event.batched()).isEqualTo(column == Column.MANAGEMENT));
    }

    @Nested
    class Foreground {

        /** A process starts for a job as well as for a tap. */
        @Test
        void managementKnowsNothingOfIt() throws IOException {
            tell(Column.MANAGEMENT);
            expectNone(Lifecycle.class);
            expect(Truth.UNKNOWN, "08:03:01", (context, at) -> context.background(app(MAIL), at));
            expect(Truth.UNKNOWN, "08:32:00", (context, at) -> context.background(app(MAIL), at));
        }

        @Test
        void anAgentTellsOfEveryApp() throws IOException {
            tell(Column.AGENT);
            expectSaid(
                    Lifecycle.class,
                    new Lifecycle(Lifecycle.State.FOREGROUND),
                    new Lifecycle(Lifecycle.State.BACKGROUND));
            expect(Truth.FALSE, "08:32:00", (context, at) -> context.background(app(MAIL), at));
            expect(Truth.TRUE, "08:34:00", (context, at) -> context.background(app(MAIL), at));
            expect(Truth.TRUE, "08:34:00", (context, at) -> context.background(app(NEVER_TOLD), at));
        }

        @Test
        void anSdkTellsOfItsOwnApp() throws IOException {
            tell(Column.SDK);
            expectSaid(
                    Lifecycle.class,
                    new Lifecycle(Lifecycle.State.CREATED),
                    new Lifecycle(Lifecycle.State.FOREGROUND),
                    new Lifecycle(Lifecycle.State.BACKGROUND));
            expect(Truth.TRUE, "08:31:02", (context, at) -> context.background(app(MAIL), at));
            expect(Truth.FALSE, "08:32:00", (context, at) -> context.background(app(MAIL), at));
            expect(Truth.TRUE, "08:34:00", (context, at) -> context.background(app(MAIL), at));
            expect(Truth.UNKNOWN, "08:34:00", (context, at) -> context.background(app(NOTES), at));
        }

        @Test
        void aThreatDefenceSaysNothingOfIt() throws IOException {
            tell(Column.THREAT_DEFENCE);
            expectNone(Lifecycle.class);
            expect(Truth.UNKNOWN, "08:34:00", (context, at) -> context.background(app(NOTES), at));
        }
    }

    @Nested
    class Lock {

        @Test
        void managementTellsOfTheKeyguardLate() throws IOException {
            tell(Column.MANAGEMENT);
            expectSaid(Locked.class, new Locked(true), new Locked(false));
            expect(Truth.UNKNOWN, "08:04:00", DeviceContext::locked);
            expect(Truth.TRUE, "08:06:00", DeviceContext::locked);
            expect(Truth.TRUE, "08:20:00", DeviceContext::locked);
            expect(Truth.FALSE, "08:20:01", DeviceContext::locked);
        }

        @Test
        void anAgentTellsOfIt() throws IOException {
            tell(Column.AGENT);
            expectSaid(Locked.class, new Locked(true), new Locked(false));
            expect(Truth.UNKNOWN, "08:31:00", DeviceContext::locked);
            expect(Truth.TRUE, "08:31:10", DeviceContext::locked);
            expect(Truth.FALSE, "08:34:00", DeviceContext::locked);
        }

        @ParameterizedTest
        @EnumSource(names = {"SDK", "THREAT_DEFENCE"})
        void othersSayNothingOfIt(Column column) throws IOException {
            tell(column);
            expectNone(Locked.class);
            expect(Truth.UNKNOWN, "08:34:00", DeviceContext::locked);
        }
    }

    @Nested
    class Interaction {

        /** Who uses a device that is not locked dismisses no keyguard: that none was dismissed is no "nobody was there". */
        @Test
        void managementTellsOfADismissedKeyguardOnly() throws IOException {
            tell(Column.MANAGEMENT);
            expectSaid(Interacted.class, new Interacted());
            expect(Truth.TRUE, "08:22:00", (context, at) -> context.interacted(5 * MINUTE, at));
            expect(Truth.UNKNOWN, "08:20:00", (context, at) -> context.interacted(5 * MINUTE, at));
            expect(Truth.UNKNOWN, "08:29:00", (context, at) -> context.interacted(5 * MINUTE, at));
        }

        @Test
        void anAgentTellsOfAllOfIt() throws IOException {
            tell(Column.AGENT);
            expectSaid(Interacted.class, new Interacted());
            expect(Truth.TRUE, "08:32:00", (context, at) -> context.interacted(MINUTE, at));
            expect(Truth.FALSE, "08:34:00", (context, at) -> context.interacted(MINUTE, at));
        }

        @Test
        void anSdkTellsOfClicksInItsOwnApp() throws IOException {
            tell(Column.SDK);
            expectSaid(Interacted.class, new Interacted());
            expect(Truth.TRUE, "08:31:30", (context, at) -> context.interacted(MINUTE, at));
            expect(Truth.UNKNOWN, "08:34:00", (context, at) -> context.interacted(MINUTE, at));
        }

        @Test
        void aThreatDefenceSaysNothingOfIt() throws IOException {
            tell(Column.THREAT_DEFENCE);
            expectNone(Interacted.class);
            expect(Truth.UNKNOWN, "08:34:00", (context, at) -> context.interacted(MINUTE, at));
        }
    }

    @Nested
    class BackgroundStart {

        @Test
        void managementKnowsNothingOfIt() throws IOException {
            tell(Column.MANAGEMENT);
            expectNone(StartedInBackground.class);
            expectDid(Truth.UNKNOWN, MAIL, FactKind.BACKGROUND_START, "08:30:00");
        }

        @Test
        void anAgentTellsOfServicesInTheForeground() throws IOException {
            tell(Column.AGENT);
            expectSaid(
                    StartedInBackground.class, new StartedInBackground(StartedInBackground.Trigger.FOREGROUND_SERVICE));
            expectDid(Truth.TRUE, MAIL, FactKind.BACKGROUND_START, "08:34:00");
            expectDid(Truth.FALSE, MAIL, FactKind.BACKGROUND_START, "08:33:00");
            expectDid(Truth.FALSE, NEVER_TOLD, FactKind.BACKGROUND_START, "08:34:00");
        }

        @Test
        void anSdkTellsOfItsOwnAppByOurEvent() throws IOException {
            tell(Column.SDK);
            expectSaid(StartedInBackground.class, new StartedInBackground(StartedInBackground.Trigger.JOB));
            expectDid(Truth.TRUE, MAIL, FactKind.BACKGROUND_START, "08:34:10");
            expectDid(Truth.UNKNOWN, NOTES, FactKind.BACKGROUND_START, "08:34:10");
        }

        @Test
        void aThreatDefenceTellsOfTheJobsOfEveryApp() throws IOException {
            tell(Column.THREAT_DEFENCE);
            expectSaid(StartedInBackground.class, new StartedInBackground(StartedInBackground.Trigger.JOB));
            expectDid(Truth.TRUE, NOTES, FactKind.BACKGROUND_START, "08:32:00");
            expectDid(Truth.FALSE, MAIL, FactKind.BACKGROUND_START, "08:34:00");
        }
    }

    @Nested
    class ProtectedResource {

        @ParameterizedTest
        @EnumSource(names = {"MANAGEMENT", "AGENT"})
        void nothingPublicTellsOfIt(Column column) throws IOException {
            tell(column);
            expectNone(UsedResource.class);
            expectDid(Truth.UNKNOWN, MAIL, FactKind.PROTECTED_RESOURCE, "08:30:00");
            expectDid(Truth.UNKNOWN, MAIL, FactKind.PROTECTED_RESOURCE, "08:34:00");
        }

        @Test
        void anSdkTellsOfItsOwnApp() throws IOException {
            tell(Column.SDK);
            expectSaid(UsedResource.class, new UsedResource(UsedResource.Resource.CAMERA, UsedResource.Phase.USE));
            expectDid(Truth.TRUE, MAIL, FactKind.PROTECTED_RESOURCE, "08:32:00");
            expectDid(Truth.UNKNOWN, NOTES, FactKind.PROTECTED_RESOURCE, "08:34:00");
        }

        @Test
        void aThreatDefenceTellsOfEveryApp() throws IOException {
            tell(Column.THREAT_DEFENCE);
            expectSaid(
                    UsedResource.class, new UsedResource(UsedResource.Resource.MICROPHONE, UsedResource.Phase.START));
            expectDid(Truth.TRUE, NOTES, FactKind.PROTECTED_RESOURCE, "08:34:00");
            expectDid(Truth.FALSE, MAIL, FactKind.PROTECTED_RESOURCE, "08:34:00");
        }
    }

    @Nested
    class Crypto {

        /** The life of keys: what is done with them Android tells nobody, so no word of it is no "nothing was". */
        @Test
        void managementTellsOfTheLifeOfKeysOnly() throws IOException {
            tell(Column.MANAGEMENT);
            expectSaid(
                    UsedCrypto.class,
                    key(UsedCrypto.Operation.KEYGEN),
                    key(UsedCrypto.Operation.IMPORT),
                    key(UsedCrypto.Operation.DESTROY));
            assertThat(saidOf(UsedCrypto.class))
                    .noneMatch(crypto -> crypto.operation().onData());
            expectDid(Truth.UNKNOWN, MAIL, FactKind.CRYPTO, "08:30:00");
            expectDid(Truth.UNKNOWN, NEVER_TOLD, FactKind.CRYPTO, "08:30:00");
        }

        @Test
        void anAgentKnowsNothingOfIt() throws IOException {
            tell(Column.AGENT);
            expectNone(UsedCrypto.class);
            expectDid(Truth.UNKNOWN, MAIL, FactKind.CRYPTO, "08:34:00");
        }

        @Test
        void anSdkTellsOfItsOwnApp() throws IOException {
            tell(Column.SDK);
            expectSaid(
                    UsedCrypto.class,
                    new UsedCrypto(UsedCrypto.Operation.ENCRYPT, "AES/GCM/NoPadding", OptionalLong.of(65_536)));
            expectDid(Truth.TRUE, MAIL, FactKind.CRYPTO, "08:32:00");
            expectDid(Truth.UNKNOWN, NOTES, FactKind.CRYPTO, "08:34:00");
        }

        @Test
        void aThreatDefenceTellsOfEveryApp() throws IOException {
            tell(Column.THREAT_DEFENCE);
            expectSaid(
                    UsedCrypto.class,
                    new UsedCrypto(UsedCrypto.Operation.ENCRYPT, "AES/CBC/PKCS5Padding", OptionalLong.of(32_768)));
            expectDid(Truth.TRUE, NOTES, FactKind.CRYPTO, "08:32:00");
            expectDid(Truth.FALSE, MAIL, FactKind.CRYPTO, "08:34:00");
        }
    }

    @Nested
    class Staging {

        /** FILE_PULLED and FILE_PUSHED are somebody's with a cable. */
        @ParameterizedTest
        @EnumSource(names = {"MANAGEMENT", "AGENT"})
        void nothingPublicTellsOfIt(Column column) throws IOException {
            tell(column);
            expectNone(Staged.class);
            expectDid(Truth.UNKNOWN, MAIL, FactKind.STAGING, "08:30:00");
            expectDid(Truth.UNKNOWN, MAIL, FactKind.STAGING, "08:34:00");
        }

        @Test
        void anSdkTellsOfItsOwnApp() throws IOException {
            tell(Column.SDK);
            expectSaid(Staged.class, new Staged(1_048_576, OptionalDouble.of(7.9), Staged.Location.PRIVATE));
            expectDid(Truth.TRUE, MAIL, FactKind.STAGING, "08:32:00");
            expectDid(Truth.UNKNOWN, NOTES, FactKind.STAGING, "08:34:00");
        }

        @Test
        void aThreatDefenceTellsOfEveryApp() throws IOException {
            tell(Column.THREAT_DEFENCE);
            expectSaid(Staged.class, new Staged(2_097_152, OptionalDouble.of(7.97), Staged.Location.SHARED));
            expectDid(Truth.TRUE, NOTES, FactKind.STAGING, "08:32:00");
            expectDid(Truth.FALSE, MAIL, FactKind.STAGING, "08:34:00");
        }
    }

    @Nested
    class Inventory {

        @Test
        void managementTellsOfEveryApp() throws IOException {
            tell(Column.MANAGEMENT);
            expectSaid(
                    Installed.class,
                    new Installed(
                            true,
                            Optional.empty(),
                            "4.1.2",
                            "com.android.vending",
                            "ab".repeat(32),
                            OptionalLong.empty(),
                            OptionalLong.of(millis("07:30:00")),
                            Set.of()),
                    new Installed(
                            true,
                            Optional.empty(),
                            "0.7",
                            "com.example.policy",
                            "",
                            OptionalLong.of(millis("08:00:00")),
                            OptionalLong.empty(),
                            Set.of()));
            expectSaid(Removed.class, new Removed());
            long day = Duration.ofDays(1).toMillis();
            expect(Truth.TRUE, "08:33:00", (context, at) -> context.managed(app(MAIL), at));
            expect(Truth.FALSE, "08:33:00", (context, at) -> context.managed(app("com.example.game"), at));
            expect(Truth.UNKNOWN, "08:33:00", (context, at) -> context.newlyInstalled(app(MAIL), day, at));
            expect(Truth.TRUE, "08:33:00", (context, at) -> context.newlyInstalled(app(NOTES), day, at));
            expect(Truth.TRUE, "08:33:00", (context, at) -> context.justUpdated(app(MAIL), day, at));
            expect(Truth.FALSE, "08:33:00", (context, at) -> context.justUpdated(app(MAIL), MINUTE, at));
            expect(Truth.UNKNOWN, "08:33:00", (context, at) -> context.approved(app(MAIL), at));
        }

        /** What comes in batches has not said yet what was behind the last of them. */
        @Test
        void theSilenceOfBatchesIsNoAnswerForWhatTheyHaveNotReached() throws IOException {
            tell(Column.MANAGEMENT);
            expect(Truth.FALSE, "08:32:00", (context, at) -> context.managed(app(NEVER_TOLD), at));
            expect(Truth.UNKNOWN, "08:32:01", (context, at) -> context.managed(app(NEVER_TOLD), at));
        }

        @ParameterizedTest
        @EnumSource(names = "MANAGEMENT", mode = EnumSource.Mode.EXCLUDE)
        void othersSayNothingOfIt(Column column) throws IOException {
            tell(column);
            expectNone(Installed.class);
            expectNone(Removed.class);
            expect(Truth.UNKNOWN, "08:34:00", (context, at) -> context.managed(app(MAIL), at));
        }
    }

    @Nested
    class Destination {

        @Test
        void managementPassesOnWhatTheSystemSays() throws IOException {
            tell(Column.MANAGEMENT);
            expectSaid(
                    Owns.class,
                    new Owns(false, 0, "192.0.2.10", 993, List.of(MAIL)),
                    new Owns(false, 0, "2001:db8::20", 443, List.of(NOTES)));
        }

        @ParameterizedTest
        @EnumSource(names = "MANAGEMENT", mode = EnumSource.Mode.EXCLUDE)
        void othersSayNothingOfIt(Column column) throws IOException {
            tell(column);
            expectNone(Owns.class);
        }
    }

    @Nested
    class Posture {

        @Test
        void managementTellsOfIt() throws IOException {
            tell(Column.MANAGEMENT);
            expectSaid(Health.class, new Health(Truth.FALSE, Health.Risk.AT_RISK, "2026-09-05"));
            expect(Truth.FALSE, "08:33:00", DeviceContext::compliant);
            expect(Truth.UNKNOWN, "08:31:00", DeviceContext::compliant);
        }

        /** Of its own JSON, protobuf leaves out what is false. */
        @Test
        void detailsOfWhatIsNotCompliedWithAreSaidOfNoneThatComplies() throws IOException {
            push("STATUS_REPORT", "m1", document("status-report.json").replace("\"policyCompliant\": false,", ""));
            expectSaid(Health.class, new Health(Truth.FALSE, Health.Risk.AT_RISK, "2026-09-05"));
        }

        @ParameterizedTest
        @EnumSource(names = {"AGENT", "SDK"})
        void othersSayNothingOfIt(Column column) throws IOException {
            tell(column);
            expectNone(Health.class);
            expect(Truth.UNKNOWN, "08:34:00", DeviceContext::compliant);
        }
    }

    /** Of key events only a UID is told, and whose it is only by the start of a process. */
    @Nested
    class Uids {

        @Test
        void ofAUidNobodyStartedNothingIsKnown() {
            batch("m1", keygen("1", "08:10:00"));
            assertThat(told).isEmpty();
            assertThat(results).containsOnly(Map.entry(EventResult.UNUSED, 1));
        }

        @Test
        void ofASharedOneItIsSaidOfEachPackage() {
            batch("m1", started("1", "08:05:00", MAIL, NOTES), keygen("2", "08:10:00"));
            assertThat(told)
                    .extracting(event -> event.app().orElseThrow().name())
                    .containsExactly(MAIL, NOTES);
        }

        @Test
        void theMapOutlastsItsBatch() {
            batch("m1", started("1", "08:05:00", MAIL));
            batch("m2", keygen("2", "08:10:00"));
            expectPackages(MAIL);
        }

        @Test
        void aUidUsedAgainIsItsNewOwners() {
            batch("m1", started("1", "08:05:00", MAIL));
            batch("m2", started("2", "08:20:00", NOTES), keygen("3", "08:21:00"));
            expectPackages(NOTES);
        }

        /** Pub/Sub delivers more than once, and in any order. */
        @Test
        void anOldStartDeliveredLateChangesNothing() {
            batch("m2", started("2", "08:20:00", NOTES));
            batch("m1", started("1", "08:05:00", MAIL));
            batch("m3", keygen("3", "08:21:00"));
            expectPackages(NOTES);
        }

        @Test
        void anotherDevicesUidIsAnothers() {
            batch("m1", started("1", "08:05:00", MAIL));
            push("USAGE_LOGS", "m2", usage(keygen("2", "08:10:00")).replace(DEVICE, "other"));
            assertThat(told).isEmpty();
        }
    }

    /** What a push may hold besides. */
    @Nested
    class Pushes {

        @Test
        void whatIsDeliveredTwiceIsTakenOnce() throws IOException {
            tell(Column.MANAGEMENT);
            int first = told.size();
            tell(Column.MANAGEMENT);
            assertThat(told).hasSize(first);
            assertThat(results).containsEntry(EventResult.ACCEPTED, first).containsEntry(EventResult.DUPLICATE, first);
        }

        @Test
        void anEventIsTheSameInAnotherMessage() {
            batch("m1", secured("\"7\""));
            batch("m2", secured("\"7\""), secured("\"8\""));
            assertThat(told).hasSize(2);
            assertThat(results).containsEntry(EventResult.DUPLICATE, 1);
        }

        @Test
        void anEventOfAnotherDeviceIsAnother() {
            batch("m1", secured("\"7\""));
            push("USAGE_LOGS", "m2", usage(secured("\"7\"")).replace(DEVICE, "other"));
            assertThat(told).extracting(ContextEvent::device).containsExactly(DEVICE, "other");
        }

        /** As protobuf's JSON writes 64 bits; a double could not tell the two from each other. */
        @Test
        void idsAreWholeBeyondWhatADoubleHolds() {
            batch("m1", secured("\"9223372036854775806\""), secured("\"9223372036854775807\""));
            batch("m2", secured("9223372036854775807"));
            assertThat(told).hasSize(2);
            assertThat(results).containsEntry(EventResult.DUPLICATE, 1);
        }

        @Test
        void typesOfTheFutureArePassedOver() {
            batch(
                    "m1",
                    event("1", "08:10:00", "TYPE_OF_TOMORROW", "typeOfTomorrowEvent", "{\"a\":[{}]}"),
                    secured("2"));
            assertThat(told).hasSize(1);
            assertThat(results).containsOnly(Map.entry(EventResult.UNUSED, 1), Map.entry(EventResult.ACCEPTED, 1));
        }

        @Test
        void moreAddressesThanAreDocumentedHarmNothing() {
            batch(
                    "m1",
                    event("1", "08:10:00", "DNS", "dnsEvent", """
                            {"hostname":"cdn.acme.example","packageName":"com.example.mail","totalIpAddressesReturned":"40",
                             "ipAddresses":[%s"192.0.2.1"]}""".formatted("\"192.0.2.1\",".repeat(39))),
                    secured("2"));
            assertThat(told).hasSize(1);
            assertThat(results).doesNotContainKey(EventResult.MALFORMED);
        }

        @ParameterizedTest
        @ValueSource(strings = {"[]", "null", "{}"})
        void aBatchOfNothingSaysNothing(String events) {
            push("USAGE_LOGS", "m1", "{\"device\":\"enterprises/e/devices/d\",\"usageLogEvents\":" + events + "}");
            assertThat(told).isEmpty();
            assertThat(results).isEmpty();
        }
    }

    private void tell(Column column) throws IOException {
        switch (column) {
            case MANAGEMENT -> {
                push("USAGE_LOGS", "2070443601311540", document("usage-logs.json"));
                push("STATUS_REPORT", "2070443601311541", document("status-report.json"));
            }
            case AGENT ->
                answered(
                        pages.events(
                                source("agent"), document("usage-stats.ndjson").getBytes(UTF_8)),
                        202);
            case SDK ->
                answered(
                        pages.otlp(source("sdk"), document("otlp-logs.json").getBytes(UTF_8), "application/json"), 200);
            case THREAT_DEFENCE ->
                answered(pages.webhook(source("mtd"), document("mtd.json").getBytes(UTF_8)), 202);
        }
    }

    private void push(String type, String id, String resource) {
        String data = Base64.getEncoder().encodeToString(resource.getBytes(UTF_8));
        String body = """
                {"message":{"attributes":{"notificationType":"%s"},"data":"%s","messageId":"%s",
                 "publishTime":"2026-10-09T08:32:30.125Z"},"subscription":"projects/acme/subscriptions/postern"}""";
        answered(
                pages.amapi(source("management"), body.formatted(type, data, id).getBytes(UTF_8)), 202);
    }

    private void batch(String id, String... events) {
        push("USAGE_LOGS", id, usage(events));
    }

    private static String usage(String... events) {
        return """
                {"device":"enterprises/LC0123abcd/devices/%s","user":"enterprises/LC0123abcd/users/77",
                 "retrievalTime":"2026-10-09T08:31:00Z","usageLogEvents":[%s]}""".formatted(DEVICE, String.join(",", events));
    }

    private static String event(String id, String time, String type, String member, String event) {
        return """
                {"eventId":"%s","eventTime":"2026-10-09T%sZ","eventType":"%s","%s":%s}""".formatted(id, time, type, member, event);
    }

    /** @param id with its quotation marks, if it has any */
    private static String secured(String id) {
        return event("-", "08:10:00", "KEYGUARD_SECURED", "keyguardSecuredEvent", "{}")
                .replace("\"-\"", id);
    }

    private static String started(String id, String time, String... packages) {
        return event(id, time, "APP_PROCESS_START", "appProcessStartEvent", """
                {"processInfo":{"processName":"%1$s","packageNames":["%2$s"],"uid":10123,"pid":4711,"seinfo":"default",
                 "startTime":"2026-10-09T%3$sZ","apkSha256Hash":"%4$s"}}""".formatted(
                        packages[0], String.join("\",\"", packages), time, "9b".repeat(32)));
    }

    private static String keygen(String id, String time) {
        return event(id, time, "KEY_GENERATED", "keyGeneratedEvent", """
                {"applicationUid":10123,"keyAlias":"k","success":true}""");
    }

    private static UsedCrypto key(UsedCrypto.Operation operation) {
        return new UsedCrypto(operation, "", OptionalLong.empty());
    }

    private static void answered(CompletionStage<io.postern.gateway.http.Answer> answer, int status) {
        assertThat(answer.toCompletableFuture().join().status().code()).isEqualTo(status);
    }

    private Source source(String name) {
        return Objects.requireNonNull(sources.get(name));
    }

    private static String document(String name) throws IOException {
        try (InputStream in = Objects.requireNonNull(SignalsBySourceTest.class.getResourceAsStream(name))) {
            return new String(in.readAllBytes(), UTF_8);
        }
    }

    /** A question. */
    private interface Question {
        Answer of(DeviceContext context, long atMillis);
    }

    private void expect(Truth truth, String time, Question question) {
        assertThat(contexts.of(
                        DEVICE, context -> question.of(context, millis(time)).truth()))
                .hasValue(truth);
    }

    private void expectDid(Truth truth, String app, FactKind kind, String time) {
        expect(truth, time, (context, at) -> context.did(app(app), kind, MINUTE, at));
    }

    private void expectSaid(Class<? extends Said> of, Said... said) {
        assertThat(saidOf(of)).isEqualTo(List.of(said));
    }

    private void expectNone(Class<? extends Said> of) {
        assertThat(saidOf(of)).isEmpty();
    }

    private void expectPackages(String... packages) {
        assertThat(told).extracting(event -> event.app().orElseThrow().name()).containsExactly(packages);
    }

    private <S extends Said> List<S> saidOf(Class<S> of) {
        return told.stream()
                .map(ContextEvent::said)
                .filter(of::isInstance)
                .map(of::cast)
                .toList();
    }

    private static AppTag app(String name) {
        return new AppTag(DEVICE, "work", name, DeviceAssurance.NONE, AppAssurance.NONE);
    }

    private static long millis(String time) {
        return Instant.parse("2026-10-09T" + time + "Z").toEpochMilli();
    }

    private static ContextSettings settings() {
        ContextSettings.Webhook webhook = new ContextSettings.Webhook(
                Optional.of("/alerts"),
                Optional.of("/event_id"),
                "/device_info/mdm_id",
                Optional.empty(),
                "/event_time",
                Optional.of("/forensics/package"),
                "/threat/general/name",
                Map.of(
                        "HEALTH", "device.posture",
                        "JOB_STARTED", "app.background_start",
                        "MICROPHONE", "app.protected_resource",
                        "CIPHER", "app.crypto",
                        "ARCHIVE_WRITTEN", "app.staging"),
                Map.of(
                        "compliant", "/forensics/compliant",
                        "phase", "/forensics/phase",
                        "algorithm", "/forensics/algorithm",
                        "bytes", "/forensics/size",
                        "entropy", "/forensics/entropy",
                        "location", "/forensics/where"),
                Map.of(
                        "JOB_STARTED", Map.of("trigger", "job"),
                        "MICROPHONE", Map.of("resource", "microphone"),
                        "CIPHER", Map.of("operation", "encrypt")),
                Optional.empty());
        ContextSettings.Push push = new ContextSettings.Push(
                Path.of("jwks.json"), "https://accounts.google.com", "https://gw.acme.example", "push@acme.example");
        return new ContextSettings(
                new Bind(InetAddress.getLoopbackAddress(), 0),
                Optional.empty(),
                Duration.ofMinutes(2),
                Duration.ofDays(3),
                1 << 24,
                Duration.ofMinutes(15),
                Duration.ofHours(26),
                50,
                List.of(
                        from(
                                "management",
                                Optional.of(push),
                                Optional.empty(),
                                FactKind.LOCK,
                                FactKind.INTERACTION,
                                FactKind.INVENTORY,
                                FactKind.POSTURE,
                                FactKind.CRYPTO,
                                FactKind.FLOW_OWNER),
                        from(
                                "agent",
                                Optional.empty(),
                                Optional.empty(),
                                FactKind.LOCK,
                                FactKind.APP_STATE,
                                FactKind.INTERACTION,
                                FactKind.BACKGROUND_START),
                        from(
                                "sdk",
                                Optional.empty(),
                                Optional.empty(),
                                FactKind.APP_STATE,
                                FactKind.INTERACTION,
                                FactKind.BACKGROUND_START,
                                FactKind.PROTECTED_RESOURCE,
                                FactKind.CRYPTO,
                                FactKind.STAGING),
                        from(
                                "mtd",
                                Optional.empty(),
                                Optional.of(webhook),
                                FactKind.BACKGROUND_START,
                                FactKind.PROTECTED_RESOURCE,
                                FactKind.CRYPTO,
                                FactKind.STAGING,
                                FactKind.POSTURE)));
    }

    private static ContextSettings.Source from(
            String name,
            Optional<ContextSettings.Push> push,
            Optional<ContextSettings.Webhook> webhook,
            FactKind... reports) {
        return new ContextSettings.Source(
                name,
                push.isPresent() ? Optional.empty() : Optional.of(Path.of(name)),
                Optional.empty(),
                push,
                webhook,
                List.of("*"),
                Set.of(reports),
                1_000,
                "work");
    }
}

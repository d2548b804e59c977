package io.postern.gateway.facts;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.postern.analytics.context.ContextEvent;
import io.postern.analytics.context.ContextEvent.Health;
import io.postern.analytics.context.ContextEvent.Heartbeat;
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
import io.postern.analytics.context.FactKind;
import io.postern.analytics.context.Truth;
import java.io.ByteArrayOutputStream;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

class NativeEventsTest {

    private static final long TIME = Instant.parse("2026-10-09T08:15:23.456Z").toEpochMilli();

    static Stream<Arguments> vocabulary() {
        return Stream.of(
                said("device.lock", "\"locked\":true", new Locked(true)),
                said("device.lock", "\"device.locked\":false", new Locked(false)),
                said(
                        "device.app.lifecycle",
                        "\"android.app.state\":\"background\"",
                        new Lifecycle(Lifecycle.State.BACKGROUND)),
                said("device.user_interaction", "", new Interacted()),
                said(
                        "app.background_start",
                        "\"trigger\":\"foreground-service\"",
                        new StartedInBackground(StartedInBackground.Trigger.FOREGROUND_SERVICE)),
                said(
                        "app.background_start",
                        "\"trigger\":\"job\"",
                        new StartedInBackground(StartedInBackground.Trigger.JOB)),
                said(
                        "app.protected_resource",
                        "\"resource\":\"call_log\",\"phase\":\"use\"",
                        new UsedResource(UsedResource.Resource.CALL_LOG, UsedResource.Phase.USE)),
                said(
                        "app.crypto",
                        "\"operation\":\"encrypt\",\"algorithm\":\"AES/GCM/NoPadding\",\"bytes\":4096",
                        new UsedCrypto(UsedCrypto.Operation.ENCRYPT, "AES/GCM/NoPadding", OptionalLong.of(4096))),
                said(
                        "app.crypto",
                        "\"operation\":\"keygen\",\"algorithm\":null",
                        new UsedCrypto(UsedCrypto.Operation.KEYGEN, "", OptionalLong.empty())),
                said(
                        "app.staging",
                        "\"bytes\":1048576,\"entropy\":7.9,\"location\":\"private\"",
                        new Staged(1_048_576, OptionalDouble.of(7.9), Staged.Location.PRIVATE)),
                said(
                        "app.inventory",
                        "\"managed\":true,\"approved\":false,\"version_name\":\"4.1\",\"installer\":\"com.android.vending\","
                                + "\"signer_sha256\":\"" + "AB:".repeat(31) + "AB\","
                                + "\"first_install_time\":\"2026-10-09T08:15:23.456Z\","
                                + "\"last_update_time\":\"2026-10-09T10:15:23.456+02:00\","
                                + "\"shared_uid_packages\":[\"com.example.a\",\"com.example.b\"]",
                        new Installed(
                                true,
                                Optional.of(false),
                                "4.1",
                                "com.android.vending",
                                "ab".repeat(32),
                                OptionalLong.of(TIME),
                                OptionalLong.of(TIME),
                                Set.of("com.example.a", "com.example.b"))),
                said("app.removed", "", new Removed()),
                said(
                        "device.posture",
                        "\"compliant\":false,\"risk\":\"at-risk\",\"security_patch\":\"2026-09-05\"",
                        new Health(Truth.FALSE, Health.Risk.AT_RISK, "2026-09-05")),
                said("device.posture", "", new Health(Truth.UNKNOWN, Health.Risk.UNKNOWN, "")),
                said(
                        "flow.owner",
                        "\"protocol\":\"tcp\",\"local_port\":40112,\"remote_ip\":\"2001:db8::1\",\"remote_port\":443,"
                                + "\"packages\":[\"com.example.notes\"]",
                        new Owns(false, 40_112, "2001:db8::1", 443, List.of("com.example.notes"))),
                said(
                        "source.heartbeat",
                        "\"reports\":[\"lock\",\"app-state\",\"protected-resource\"]",
                        new Heartbeat(Set.of(FactKind.LOCK, FactKind.APP_STATE, FactKind.PROTECTED_RESOURCE))));
    }

    private static Arguments said(String event, String attributes, Said said) {
        return Arguments.of(event, attributes, said);
    }

    @ParameterizedTest(name = "{0} {1}")
    @MethodSource("vocabulary")
    void readsWhatTheContractNames(String name, String attributes, Said said) {
        ContextEvent event = event(line(name, attributes));
        assertThat(event.said()).isEqualTo(said);
        assertThat(event.timeMillis()).isEqualTo(TIME);
        assertThat(event.device()).isEqualTo("d1");
        assertThat(event.profile()).isEqualTo("work");
        assertThat(event.app().orElseThrow().name()).isEqualTo("com.example.notes");
        assertThat(event.source()).isEqualTo("mtd");
        assertThat(event.batched()).isFalse();
    }

    @ParameterizedTest(name = "{0} {1}")
    @MethodSource("vocabulary")
    void whatIsWrittenIsReadAsTheSame(String name, String attributes, Said said) {
        ContextEvent event = event(line(name, attributes));
        assertThat(event(new String(written(event, event), UTF_8)
                        .lines()
                        .toList()
                        .get(1)))
                .isEqualTo(event);
    }

    @Test
    void takesTheFormAnAgentOfOpenTelemetryWouldSend() {
        ContextEvent event = event("""
                {"id":"01J","time":"2026-10-09T08:15:23.456Z","event":"device.app.lifecycle",
                 "device":{"id":"enterprises/LC01/devices/3a1f","android.user.id":10},
                 "app":{"package":"com.example.notes","uid":1010123,"version_code":412},
                 "attributes":{"android.app.state":"background"},
                 "source":{"kind":"agent","name":"acme-mtd","latency":"batched"}}""");
        assertThat(event.device()).isEqualTo("3a1f");
        assertThat(event.profile()).isEqualTo("10");
        assertThat(event.app().orElseThrow().uid()).hasValue(1_010_123);
        assertThat(event.app().orElseThrow().versionCode()).hasValue(412);
        assertThat(event.batched()).isTrue();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            {"id":"1"}                                                                      |
            {"id":"a b","time":"T","event":"E"}                                             | /id
            {"time":"T","event":"device.lock","device":{"id":"d1"},"attributes":{"locked":true}} | /id
            {"id":"1","time":"yesterday","event":"device.lock"}                             | /time
            {"id":"1","time":"+999999999-12-31T23:59:59Z","event":"device.lock"}            | /time
            {"id":"1","time":5,"event":"device.lock"}                                       | /time
            {"id":"1","time":"T","event":"device.lock"}                                     | /device/id
            {"id":"1","time":"T","event":"device.lock","device":{"id":"a b"}}               | /device/id
            {"id":"1","time":"T","event":"device.lock","device":{"id":"-"}}                 | /device/id
            {"id":"1","time":"T","event":"device.lock","device":{"id":"d1","profile":"a.b"}} | /device/profile
            {"id":"1","time":"T","event":"device.lock","device":"d1"}                       | /device
            {"id":"1","time":"T","event":"no.such","device":{"id":"d1"}}                    | /event
            {"id":"1","time":"T","event":"device.lock","device":{"id":"d1"}}                | /attributes/locked
            {"id":"1","time":"T","event":"device.lock","device":{"id":"d1"},"attributes":{"locked":"yes"}} | /attributes/locked
            {"id":"1","time":"T","event":"device.lock","device":{"id":"d1"},"attributes":{"locked":true,"a/b":1}} | /attributes/a~1b
            {"id":"1","time":"T","event":"device.lock","device":{"id":"d1"},"more":{"x":[1,{"y":2}]}} | /more
            {"id":"1","time":"T","event":"device.lock","device":{"id":"d1","os":"x"}}       | /device/os
            {"id":"1","time":"T","event":"device.lock","device":{"id":"d1"},"app":{"package":"-"}} | /app/package
            {"id":"1","time":"T","event":"device.lock","device":{"id":"d1"},"app":{"package":"a.b","uid":-1}} | /app/uid
            {"id":"1","time":"T","event":"device.lock","device":{"id":"d1"},"source":{"latency":"slow"}} | /source/latency
            {"id":"1","time":"T","event":"app.removed","device":{"id":"d1"}}                | /app
            {"id":"1","time":"T","event":"app.staging","device":{"id":"d1"},"app":{"package":"a.b"},"attributes":{"bytes":-1}} | /attributes/bytes
            {"id":"1","time":"T","event":"app.staging","device":{"id":"d1"},"app":{"package":"a.b"},"attributes":{"bytes":1,"entropy":8.1}} | /attributes/entropy
            {"id":"1","time":"T","event":"app.staging","device":{"id":"d1"},"app":{"package":"a.b"},"attributes":{"bytes":99999999999999999999}} | /attributes/bytes
            {"id":"1","time":"T","event":"app.crypto","device":{"id":"d1"},"app":{"package":"a.b"},"attributes":{"operation":"guess"}} | /attributes/operation
            {"id":"1","time":"T","event":"flow.owner","device":{"id":"d1"},"attributes":{"protocol":"tcp","remote_ip":"example.com"}} | /attributes/remote_ip
            {"id":"1","time":"T","event":"source.heartbeat","device":{"id":"d1"},"attributes":{"reports":["everything"]}} | /attributes/reports
            {"id":"1","time":"T","event":"device.lock","device":{"id":"d1"},"attributes":{"locked":{"deep":{"deeper":1}}}} | /attributes/locked
            """)
    void saysWhichPartIsWrong(String text, String pointer) {
        Told told = read(text.replace("\"T\"", "\"2026-10-09T08:15:23Z\""));
        assertThat(told).isInstanceOf(Told.Fault.class);
        if (pointer != null) {
            assertThat(((Told.Fault) told).pointer()).isEqualTo(pointer);
        }
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            {
            {}{}
            []
            7
            {"id":"1","id":"2"}
            {"a":{"b":{"c":{"d":{"e":{"f":1}}}}}}
            {"id":"\\x"}
            """)
    void whatIsNotOneObjectIsSaidToBeNone(String text) {
        assertThat(read(text)).isInstanceOf(Told.Fault.class);
    }

    @ParameterizedTest
    @CsvSource({
        "2026-10-09T08:15:23Z, 1791533723000",
        "2026-10-09T08:15:23.4Z, 1791533723400",
        "2026-10-09T08:15:23.456789123Z, 1791533723456",
        "2026-10-09T10:15:23+02:00, 1791533723000",
        "2024-02-29T23:59:59Z, 1709251199000",
    })
    void readsTimesAsRfc3339HasThem(String text, long millis) {
        assertThat(Times.millis(text)).hasValue(millis);
    }

    @ParameterizedTest
    @CsvSource({
        "2026-10-09T08:15:23",
        "2026-13-09T08:15:23Z",
        "2026-02-29T08:15:23Z",
        "2026-10-09 08:15:23Z",
        "2026-10-09T08:15:23.Z",
        "1969-12-31T23:59:59Z",
        "2026-10-09T0a:15:23Z",
    })
    void nothingElseIsATime(String text) {
        assertThat(Times.millis(text)).isEmpty();
    }

    @Test
    void aBadLineLeavesTheOthersAsTheyAre() {
        String good = line("device.lock", "\"locked\":true");
        List<String> told = places(good + "\n\n{broken\n" + good.replace("locked", "shut") + "\r\n  " + good);
        assertThat(told).containsExactly("1 event", "3 ", "4 /attributes/locked", "5 event");
    }

    @Test
    void aBadElementLeavesTheOthersAsTheyAre() {
        String good = line("device.lock", "\"locked\":true");
        List<String> told = places(" [" + good + ", 7, [[1]], {\"id\":{\"deep\":[1]}}, " + good + "," + good + "x]");
        assertThat(told).containsExactly("0 event", "1 ", "2 ", "3 /id", "4 event", "5 event", "6 ");
    }

    @Test
    void whatIsTooLongOrTooManyIsNotRead() {
        String good = line("device.lock", "\"locked\":true");
        String longOne = good + " ".repeat(NativeEvents.MAX_EVENT);
        assertThat(places(longOne + "\n" + good)).containsExactly("1 ", "2 event");
        assertThat(places("[" + good.replace("{\"locked", " ".repeat(NativeEvents.MAX_EVENT) + "{\"locked") + "," + good
                        + "]"))
                .containsExactly("0 ", "1 event");
        assertThat(places((good + "\n").repeat(NativeEvents.MAX_EVENTS + 3)))
                .hasSize(NativeEvents.MAX_EVENTS + 1)
                .last()
                .isEqualTo(NativeEvents.MAX_EVENTS + 1 + " ");
        assertThat(places("[" + (good + ",").repeat(NativeEvents.MAX_EVENTS + 3) + "1]"))
                .hasSize(NativeEvents.MAX_EVENTS + 1);
    }

    @Test
    void itsSourceIsWhoSentItWhateverItSays() {
        NativeEvents reader = new NativeEvents(Optional.of("agent"));
        byte[] bytes = line("device.lock", "\"locked\":true").getBytes(UTF_8);
        assertThat(((Told.Event) reader.line(bytes, 0, bytes.length)).event().source())
                .isEqualTo("agent");
    }

    private static String line(String event, String attributes) {
        return "{\"id\":\"e1\",\"time\":\"2026-10-09T08:15:23.456Z\",\"event\":\"" + event
                + "\",\"device\":{\"id\":\"d1\",\"profile\":\"work\"},\"app\":{\"package\":\"com.example.notes\"},"
                + "\"attributes\":{" + attributes + "},\"source\":{\"name\":\"mtd\",\"latency\":\"realtime\"}}";
    }

    private static byte[] written(ContextEvent... events) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (NativeEventWriter writer = new NativeEventWriter(out)) {
            for (ContextEvent event : events) {
                writer.write(event);
            }
        }
        return out.toByteArray();
    }

    private static ContextEvent event(String text) {
        Told told = read(text);
        assertThat(told).isInstanceOf(Told.Event.class);
        return ((Told.Event) told).event();
    }

    private static Told read(String text) {
        byte[] bytes = text.getBytes(UTF_8);
        return new NativeEvents().line(bytes, 0, bytes.length);
    }

    private static List<String> places(String body) {
        List<String> places = new ArrayList<>();
        new NativeEvents()
                .body(
                        body.getBytes(UTF_8),
                        (told, place) -> places.add(
                                place + " " + (told instanceof Told.Fault fault ? fault.pointer() : "event")));
        return places;
    }
}

package io.postern.gateway.facts;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.postern.analytics.context.ContextEvent;
import io.postern.config.ContextSettings;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Whatever is posted to an adapter: faults, or events that are written and read as the same. */
class AdapterFuzzTest {

    private static final ContextSettings.Webhook WEBHOOK = new ContextSettings.Webhook(
            Optional.of("/a"),
            Optional.empty(),
            "/d",
            Optional.of("/p"),
            "/t",
            Optional.of("/n"),
            "/e",
            Map.of("l", "device.lock", "r", "app.removed", "c", "app.crypto"),
            Map.of("locked", "/l", "operation", "/o", "algorithm", "/g"),
            Map.of(),
            Optional.empty());

    @FuzzTest
    void readsAnythingAsAPush(byte[] bytes) {
        List<ContextEvent> events = new ArrayList<>();
        new AmapiPush("management", "work", new UidMap()).read(bytes, (told, place) -> keep(told, events));
        same(events);
    }

    /** What a push carries, without the base64 that a fuzzer would have to find first. */
    @FuzzTest
    void readsAnythingThatAPushCarries(byte[] bytes) {
        String resource = new String(bytes, StandardCharsets.UTF_8);
        List<ContextEvent> events = new ArrayList<>();
        for (String type : List.of("USAGE_LOGS", "STATUS_REPORT")) {
            new AmapiPush("management", "work", new UidMap())
                    .read(
                            AmapiPushTest.wrapped(type, resource).getBytes(StandardCharsets.UTF_8),
                            (told, place) -> keep(told, events));
        }
        same(events);
    }

    @FuzzTest
    void readsAnythingAsLogs(byte[] bytes) {
        List<ContextEvent> events = new ArrayList<>();
        new OtlpEvents("sdk", "work").read(bytes, false, (told, place) -> keep(told, events));
        new OtlpEvents("sdk", "work").read(bytes, true, (told, place) -> keep(told, events));
        same(events);
    }

    @FuzzTest
    void readsAnythingAsAWebhook(byte[] bytes) {
        List<ContextEvent> events = new ArrayList<>();
        new WebhookEvents(WEBHOOK, "mtd", "work").read(bytes, (told, place) -> keep(told, events));
        same(events);
    }

    private static void keep(Told told, List<ContextEvent> events) {
        if (told instanceof Told.Event event) {
            events.add(event.event());
        }
    }

    private static void same(List<ContextEvent> events) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (NativeEventWriter writer = new NativeEventWriter(out)) {
            events.forEach(writer::write);
        }
        List<ContextEvent> again = new ArrayList<>();
        byte[] lines = out.toByteArray();
        int from = 0;
        for (int to = 0; to < lines.length; to++) {
            if (lines[to] == '\n') {
                again.add(((Told.Event) new NativeEvents().line(lines, from, to)).event());
                from = to + 1;
            }
        }
        assertThat(again).isEqualTo(events);
    }
}

package io.postern.gateway.facts;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.postern.analytics.context.ContextEvent;
import io.postern.analytics.context.ContextEvent.Health;
import io.postern.analytics.context.ContextEvent.UsedResource;
import io.postern.analytics.context.Truth;
import io.postern.config.ContextSettings;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** A mobile threat defence product's own JSON, read by pointers. */
class WebhookEventsTest {

    private static final ContextSettings.Webhook SETTINGS = new ContextSettings.Webhook(
            Optional.of("/alerts"),
            Optional.empty(),
            "/device_info/mdm_id",
            Optional.empty(),
            "/event_time",
            Optional.of("/threat/app"),
            "/threat/name",
            Map.of("MIC_USED", "app.protected_resource", "ROOTED", "device.posture"),
            Map.of("phase", "/threat/phase", "compliant", "/threat/compliant"),
            Map.of("MIC_USED", Map.of("resource", "microphone"), "ROOTED", Map.of("risk", "compromised")),
            Optional.empty());

    private final List<ContextEvent> events = new ArrayList<>();
    private final List<Told.Fault> faults = new ArrayList<>();

    @Test
    void pointersSayWhereThingsAre() {
        int unused = read("""
                {"alerts":[
                 {"event_time":1791533723456,"device_info":{"mdm_id":"enterprises/e/devices/3a1f"},
                  "threat":{"name":"MIC_USED","app":"com.acme.mail","phase":"start","compliant":true}},
                 {"event_time":"2026-10-09T08:15:23Z","device_info":{"mdm_id":"3a1f"},
                  "threat":{"name":"ROOTED","compliant":false}},
                 {"event_time":1791533723,"device_info":{"mdm_id":"3a1f"},"threat":{"name":"SOMETHING_ELSE"}}]}""");
        assertThat(faults).isEmpty();
        assertThat(unused).isEqualTo(1);
        assertThat(events)
                .extracting(ContextEvent::said)
                .containsExactly(
                        new UsedResource(UsedResource.Resource.MICROPHONE, UsedResource.Phase.START),
                        new Health(Truth.FALSE, Health.Risk.COMPROMISED, ""));
        assertThat(events).extracting(ContextEvent::device).containsOnly("3a1f");
        assertThat(events.get(0).timeMillis()).isEqualTo(1_791_533_723_456L);
        assertThat(events.get(1).timeMillis()).isEqualTo(1_791_533_723_000L);
        assertThat(events.get(0).app().orElseThrow().name()).isEqualTo("com.acme.mail");
    }

    @Test
    void whatIsSentTwiceHasTheSameId() {
        String one = """
                {"alerts":[{"event_time":1791533723,"device_info":{"mdm_id":"d"},"threat":{"name":"ROOTED"}}]}""";
        read(one);
        read(one);
        assertThat(events.get(0)).isEqualTo(events.get(1));
    }

    @Test
    void whatIsWrongIsSaidByItsPointer() {
        read("""
                {"alerts":[
                 {"event_time":"soon","device_info":{"mdm_id":"d"},"threat":{"name":"ROOTED"}},
                 {"event_time":1791533723,"threat":{"name":"ROOTED"}},
                 {"event_time":1791533723,"device_info":{"mdm_id":"d"},"threat":{"name":"MIC_USED","phase":"stop"}},
                 {"event_time":1791533723,"device_info":{"mdm_id":"d"},"threat":{"name":"MIC_USED","phase":"odd"}}]}""");
        assertThat(faults)
                .extracting(Told.Fault::pointer)
                .containsExactly("/event_time", "/device_info/mdm_id", "/threat/app", "/attributes/phase");
        read("no json");
        assertThat(faults).hasSize(5);
        assertThat(events).isEmpty();
    }

    private int read(String body) {
        return new WebhookEvents(SETTINGS, "mtd", "work").read(body.getBytes(UTF_8), (told, place) -> {
            if (told instanceof Told.Event event) {
                events.add(event.event());
            } else if (told instanceof Told.Fault fault) {
                faults.add(fault);
            }
        });
    }
}

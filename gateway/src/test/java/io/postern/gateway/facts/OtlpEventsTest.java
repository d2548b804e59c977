package io.postern.gateway.facts;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.CodedOutputStream;
import io.postern.analytics.context.ContextEvent;
import io.postern.analytics.context.ContextEvent.Interacted;
import io.postern.analytics.context.ContextEvent.Lifecycle;
import io.postern.analytics.context.ContextEvent.Staged;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalDouble;
import org.junit.jupiter.api.Test;

class OtlpEventsTest {

    private static final String RESOURCE = """
            {"attributes":[{"key":"device.id","value":{"stringValue":"3a1f"}},
             {"key":"service.name","value":{"stringValue":"com.acme.mail"}},
             {"key":"android.os.api_level","value":{"stringValue":"34"}}]}""";

    private final List<ContextEvent> events = new ArrayList<>();
    private final List<Told.Fault> faults = new ArrayList<>();
    private OtlpEvents reader = new OtlpEvents("sdk", "work");

    @Test
    void lifecycleIsTheAppsState() {
        json("""
                {"timeUnixNano":"1791533723456000000","eventName":"device.app.lifecycle",
                 "attributes":[{"key":"android.app.state","value":{"stringValue":"foreground"}},
                  {"key":"session.id","value":{"stringValue":"s"}}]}""");
        assertThat(events).hasSize(1);
        ContextEvent event = events.get(0);
        assertThat(event.said()).isEqualTo(new Lifecycle(Lifecycle.State.FOREGROUND));
        assertThat(event.timeMillis()).isEqualTo(1_791_533_723_456L);
        assertThat(event.device()).isEqualTo("3a1f");
        assertThat(event.profile()).isEqualTo("work");
        assertThat(event.app().orElseThrow().name()).isEqualTo("com.acme.mail");
        assertThat(event.source()).isEqualTo("sdk");
    }

    @Test
    void aClickIsSomebodyAtTheDevice() {
        json("""
                {"observedTimeUnixNano":1791533723456000000,"attributes":[
                 {"key":"event.name","value":{"stringValue":"app.screen.click"}},
                 {"key":"app.screen.coordinate.x","value":{"intValue":"131"}}]}""");
        assertThat(events).extracting(ContextEvent::said).containsExactly(new Interacted());
    }

    @Test
    void ourOwnEventsAreTakenByTheirNames() {
        json("""
                {"timeUnixNano":"1791533723456000000","eventName":"app.staging","attributes":[
                 {"key":"bytes","value":{"intValue":"1048576"}},{"key":"entropy","value":{"doubleValue":7.5}},
                 {"key":"location","value":{"stringValue":"private"}},
                 {"key":"log.record.uid","value":{"stringValue":"u-1"}},
                 {"key":"android.user.id","value":{"intValue":10}}]}""");
        assertThat(events.get(0).said())
                .isEqualTo(new Staged(1_048_576, OptionalDouble.of(7.5), Staged.Location.PRIVATE));
        assertThat(events.get(0).id()).isEqualTo("u-1");
        assertThat(events.get(0).profile()).isEqualTo("10");
    }

    @Test
    void whatIsSentTwiceHasTheSameId() {
        String click = """
                {"timeUnixNano":"1791533723456000000","eventName":"app.screen.click","attributes":[]}""";
        json(click);
        json(click);
        json(click.replace("456", "457"));
        assertThat(events.get(0).id())
                .isEqualTo(events.get(1).id())
                .isNotEqualTo(events.get(2).id());
    }

    @Test
    void recordsOfOtherEventsArePassedOver() {
        json("""
                {"timeUnixNano":"1","eventName":"exception","attributes":[]}""");
        assertThat(events).isEmpty();
        assertThat(faults).isEmpty();
        assertThat(reader.unused()).isEqualTo(1);
    }

    @Test
    void whatIsWrongWithARecordIsSaid() {
        json("""
                {"timeUnixNano":"1791533723456000000","eventName":"device.app.lifecycle","attributes":[
                 {"key":"android.app.state","value":{"stringValue":"asleep"}}]}""");
        json("""
                {"eventName":"app.screen.click","attributes":[]}""");
        assertThat(faults)
                .extracting(Told.Fault::pointer)
                .containsExactly("/attributes/android.app.state", "/timeUnixNano");
    }

    @Test
    void protobufSaysTheSame() throws IOException {
        byte[] record = message(out -> {
            out.writeFixed64(1, 1_791_533_723_456_000_000L);
            out.writeByteArray(6, attribute("android.app.state", value -> value.writeString(1, "background")));
            out.writeByteArray(6, attribute("n", value -> value.writeInt64(3, 7)));
            out.writeByteArray(
                    6,
                    attribute(
                            "list",
                            value -> value.writeByteArray(
                                    5,
                                    message(array ->
                                            array.writeByteArray(1, message(one -> one.writeString(1, "x")))))));
            out.writeString(12, "device.app.lifecycle");
            out.writeFixed32(8, 1);
        });
        byte[] resource = message(out -> {
            out.writeByteArray(1, attribute("device.id", value -> value.writeString(1, "3a1f")));
            out.writeByteArray(1, attribute("app.package", value -> value.writeString(1, "com.acme.mail")));
        });
        byte[] body = message(out -> out.writeByteArray(1, message(logs -> {
            logs.writeByteArray(2, message(scope -> scope.writeByteArray(2, record)));
            logs.writeByteArray(1, resource);
        })));
        assertThat(reader.read(body, false, this::told)).isTrue();
        assertThat(events).hasSize(1);
        assertThat(events.get(0).said()).isEqualTo(new Lifecycle(Lifecycle.State.BACKGROUND));
        assertThat(events.get(0).device()).isEqualTo("3a1f");
        assertThat(events.get(0).app().orElseThrow().name()).isEqualTo("com.acme.mail");
        assertThat(reader.read(new byte[] {10, 127, 1}, false, this::told)).isFalse();
    }

    @Test
    void whatIsNotOtlpIsNotTaken() {
        assertThat(reader.read("[]".getBytes(UTF_8), true, this::told)).isFalse();
        assertThat(reader.read("{".getBytes(UTF_8), true, this::told)).isFalse();
        assertThat(events).isEmpty();
    }

    private void json(String record) {
        reader = new OtlpEvents("sdk", "work");
        String body = "{\"resourceLogs\":[{\"resource\":" + RESOURCE + ",\"scopeLogs\":[{\"logRecords\":[" + record
                + "]}]}]}";
        assertThat(reader.read(body.getBytes(UTF_8), true, this::told)).isTrue();
    }

    private void told(Told told, int place) {
        if (told instanceof Told.Event event) {
            events.add(event.event());
        } else if (told instanceof Told.Fault fault) {
            faults.add(fault);
        }
    }

    /** Writes fields. */
    private interface Fields {
        void to(CodedOutputStream out) throws IOException;
    }

    private static byte[] attribute(String key, Fields value) throws IOException {
        return message(out -> {
            out.writeString(1, key);
            out.writeByteArray(2, message(value));
        });
    }

    private static byte[] message(Fields fields) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        CodedOutputStream out = CodedOutputStream.newInstance(bytes);
        fields.to(out);
        out.flush();
        return bytes.toByteArray();
    }
}

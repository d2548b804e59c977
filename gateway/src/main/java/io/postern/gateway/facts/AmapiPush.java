package io.postern.gateway.facts;

import io.postern.analytics.context.ContextEvent;
import io.postern.analytics.context.ContextEvent.App;
import io.postern.analytics.context.ContextEvent.Said;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.ObjIntConsumer;
import tools.jackson.core.JacksonException;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Reads one push of Cloud Pub/Sub that carries a notification of Android Management, and says what of it means something
 * here.
 *
 * <pre>
 * {"message": {"attributes": {"notificationType": "USAGE_LOGS"}, "data": base64, "messageId": …, "publishTime": …},
 *  "subscription": …}
 *
 * USAGE_LOGS      BatchUsageLogEvents      {@link AmapiUsage}
 * STATUS_REPORT   Device                   {@link AmapiDevice}
 * </pre>
 *
 * Ids of events follow from the message and the device's own ids of its log, so what is delivered twice is told twice alike.
 * Not thread-safe.
 */
public final class AmapiPush {

    private static final int MAX_DEPTH = 24;
    private static final int MAX_NAME = 256;
    private static final JsonMapper JSON = JsonMapper.builder(JsonFactory.builder()
                    .streamReadConstraints(StreamReadConstraints.builder()
                            .maxNestingDepth(MAX_DEPTH)
                            .maxNameLength(MAX_NAME)
                            .build())
                    .build())
            .build();

    private final String source;
    private final String profile;
    private final UidMap uids;
    private int place;
    private int unused;

    /** @param profile of all events, for Android Management does not tell it */
    public AmapiPush(String source, String profile, UidMap uids) {
        this.source = source;
        this.profile = profile;
        this.uids = uids;
    }

    /** What all events of one resource share. */
    record Of(String device, String message, ObjIntConsumer<Told> each) {}

    /** @param each told of every event, with its number in the push from 0 */
    public void read(byte[] body, ObjIntConsumer<Told> each) {
        Optional<JsonNode> push = tree(body);
        JsonNode message = push.map(tree -> tree.path("message")).orElse(JSON.missingNode());
        String id = message.path("messageId").asString("");
        if (id.isEmpty() || id.length() > 64 || !Names.event(id)) {
            fault(each, "/message/messageId", "is no message id: this is no push of Pub/Sub in its wrapped form");
            return;
        }
        String type = message.path("attributes").path("notificationType").asString("");
        if (!type.equals("USAGE_LOGS") && !type.equals("STATUS_REPORT")) {
            unused++;
            return;
        }
        Optional<JsonNode> resource = data(message.path("data")).filter(JsonNode::isObject);
        if (resource.isEmpty()) {
            fault(each, "/message/data", "is not base64 of a JSON object");
            return;
        }
        OptionalLong published = Times.millis(message.path("publishTime").asString(""));
        boolean usage = type.equals("USAGE_LOGS");
        Optional<String> device =
                Names.device(resource.get().path(usage ? "device" : "name").asString(""));
        if (device.isEmpty()) {
            fault(each, "/message/data", "names no device");
        } else if (usage) {
            new AmapiUsage(this, new Of(device.get(), id, each), uids).read(resource.get());
        } else {
            new AmapiDevice(this, new Of(device.get(), id, each), published).read(resource.get());
        }
    }

    private static Optional<JsonNode> tree(byte[] bytes) {
        try {
            return Optional.of(JSON.readTree(bytes));
        } catch (JacksonException broken) {
            return Optional.empty();
        }
    }

    private static Optional<JsonNode> data(JsonNode text) {
        try {
            return tree(Base64.getDecoder().decode(text.asString("").getBytes(StandardCharsets.ISO_8859_1)));
        } catch (IllegalArgumentException notBase64) {
            return Optional.empty();
        }
    }

    private void fault(ObjIntConsumer<Told> each, String pointer, String problem) {
        each.accept(new Told.Fault(pointer, problem), place++);
    }

    void fault(Of of, String pointer, String problem) {
        fault(of.each, pointer, problem);
    }

    void tell(Of of, String id, long millis, Optional<App> app, Said said) {
        of.each.accept(
                new Told.Event(new ContextEvent("amapi-" + id, millis, of.device, profile, app, said, source, true)),
                place++);
    }

    /** There is nothing in it for us. */
    void pass() {
        unused++;
    }

    /** What was well and means nothing here. */
    public int unused() {
        return unused;
    }
}

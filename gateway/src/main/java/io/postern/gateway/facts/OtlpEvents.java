package io.postern.gateway.facts;

import io.postern.analytics.context.ContextEvent;
import io.postern.analytics.context.ContextEvent.App;
import io.postern.analytics.context.ContextEvent.Said;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.function.ObjIntConsumer;

/**
 * Reads a body of OTLP/HTTP logs: events of OpenTelemetry's conventions, and our own under their own names.
 *
 * <pre>
 * device.app.lifecycle {android.app.state}   as it is            device.id          whose it is
 * app.screen.click, app.widget.click         device.user_interaction
 * our names, our attributes                  as they are         app.package        or service.name, where that is one
 * log.record.uid                             its id; absent: a digest of the record
 * </pre>
 *
 * Attributes that mean nothing here are passed over: SDKs put their own on every record. Not thread-safe.
 */
public final class OtlpEvents {

    private static final int DIGEST_CHARS = 32;

    private final String source;
    private final String profile;
    private int place;
    private int unused;

    public OtlpEvents(String source, String profile) {
        this.source = source;
        this.profile = profile;
    }

    /**
     * Reads a body.
     *
     * @param each told of every event, with its number in the body from 0
     * @return whether all of it is OTLP
     */
    public boolean read(byte[] body, boolean json, ObjIntConsumer<Told> each) {
        if (json) {
            return OtlpJson.read(body, (resource, record) -> one(resource, record, each));
        }
        try {
            OtlpProtobuf.read(body, (resource, record) -> one(resource, record, each));
            return true;
        } catch (IOException broken) {
            return false;
        }
    }

    private void one(Map<String, Object> resource, OtlpRecord record, ObjIntConsumer<Told> each) {
        if (place == NativeEvents.MAX_EVENTS) {
            each.accept(
                    new Told.Fault("", "is beyond the " + NativeEvents.MAX_EVENTS + " that a body may have"), place++);
        } else if (place < NativeEvents.MAX_EVENTS) {
            Optional<Told> told = told(resource, record);
            if (told.isPresent()) {
                each.accept(told.get(), place++);
            } else {
                unused++;
            }
        }
    }

    private Optional<Told> told(Map<String, Object> resource, OtlpRecord record) {
        String name = record.name();
        boolean click = name.equals("app.screen.click") || name.equals("app.widget.click");
        String event = click ? Vocabulary.INTERACTION : name;
        if (!Vocabulary.has(event)) {
            return Optional.empty();
        }
        try {
            return Optional.of(new Told.Event(event(event, resource, record)));
        } catch (Wrong wrong) {
            return Optional.of(wrong.fault());
        }
    }

    private ContextEvent event(String event, Map<String, Object> resource, OtlpRecord record) throws Wrong {
        Attributes attributes = new Attributes();
        for (Map.Entry<String, Object> attribute : record.attributes.entrySet()) {
            if (Vocabulary.has(event, attribute.getKey())) {
                attributes.put(attribute.getKey(), attribute.getValue());
            }
        }
        Said said = Vocabulary.said(event, attributes);
        String device = Names.device(text("device.id", resource, record))
                .orElseThrow(() -> new Wrong("/device.id", "must end with 1–64 of A-Z a-z 0-9 _ -"));
        String user = text("android.user.id", resource, record);
        if (!user.isEmpty() && !Names.profile(user)) {
            throw new Wrong("/android.user.id", "must be 1–16 of A-Z a-z 0-9 -");
        }
        Optional<App> app = app(resource, record);
        if (Vocabulary.ofAnApp(said) && app.isEmpty()) {
            throw new Wrong("/app.package", "is missing, and service.name is no package: this event is of an app");
        }
        if (record.nanos() <= 0) {
            throw new Wrong("/timeUnixNano", "is missing");
        }
        return new ContextEvent(
                id(event, device, record),
                TimeUnit.NANOSECONDS.toMillis(record.nanos()),
                device,
                user.isEmpty() ? profile : user,
                app,
                said,
                source,
                false);
    }

    private static Optional<App> app(Map<String, Object> resource, OtlpRecord record) {
        String named = text("app.package", resource, record);
        String name = named.isEmpty() ? text("service.name", resource, record) : named;
        return Names.app(name) && name.indexOf('.') > 0
                ? Optional.of(new App(name, OptionalLong.empty(), OptionalLong.empty()))
                : Optional.empty();
    }

    /** What a record says itself counts before what its resource does. */
    private static String text(String key, Map<String, Object> resource, OtlpRecord record) {
        Object value = record.attributes.getOrDefault(key, resource.getOrDefault(key, ""));
        return value instanceof String || value instanceof Long ? value.toString() : "";
    }

    private static String id(String event, String device, OtlpRecord record) {
        if (record.attributes.get("log.record.uid") instanceof String uid && Names.event(uid)) {
            return uid;
        }
        String all = device + '\n' + event + '\n' + record.nanos() + '\n' + new TreeMap<>(record.attributes);
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(all.getBytes(StandardCharsets.UTF_8));
            return "otlp-" + HexFormat.of().formatHex(digest).substring(0, DIGEST_CHARS);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Records that were well and are of no event of ours. */
    public int unused() {
        return unused;
    }
}

package io.postern.gateway.webhook;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.StringWriter;
import java.time.Instant;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.ObjectWriteContext;
import tools.jackson.core.json.JsonFactory;

/** Writes what a letter says: {@code {"type", "timestamp", "data": {…}}}. */
public final class Body {

    private static final JsonFactory JSON = new JsonFactory();

    private final StringWriter text = new StringWriter();
    private final JsonGenerator json = JSON.createGenerator(ObjectWriteContext.empty(), text);
    private final long atMillis;

    private Body(String type, long atMillis) {
        this.atMillis = atMillis;
        json.writeStartObject();
        json.writeStringProperty("type", type);
        json.writeStringProperty("timestamp", Instant.ofEpochMilli(atMillis).toString());
        json.writeName("data");
        json.writeStartObject();
    }

    /** @param type such as {@code finding.created} */
    public static Body of(String type, long atMillis) {
        return new Body(type, atMillis);
    }

    /** One of its data; left out when it is empty. */
    public Body text(String name, String value) {
        if (!value.isEmpty()) {
            json.writeStringProperty(name, value);
        }
        return this;
    }

    public Body flag(String name, boolean value) {
        json.writeBooleanProperty(name, value);
        return this;
    }

    /** @param line JSON that somebody else has written */
    public Body json(String name, String line) {
        json.writeName(name);
        json.writeRawValue(line.strip());
        return this;
    }

    /**
     * The letter, whole. Dots of the id are replaced: they part what is signed.
     *
     * @param about what of this name comes first is told first
     */
    public Letter letter(String id, String about) {
        json.writeEndObject();
        json.writeEndObject();
        json.close();
        return new Letter(id.replace('.', '_'), about, atMillis, text.toString().getBytes(UTF_8));
    }
}

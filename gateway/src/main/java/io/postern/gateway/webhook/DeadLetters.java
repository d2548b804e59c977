package io.postern.gateway.webhook;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.postern.gateway.records.DeviceLines;
import io.postern.gateway.records.RotatingFile;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Instant;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.ObjectWriteContext;
import tools.jackson.core.json.JsonFactory;

/** What nobody has taken, a line each: {@code {"id", "since", "given_up", "reason", "body": {…}}}. */
final class DeadLetters implements AutoCloseable {

    private static final long MAX_SIZE = 16 * 1024 * 1024;
    private static final int KEEP = 3;
    private static final JsonFactory JSON = new JsonFactory();

    private final RotatingFile file;

    DeadLetters(Path file) {
        this.file = new RotatingFile(file, MAX_SIZE, KEEP);
    }

    synchronized void add(Letter letter, long nowMillis, String reason) throws IOException {
        ByteArrayOutputStream line = new ByteArrayOutputStream(letter.body().length + 256);
        try (JsonGenerator json = JSON.createGenerator(ObjectWriteContext.empty(), line)) {
            json.writeStartObject();
            json.writeStringProperty("id", letter.id());
            json.writeStringProperty(
                    "since", Instant.ofEpochMilli(letter.sinceMillis()).toString());
            json.writeStringProperty("given_up", Instant.ofEpochMilli(nowMillis).toString());
            json.writeStringProperty("reason", reason);
            json.writeName("body");
            json.writeRawValue(new String(letter.body(), UTF_8));
            json.writeEndObject();
        }
        line.write('\n');
        file.append(ByteBuffer.wrap(line.toByteArray()));
    }

    long erase(DeviceLines device) throws IOException {
        return file.erase(device);
    }

    @Override
    public synchronized void close() throws IOException {
        file.close();
    }
}

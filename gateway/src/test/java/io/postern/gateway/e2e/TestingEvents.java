package io.postern.gateway.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** A stream of events of the admin API, read line by line. */
final class TestingEvents implements AutoCloseable {

    private final HttpResponse<InputStream> response;
    private final BufferedReader lines;

    /** One event of it. */
    record Event(String id, String name, JsonNode data) {}

    TestingEvents(TestingAdmin admin, String path, String... fields) throws Exception {
        HttpRequest.Builder request = admin.request(path).header("accept", "text/event-stream");
        if (fields.length > 0) {
            request.headers(fields);
        }
        response = TestingAdmin.HTTP.send(request.build(), BodyHandlers.ofInputStream());
        assertThat(response.statusCode()).isEqualTo(200);
        lines = new BufferedReader(new InputStreamReader(response.body(), StandardCharsets.UTF_8));
    }

    HttpResponse<InputStream> response() {
        return response;
    }

    Event next() throws IOException {
        String id = "";
        String name = "";
        for (String line = lines.readLine(); line != null; line = lines.readLine()) {
            if (line.startsWith("id: ")) {
                id = line.substring(4);
            } else if (line.startsWith("event: ")) {
                name = line.substring(7);
            } else if (line.startsWith("data: ")) {
                return new Event(id, name, JsonMapper.shared().readTree(line.substring(6)));
            }
        }
        throw new IOException("the stream has ended");
    }

    /** Waits for the end; a stream that is cut has ended as well. */
    boolean ended() {
        try {
            return lines.lines().count() >= 0;
        } catch (UncheckedIOException cut) {
            return true;
        }
    }

    @Override
    public void close() throws IOException {
        response.body().close();
    }
}

package io.postern.gateway.replay;

import io.postern.gateway.detect.Pairs;
import java.io.OutputStream;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.ObjectWriteContext;
import tools.jackson.core.StreamWriteFeature;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.core.json.JsonWriteFeature;

/**
 * Writes the table of scores, a line for every app and destination; every line has every method, 0 where it makes nothing of
 * the two.
 */
final class ScoreLines {

    private static final double THOUSAND = 1_000;

    private static final JsonFactory JSON = JsonFactory.builder()
            .enable(JsonWriteFeature.ESCAPE_NON_ASCII)
            .rootValueSeparator("")
            .disable(StreamWriteFeature.AUTO_CLOSE_TARGET)
            .disable(StreamWriteFeature.FLUSH_PASSED_TO_STREAM)
            .build();

    private ScoreLines() {}

    static void write(List<Pairs.Row> rows, OutputStream out) {
        Set<String> methods = new TreeSet<>();
        rows.forEach(row -> methods.addAll(row.scores().keySet()));
        try (JsonGenerator json = JSON.createGenerator(ObjectWriteContext.empty(), out)) {
            for (Pairs.Row row : rows) {
                write(row, methods, json);
                json.writeRaw('\n');
            }
        }
    }

    private static void write(Pairs.Row row, Set<String> methods, JsonGenerator json) {
        json.writeStartObject();
        json.writeStringProperty("device", row.key().device());
        json.writeStringProperty("profile", row.key().profile());
        json.writeStringProperty("app", row.key().app());
        json.writeStringProperty("destination", row.destination());
        json.writeObjectPropertyStart("scores");
        for (String method : methods) {
            double score = row.scores().getOrDefault(method, 0.0);
            json.writeNumberProperty(method, Math.round(score * THOUSAND) / THOUSAND);
        }
        json.writeEndObject();
        json.writeNumberProperty("check_ins", row.checkIns());
        json.writeNumberProperty("first", row.firstMillis());
        json.writeNumberProperty("last", row.lastMillis());
        json.writeEndObject();
    }
}

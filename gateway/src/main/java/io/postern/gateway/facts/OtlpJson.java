package io.postern.gateway.facts;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiConsumer;
import tools.jackson.core.JacksonException;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The same in protobuf's JSON, as OTLP has it: integers of 64 bits may be texts. */
final class OtlpJson {

    private static final int MAX_DEPTH = 24;
    private static final JsonMapper JSON = JsonMapper.builder(JsonFactory.builder()
                    .streamReadConstraints(StreamReadConstraints.builder()
                            .maxNestingDepth(MAX_DEPTH)
                            .build())
                    .build())
            .build();

    private OtlpJson() {}

    /** @return whether it is such a message */
    static boolean read(byte[] body, BiConsumer<Map<String, Object>, OtlpRecord> each) {
        JsonNode request;
        try {
            request = JSON.readTree(body);
        } catch (JacksonException broken) {
            return false;
        }
        for (JsonNode logs : request.path("resourceLogs")) {
            Map<String, Object> resource = new HashMap<>();
            attributes(logs.path("resource").path("attributes"), resource);
            for (JsonNode scope : logs.path("scopeLogs")) {
                for (JsonNode record : scope.path("logRecords")) {
                    each.accept(resource, record(record));
                }
            }
        }
        return request.isObject();
    }

    private static OtlpRecord record(JsonNode node) {
        OtlpRecord record = new OtlpRecord();
        record.event = node.path("eventName").asString("");
        record.timeNanos = integer(node.path("timeUnixNano"));
        record.observedNanos = integer(node.path("observedTimeUnixNano"));
        attributes(node.path("attributes"), record.attributes);
        return record;
    }

    private static void attributes(JsonNode list, Map<String, Object> attributes) {
        for (JsonNode one : list) {
            OtlpRecord.put(attributes, one.path("key").asString(""), value(one.path("value")));
        }
    }

    private static Object value(JsonNode value) {
        if (value.has("boolValue")) {
            return value.path("boolValue").asBoolean(false);
        }
        if (value.has("intValue")) {
            return integer(value.path("intValue"));
        }
        if (value.has("doubleValue")) {
            return value.path("doubleValue").asDouble(0);
        }
        if (value.has("arrayValue")) {
            List<String> texts = new ArrayList<>();
            value.path("arrayValue")
                    .path("values")
                    .forEach(one -> texts.add(one.path("stringValue").asString("")));
            return texts;
        }
        return value.path("stringValue").asString("");
    }

    private static long integer(JsonNode node) {
        if (node.isIntegralNumber() && node.canConvertToLong()) {
            return node.longValue();
        }
        try {
            return Long.parseLong(node.asString("0"));
        } catch (NumberFormatException no) {
            return 0;
        }
    }
}

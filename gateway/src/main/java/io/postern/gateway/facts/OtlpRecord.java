package io.postern.gateway.facts;

import java.util.HashMap;
import java.util.Map;

/** One log record of OTLP, of what it has the parts that mean something here. */
final class OtlpRecord {

    /** Of a record, and of its resource; what is beyond is not looked at. */
    static final int MOST_ATTRIBUTES = 64;

    final Map<String, Object> attributes = new HashMap<>();
    String event = "";
    long timeNanos;
    long observedNanos;

    void put(String key, Object value) {
        put(attributes, key, value);
    }

    static void put(Map<String, Object> attributes, String key, Object value) {
        if (attributes.size() < MOST_ATTRIBUTES) {
            attributes.put(key, value);
        }
    }

    /** The name of an event is a field of its own since OTLP 1.5, and was an attribute before. */
    String name() {
        return event.isEmpty() && attributes.get("event.name") instanceof String name ? name : event;
    }

    long nanos() {
        return timeNanos == 0 ? observedNanos : timeNanos;
    }
}

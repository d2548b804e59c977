package io.postern.gateway.records;

import java.util.List;
import java.util.Optional;

/** Writes texts that somebody else chose: cut to a length, lists too, so that a line has a bound. */
final class CappedText {
    /** A DNS name (RFC 1035 section 2.3.4, without the root's dot). */
    static final int HOST = 253;
    /** A server name, a protocol name, a package: one byte of length on the wire. */
    static final int NAME = 255;

    /** The packages of one UID. */
    static final int APPS = 1024;

    static final int LABEL = 64;

    private static final int LIST = 32;

    private CappedText() {}

    static void write(JsonLine json, String name, Optional<String> value, int max) {
        if (value.isPresent()) {
            write(json, name, value.get(), max);
        }
    }

    static void write(JsonLine json, String name, String value, int max) {
        json.writeStringProperty(name, cut(value, max));
    }

    static void list(JsonLine json, String name, List<String> values, int max) {
        json.writeArrayPropertyStart(name);
        for (String value : first(values)) {
            json.writeString(cut(value, max));
        }
        json.writeEndArray();
    }

    static <T> List<T> first(List<T> values) {
        return values.size() <= LIST ? values : values.subList(0, LIST);
    }

    private static String cut(String value, int max) {
        return value.length() <= max ? value : value.substring(0, max);
    }
}

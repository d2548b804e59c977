package io.postern.gateway.records;

import java.util.List;
import java.util.Optional;
import tools.jackson.core.JsonGenerator;

/** Writes texts that somebody else chose: cut to a length, lists too, so that a line has a bound. */
public final class CappedText {
    /** A DNS name (RFC 1035 section 2.3.4, without the root's dot). */
    public static final int HOST = 253;
    /** A server name, a protocol name, a package: one byte of length on the wire. */
    public static final int NAME = 255;

    /** The packages of one UID. */
    public static final int APPS = 1024;

    public static final int LABEL = 64;

    private static final int LIST = 32;

    private CappedText() {}

    static void write(JsonGenerator json, String name, Optional<String> value, int max) {
        if (value.isPresent()) {
            write(json, name, value.get(), max);
        }
    }

    static void write(JsonGenerator json, String name, String value, int max) {
        json.writeStringProperty(name, cut(value, max));
    }

    static void list(JsonGenerator json, String name, List<String> values, int max) {
        json.writeArrayPropertyStart(name);
        for (String value : first(values)) {
            json.writeString(cut(value, max));
        }
        json.writeEndArray();
    }

    /** Those of a list that a line has. */
    public static <T> List<T> first(List<T> values) {
        return values.size() <= LIST ? values : values.subList(0, LIST);
    }

    /** What a line has of a text. */
    public static String cut(String value, int max) {
        return value.length() <= max ? value : value.substring(0, max);
    }
}

package io.postern.gateway.records;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.util.List;
import java.util.Set;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.json.JsonFactory;

/**
 * Which JSON is about a device: what has it as {@code device}, or as {@code uid} of a {@code device}, at whatever depth. Half a line,
 * as a crash leaves it, is about it where its name stands in it. Thread-safe.
 */
public final class DeviceLines {

    private static final JsonFactory JSON = new JsonFactory();

    private final Set<String> names;
    private final List<byte[]> quoted;

    /** @param names that the device has or had, each a device id by its grammar */
    public DeviceLines(Set<String> names) {
        this.names = Set.copyOf(names);
        this.quoted = names.stream()
                .map(name -> ('"' + name + '"').getBytes(US_ASCII))
                .toList();
    }

    /** Whether a name of it stands anywhere in there: what has none is not about it. */
    public boolean maybe(byte[] bytes) {
        return maybe(bytes, 0, bytes.length);
    }

    private boolean maybe(byte[] bytes, int from, int to) {
        return quoted.stream().anyMatch(name -> has(bytes, from, to, name));
    }

    /** Of one line, or one document. */
    public boolean about(byte[] json) {
        return about(json, 0, json.length);
    }

    /** Of the bytes from here to there; names have no letter that JSON writes otherwise. */
    public boolean about(byte[] bytes, int from, int to) {
        if (!maybe(bytes, from, to)) {
            return false;
        }
        try (JsonParser json = JSON.createParser(ObjectReadContext.empty(), bytes, from, to - from)) {
            return about(json);
        } catch (JacksonException half) {
            return true;
        }
    }

    private static boolean has(byte[] bytes, int from, int to, byte[] name) {
        for (int at = from; at <= to - name.length; at++) {
            int same = 0;
            while (same < name.length && bytes[at + same] == name[same]) {
                same++;
            }
            if (same == name.length) {
                return true;
            }
        }
        return false;
    }

    private boolean about(JsonParser json) {
        int depth = 0;
        int device = -1;
        boolean found = false;
        for (JsonToken token = json.nextToken(); token != null; token = json.nextToken()) {
            if (token == JsonToken.START_OBJECT || token == JsonToken.START_ARRAY) {
                depth++;
            } else if (token == JsonToken.END_OBJECT || token == JsonToken.END_ARRAY) {
                depth--;
                device = depth < device ? -1 : device;
            } else if (token == JsonToken.PROPERTY_NAME && json.currentName().equals("device")) {
                // Its members are one deeper.
                device = depth + 1;
            } else if (token == JsonToken.VALUE_STRING) {
                String name = json.currentName();
                boolean itself = "device".equals(name);
                boolean uid = depth == device && ("uid".equals(name) || "id".equals(name));
                found |= (itself || uid) && names.contains(json.getString());
                device = itself && device == depth + 1 ? -1 : device;
            }
        }
        return found;
    }
}

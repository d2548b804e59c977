package io.postern.gateway.facts;

import com.google.protobuf.CodedInputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiConsumer;

/**
 * {@code ExportLogsServiceRequest} in protobuf's wire format, opentelemetry-proto 1.9; fields by their numbers:
 *
 * <pre>
 * request     1 resource_logs*
 * resource_logs   1 resource {1 attributes*}   2 scope_logs* {2 log_records*}
 * log_record  1 time_unix_nano   6 attributes*   11 observed_time_unix_nano   12 event_name
 * attribute   1 key   2 value {1 string | 2 bool | 3 int | 4 double | 5 array {1 values*}}
 * </pre>
 *
 * All others are passed over.
 */
final class OtlpProtobuf {

    private static final int FIELD_BITS = 3;
    private static final int MOST_TEXT = 4_096;

    private OtlpProtobuf() {}

    /**
     * Reads a body.
     *
     * @param each told of every record, with its resource's attributes
     * @throws IOException when it is no such message; what was told until then was
     */
    static void read(byte[] body, BiConsumer<Map<String, Object>, OtlpRecord> each) throws IOException {
        message(CodedInputStream.newInstance(body), (field, in) -> {
            if (field == 1) {
                resourceLogs(in.readByteArray(), each);
                return true;
            }
            return false;
        });
    }

    /** Reads a field's value, or says that it does not. */
    private interface Field {
        boolean read(int number, CodedInputStream in) throws IOException;
    }

    private static void message(CodedInputStream in, Field field) throws IOException {
        for (int tag = in.readTag(); tag != 0; tag = in.readTag()) {
            if (!field.read(tag >>> FIELD_BITS, in)) {
                in.skipField(tag);
            }
        }
    }

    private static void message(byte[] bytes, Field field) throws IOException {
        message(CodedInputStream.newInstance(bytes), field);
    }

    /** The resource may stand behind its records. */
    private static void resourceLogs(byte[] bytes, BiConsumer<Map<String, Object>, OtlpRecord> each)
            throws IOException {
        Map<String, Object> resource = new HashMap<>();
        List<byte[]> scopes = new ArrayList<>();
        message(bytes, (field, in) -> {
            if (field == 1) {
                message(in.readByteArray(), (part, more) -> part == 1 && attribute(more.readByteArray(), resource));
                return true;
            }
            return field == 2 && scopes.add(in.readByteArray());
        });
        for (byte[] scope : scopes) {
            message(scope, (field, in) -> {
                if (field == 2) {
                    each.accept(resource, record(in.readByteArray()));
                    return true;
                }
                return false;
            });
        }
    }

    private static OtlpRecord record(byte[] bytes) throws IOException {
        OtlpRecord record = new OtlpRecord();
        message(bytes, (field, in) -> {
            switch (field) {
                case 1 -> record.timeNanos = in.readFixed64();
                case 6 -> attribute(in.readByteArray(), record.attributes);
                case 11 -> record.observedNanos = in.readFixed64();
                case 12 -> record.event = text(in);
                default -> {
                    return false;
                }
            }
            return true;
        });
        return record;
    }

    private static boolean attribute(byte[] bytes, Map<String, Object> attributes) throws IOException {
        String[] key = {""};
        Object[] value = {""};
        message(bytes, (field, in) -> {
            if (field == 1) {
                key[0] = text(in);
                return true;
            }
            if (field == 2) {
                value[0] = value(in.readByteArray());
                return true;
            }
            return false;
        });
        OtlpRecord.put(attributes, key[0], value[0]);
        return true;
    }

    private static Object value(byte[] bytes) throws IOException {
        Object[] value = {""};
        message(bytes, (field, in) -> {
            switch (field) {
                case 1 -> value[0] = text(in);
                case 2 -> value[0] = in.readBool();
                case 3 -> value[0] = in.readInt64();
                case 4 -> value[0] = in.readDouble();
                case 5 -> value[0] = texts(in.readByteArray());
                default -> {
                    return false;
                }
            }
            return true;
        });
        return value[0];
    }

    /** The texts of an array; its other values are left out. */
    private static List<String> texts(byte[] bytes) throws IOException {
        List<String> texts = new ArrayList<>();
        message(bytes, (field, in) -> {
            if (field != 1) {
                return false;
            }
            message(in.readByteArray(), (part, more) -> part == 1 && texts.add(text(more)));
            return true;
        });
        return texts;
    }

    private static String text(CodedInputStream in) throws IOException {
        String text = in.readString();
        if (text.length() > MOST_TEXT) {
            throw new IOException("a text of more than " + MOST_TEXT + " characters");
        }
        return text;
    }
}

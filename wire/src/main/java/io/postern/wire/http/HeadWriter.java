package io.postern.wire.http;

import java.nio.charset.StandardCharsets;
import java.util.List;

/** Heads and chunk framing to bytes. Records admit no CR and LF, so nothing written here can split. */
final class HeadWriter {

    static byte[] bytes(String firstLine, List<Field> fields) {
        StringBuilder text = new StringBuilder(128 + 48 * fields.size());
        text.append(firstLine).append("\r\n");
        return section(text, fields);
    }

    /** The field lines and the empty line that ends them. */
    static byte[] section(StringBuilder text, List<Field> fields) {
        for (Field field : fields) {
            text.append(field.name()).append(": ").append(field.value()).append("\r\n");
        }
        return text.append("\r\n").toString().getBytes(StandardCharsets.ISO_8859_1);
    }

    private HeadWriter() {}
}

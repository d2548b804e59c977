package io.postern.wire.protocol;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;

/** Messages written down field by field: hexadecimal digits, and text in quotes. */
final class Hex {

    private Hex() {}

    /** As in {@code 10 0e 0004 "MQTT" 04}. */
    static byte[] bytes(String fields) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        String[] parts = fields.split("\"", -1);
        for (int i = 0; i < parts.length; i++) {
            bytes.writeBytes(
                    i % 2 == 1
                            ? parts[i].translateEscapes().getBytes(StandardCharsets.ISO_8859_1)
                            : HexFormat.of().parseHex(parts[i].replaceAll("\\s", "")));
        }
        return bytes.toByteArray();
    }
}

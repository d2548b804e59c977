package io.postern.wire.dialogue;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/** What a peer says, written down with Java's escapes. */
final class Said {

    private Said() {}

    static byte[] bytes(String escaped) {
        return escaped.translateEscapes().getBytes(StandardCharsets.ISO_8859_1);
    }

    static ByteBuffer buffer(String escaped) {
        return ByteBuffer.wrap(bytes(escaped));
    }
}

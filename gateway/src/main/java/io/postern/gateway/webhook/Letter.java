package io.postern.gateway.webhook;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;

/**
 * What is told once.
 *
 * @param id the same for the same news, also after a restart: by it a receiver knows what it has had
 * @param about what of this name comes first is told first
 * @param sinceMillis when it came about, Unix time
 * @param body JSON
 */
@SuppressWarnings("ArrayRecordComponent") // Nobody compares letters.
public record Letter(String id, String about, long sinceMillis, byte[] body) {

    /** Of an id or a name, in bytes. */
    static final int MOST_NAME = 1_024;

    public Letter {
        if (id.isEmpty() || tooLong(id) || tooLong(about)) {
            throw new IllegalArgumentException("an id must have 1 to " + MOST_NAME + " bytes");
        }
    }

    private static boolean tooLong(String name) {
        return name.getBytes(UTF_8).length > MOST_NAME;
    }

    /** time: u64 | id, about: u16 length, UTF-8 each | body. */
    byte[] bytes() {
        byte[] name = id.getBytes(UTF_8);
        byte[] subject = about.getBytes(UTF_8);
        return ByteBuffer.allocate(Long.BYTES + 2 * Short.BYTES + name.length + subject.length + body.length)
                .putLong(sinceMillis)
                .putShort((short) name.length)
                .put(name)
                .putShort((short) subject.length)
                .put(subject)
                .put(body)
                .array();
    }

    /** @throws IllegalArgumentException when these are no letter */
    static Letter of(byte[] bytes) {
        try {
            ByteBuffer in = ByteBuffer.wrap(bytes);
            long since = in.getLong();
            String id = name(in);
            String about = name(in);
            byte[] body = new byte[in.remaining()];
            in.get(body);
            return new Letter(id, about, since, body);
        } catch (BufferUnderflowException e) {
            throw new IllegalArgumentException("a letter is cut short", e);
        }
    }

    private static String name(ByteBuffer in) {
        byte[] name = new byte[Short.toUnsignedInt(in.getShort())];
        in.get(name);
        return new String(name, UTF_8);
    }
}

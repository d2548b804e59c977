package io.postern.gateway.records;

import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.util.Arrays;

/**
 * One line of JSON in ASCII (RFC 8259): whatever is in a text can neither break the line nor reach a terminal raw. Its memory
 * is used again for the next line, and a name or a text of plain characters is copied as it is: records are most of what a
 * short flow costs. Names are the writer's own and plain. For one thread.
 */
final class JsonLine {

    private static final int FIRST = 4 * 1024;
    private static final int LONGEST_NUMBER = 20;
    /** Of one character: a backslash, {@code u} and four digits. */
    private static final int LONGEST_ESCAPE = 6;

    private static final byte[] HEX = ascii("0123456789ABCDEF");
    private static final byte[] TRUE = ascii("true");
    private static final byte[] FALSE = ascii("false");
    private static final byte[] LEAST = ascii(Long.toString(Long.MIN_VALUE));

    /** Where a number is written, from its end. */
    private final byte[] number = new byte[LONGEST_NUMBER];

    private byte[] line = new byte[FIRST];
    private int length;
    /** Whether what comes next stands beside something. */
    private boolean follows;

    /** Of a constant. */
    @SuppressWarnings("deprecation") // the low bytes of characters, which is what ASCII is
    static byte[] ascii(String text) {
        byte[] bytes = new byte[text.length()];
        text.getBytes(0, bytes.length, bytes, 0);
        return bytes;
    }

    /** Whatever became of the line before. */
    void begin() {
        length = 0;
        follows = false;
    }

    void writeStartObject() {
        open('{');
    }

    void writeEndObject() {
        close('}');
    }

    void writeStartArray() {
        open('[');
    }

    void writeEndArray() {
        close(']');
    }

    void writeObjectPropertyStart(String name) {
        name(name);
        writeStartObject();
    }

    void writeArrayPropertyStart(String name) {
        name(name);
        writeStartArray();
    }

    void writeStringProperty(String name, String value) {
        name(name);
        writeString(value);
    }

    void writeNumberProperty(String name, long value) {
        name(name);
        writeNumber(value);
    }

    /** What is not finite becomes a text. */
    void writeNumberProperty(String name, double value) {
        name(name);
        String text = Double.toString(value);
        if (Double.isFinite(value)) {
            raw(ascii(text));
        } else {
            writeString(text);
        }
    }

    void writeBooleanProperty(String name, boolean value) {
        name(name);
        raw(value ? TRUE : FALSE);
    }

    /** @param value JSON in ASCII */
    void writeRawProperty(String name, byte[] value) {
        name(name);
        raw(value);
    }

    void writeString(String value) {
        begin(value.length() + 2);
        line[length++] = '"';
        int plain = plain(value);
        copy(value, plain);
        if (plain < value.length()) {
            escape(value, plain);
        }
        room(1);
        line[length++] = '"';
    }

    void writeNumber(long value) {
        if (value == Long.MIN_VALUE) {
            raw(LEAST);
            return;
        }
        begin(LONGEST_NUMBER);
        long rest = value;
        if (rest < 0) {
            line[length++] = '-';
            rest = -rest;
        }
        int at = number.length;
        do {
            number[--at] = (byte) ('0' + rest % 10);
            rest /= 10;
        } while (rest > 0);
        int digits = number.length - at;
        System.arraycopy(number, at, line, length, digits);
        length += digits;
    }

    /** Writes it with its end. */
    void end(OutputStream out) {
        room(1);
        line[length++] = '\n';
        try {
            out.write(line, 0, length);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void open(char bracket) {
        begin(1);
        line[length++] = (byte) bracket;
        follows = false;
    }

    private void close(char bracket) {
        room(1);
        line[length++] = (byte) bracket;
        follows = true;
    }

    private void name(String name) {
        begin(name.length() + 3);
        line[length++] = '"';
        copy(name, name.length());
        line[length++] = '"';
        line[length++] = ':';
        follows = false;
    }

    private void raw(byte[] value) {
        begin(value.length);
        System.arraycopy(value, 0, line, length, value.length);
        length += value.length;
    }

    /** A value of so many bytes, with a comma before it if need be. */
    private void begin(int bytes) {
        room(bytes + 1);
        if (follows) {
            line[length++] = ',';
        }
        follows = true;
    }

    private void room(int more) {
        if (length + more > line.length) {
            line = Arrays.copyOf(line, Math.max(length + more, 2 * line.length));
        }
    }

    @SuppressWarnings("deprecation") // the low bytes of characters, which is what ASCII is
    private void copy(String text, int count) {
        text.getBytes(0, count, line, length);
        length += count;
    }

    /** How many characters go before the first that is escaped. */
    private static int plain(String text) {
        for (int i = 0; i < text.length(); i++) {
            if (escaped(text.charAt(i))) {
                return i;
            }
        }
        return text.length();
    }

    private static boolean escaped(char character) {
        return character < ' ' || character == '"' || character == '\\' || character >= 0x7F;
    }

    private void escape(String text, int from) {
        for (int i = from; i < text.length(); i++) {
            room(LONGEST_ESCAPE);
            char character = text.charAt(i);
            if (escaped(character)) {
                escape(character);
            } else {
                line[length++] = (byte) character;
            }
        }
    }

    private void escape(char character) {
        line[length++] = '\\';
        switch (character) {
            case '"', '\\' -> line[length++] = (byte) character;
            case '\b' -> line[length++] = 'b';
            case '\t' -> line[length++] = 't';
            case '\n' -> line[length++] = 'n';
            case '\f' -> line[length++] = 'f';
            case '\r' -> line[length++] = 'r';
            default -> {
                line[length++] = 'u';
                for (int shift = 12; shift >= 0; shift -= 4) {
                    line[length++] = HEX[character >> shift & 0xF];
                }
            }
        }
    }
}

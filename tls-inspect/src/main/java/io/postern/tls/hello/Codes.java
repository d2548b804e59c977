package io.postern.tls.hello;

import io.postern.wire.ByteCursor;
import java.util.Arrays;

/**
 * Code points of one TLS registry (cipher suites, extensions, groups …) in the order they were offered. Immutable, two
 * bytes each.
 */
public final class Codes {

    public static final Codes NONE = new Codes(new char[0]);

    private final char[] codes;

    private Codes(char[] codes) {
        this.codes = codes;
    }

    /** Each must be 0 to 65,535. */
    public static Codes of(int... codes) {
        char[] copy = new char[codes.length];
        for (int i = 0; i < codes.length; i++) {
            if (codes[i] < 0 || codes[i] > 0xFFFF) {
                throw new IllegalArgumentException("code is " + codes[i] + ", must be 0 to 65535");
            }
            copy[i] = (char) codes[i];
        }
        return new Codes(copy);
    }

    /** Whether this is one of the sixteen values reserved to be ignored, RFC 8701 section 2. */
    public static boolean grease(int code) {
        return (code & 0x0F0F) == 0x0A0A && code >> 8 == (code & 0xFF);
    }

    public int size() {
        return codes.length;
    }

    public int at(int index) {
        return codes[index];
    }

    public boolean contains(int code) {
        for (char each : codes) {
            if (each == code) {
                return true;
            }
        }
        return false;
    }

    /** In ascending order. */
    public Codes sorted() {
        char[] sorted = codes.clone();
        Arrays.sort(sorted);
        return new Codes(sorted);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Codes that && Arrays.equals(codes, that.codes);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(codes);
    }

    /** Four hexadecimal digits each, with commas. */
    @Override
    public String toString() {
        StringBuilder text = new StringBuilder(5 * codes.length);
        for (char code : codes) {
            text.append(text.isEmpty() ? "" : ",").append(Integer.toHexString(0x10000 | code), 1, 5);
        }
        return text.toString();
    }

    /** All that is left of a vector of two-byte codes; the caller has seen that it is of even length. */
    static Codes read16(ByteCursor vector) {
        char[] codes = new char[vector.remaining() / 2];
        for (int i = 0; i < codes.length; i++) {
            codes[i] = (char) vector.u16();
        }
        return new Codes(codes);
    }

    static Codes read8(ByteCursor vector) {
        char[] codes = new char[vector.remaining()];
        for (int i = 0; i < codes.length; i++) {
            codes[i] = (char) vector.u8();
        }
        return new Codes(codes);
    }

    /** The first {@code size} of an array nobody else keeps. */
    static Codes adopt(char[] codes, int size) {
        return new Codes(size == codes.length ? codes : Arrays.copyOf(codes, size));
    }
}

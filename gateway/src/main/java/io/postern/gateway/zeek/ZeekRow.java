package io.postern.gateway.zeek;

import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.EnumMap;
import java.util.Map;
import java.util.Set;

/** The values of one line, each as text; empty where the line has none. Filled in again for the next line. */
final class ZeekRow {

    /** No time that is, and none that a text may mean: the end of the year 9999, in microseconds. */
    private static final long LATEST = 253_402_300_799_999_999L;

    private static final int MICRO_DIGITS = 6;
    private static final int MOST_DIGITS = 18;

    private final Map<ZeekField, String> values = new EnumMap<>(ZeekField.class);

    void clear() {
        values.clear();
    }

    void set(ZeekField field, String value) {
        values.put(field, value);
    }

    String get(ZeekField field) {
        return values.getOrDefault(field, "");
    }

    boolean has(ZeekField field) {
        return !get(field).isEmpty();
    }

    Set<ZeekField> filled() {
        return values.keySet();
    }

    /** A whole number; negative where there is none. */
    long number(ZeekField field) {
        return digits(get(field));
    }

    /** Seconds with a fraction, or ISO 8601, as Unix time or length of time in microseconds; negative where there is none. */
    long micros(ZeekField field) {
        String text = get(field);
        int dot = text.indexOf('.');
        if (text.indexOf('T') > 0) {
            return date(text);
        }
        long seconds = digits(dot < 0 ? text : text.substring(0, dot));
        long micros = dot < 0 ? 0 : fraction(text.substring(dot + 1));
        return seconds < 0 || micros < 0 || seconds > LATEST / 1_000_000 ? -1 : seconds * 1_000_000 + micros;
    }

    private static long fraction(String digits) {
        if (digits.isEmpty()) {
            return 0;
        }
        String kept = digits.length() > MICRO_DIGITS ? digits.substring(0, MICRO_DIGITS) : digits;
        long value = digits(kept);
        for (int i = kept.length(); value >= 0 && i < MICRO_DIGITS; i++) {
            value *= 10;
        }
        return digits.length() > MICRO_DIGITS && digits(digits.substring(MICRO_DIGITS)) < 0 ? -1 : value;
    }

    private static long date(String text) {
        try {
            Instant at = Instant.parse(text);
            long seconds = at.getEpochSecond();
            return seconds < 0 || seconds > LATEST / 1_000_000 ? -1 : seconds * 1_000_000 + at.getNano() / 1_000;
        } catch (DateTimeParseException e) {
            return -1;
        }
    }

    private static long digits(String text) {
        if (text.isEmpty() || text.length() > MOST_DIGITS) {
            return -1;
        }
        long value = 0;
        for (int i = 0; i < text.length(); i++) {
            int digit = text.charAt(i) - '0';
            if (digit < 0 || digit > 9) {
                return -1;
            }
            value = value * 10 + digit;
        }
        return value;
    }
}

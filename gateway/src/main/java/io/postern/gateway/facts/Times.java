package io.postern.gateway.facts;

import java.time.DateTimeException;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.OptionalLong;

/** Times as RFC 3339 writes them, to the millisecond. */
final class Times {

    static final String RULE = "must be a time as RFC 3339 has it, with Z or an offset, from 1970 on";

    /** Of {@code 2026-10-09T08:15:23}. */
    private static final int SECONDS = 19;

    private static final int LONGEST = 35;

    private Times() {}

    /** Unix time in milliseconds; what is finer is cut off. */
    static OptionalLong millis(String text) {
        if (text.length() <= SECONDS || text.length() > LONGEST) {
            return OptionalLong.empty();
        }
        try {
            long millis = text.charAt(text.length() - 1) == 'Z' && text.charAt(10) == 'T'
                    ? inUtc(text)
                    : OffsetDateTime.parse(text).toInstant().toEpochMilli();
            return millis < 0 ? OptionalLong.empty() : OptionalLong.of(millis);
        } catch (DateTimeException | ArithmeticException e) {
            // The second of these: a year of nine digits is a date, and no number of milliseconds.
            return OptionalLong.empty();
        }
    }

    /** The form nearly all have, without the price of a general formatter. */
    private static long inUtc(String text) {
        if (text.charAt(4) != '-' || text.charAt(7) != '-' || text.charAt(13) != ':' || text.charAt(16) != ':') {
            throw new DateTimeException("no time");
        }
        long seconds = LocalDateTime.of(
                        digits(text, 0, 4),
                        digits(text, 5, 7),
                        digits(text, 8, 10),
                        digits(text, 11, 13),
                        digits(text, 14, 16),
                        digits(text, 17, 19))
                .toEpochSecond(ZoneOffset.UTC);
        return seconds * 1_000 + fraction(text);
    }

    private static int fraction(String text) {
        int end = text.length() - 1;
        if (end == SECONDS) {
            return 0;
        }
        if (text.charAt(SECONDS) != '.' || end == SECONDS + 1) {
            throw new DateTimeException("no time");
        }
        int millis = 0;
        for (int place = SECONDS + 1, worth = 100; place < end; place++, worth /= 10) {
            millis += digits(text, place, place + 1) * worth;
        }
        return millis;
    }

    private static int digits(String text, int from, int to) {
        int value = 0;
        for (int i = from; i < to; i++) {
            char digit = text.charAt(i);
            if (digit < '0' || digit > '9') {
                throw new DateTimeException("no time");
            }
            value = value * 10 + digit - '0';
        }
        return value;
    }
}

package io.postern.analytics.state;

/** First and last time in one long, in seconds since 1970: up to the year 2106. */
public final class Spans {

    private static final long SECONDS = 0xFFFFFFFFL;

    private Spans() {}

    public static long of(long millis) {
        return (second(millis) << 32) | second(millis);
    }

    public static long with(long span, long millis) {
        return joined(span, of(millis));
    }

    public static long firstMillis(long span) {
        return (span >>> 32) * 1000;
    }

    public static long lastMillis(long span) {
        return (span & SECONDS) * 1000;
    }

    public static long lastSecond(long span) {
        return span & SECONDS;
    }

    public static long joined(long one, long other) {
        return (Math.min(one >>> 32, other >>> 32) << 32) | Math.max(one & SECONDS, other & SECONDS);
    }

    private static long second(long millis) {
        return Math.max(0, Math.min(SECONDS, millis / 1000));
    }
}

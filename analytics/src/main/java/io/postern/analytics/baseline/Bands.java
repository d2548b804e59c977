package io.postern.analytics.baseline;

import io.postern.analytics.flow.Protocol;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * Numbers in bands wide enough that an app stays in a few of them, as texts that are made once.
 *
 * <pre>
 * bytes     below 256 B, 1 KiB, 4 KiB … 1 GiB, beyond     factor 4
 * rate      1, 2–3, 4–7 … 1024 and more flows an hour      factor 2
 * cadence   below 10 s, 1 m, 5 m, 15 m, 1 h, 6 h, 1 d, beyond
 * hours     four of a day of the week, UTC
 * </pre>
 */
final class Bands {

    private static final int SMALLEST_LOG = 8;
    private static final String[] BYTES = Stream.concat(
                    IntStream.range(0, 12).mapToObj(band -> "<" + size(1L << (SMALLEST_LOG + 2 * band))),
                    Stream.of(">=1GiB"))
            .toArray(String[]::new);

    private static final String[] RATES = IntStream.rangeClosed(0, 10)
            .mapToObj(
                    band -> band == 0 ? "1/h" : band == 10 ? ">=1024/h" : (1 << band) + "-" + ((2 << band) - 1) + "/h")
            .toArray(String[]::new);

    private static final List<List<String>> RATES_FROM = IntStream.range(0, RATES.length)
            .mapToObj(band -> List.of(RATES).subList(band, RATES.length))
            .toList();

    private static final long[] INTERVALS = {10, 60, 300, 900, 3_600, 21_600, 86_400};
    private static final String[] CADENCES = {"<10s", "<1m", "<5m", "<15m", "<1h", "<6h", "<1d", ">=1d"};

    private static final String[] HOURS = Stream.of("mon", "tue", "wed", "thu", "fri", "sat", "sun")
            .flatMap(day -> Stream.of("00-04", "04-08", "08-12", "12-16", "16-20", "20-24")
                    .map(hours -> day + " " + hours))
            .toArray(String[]::new);

    private static final long HOUR = 3_600_000;

    private Bands() {}

    private static String size(long bytes) {
        long kilo = bytes >> 10;
        return kilo == 0 ? bytes + "B" : kilo < 1_024 ? kilo + "KiB" : kilo < 1 << 20 ? (kilo >> 10) + "MiB" : "1GiB";
    }

    static String bytes(long count) {
        int log = 64 - Long.numberOfLeadingZeros(Math.max(0, count));
        return BYTES[Math.max(0, Math.min(BYTES.length - 1, (log - SMALLEST_LOG + 1) / 2))];
    }

    /** @param count one at least */
    static String rate(int count) {
        return RATES[Math.min(RATES.length - 1, 31 - Integer.numberOfLeadingZeros(Math.max(1, count)))];
    }

    /** The band of so many flows an hour and those above it. */
    static List<String> ratesFrom(int count) {
        return RATES_FROM.get(Math.min(RATES.length - 1, 31 - Integer.numberOfLeadingZeros(Math.max(1, count))));
    }

    static String cadence(long seconds) {
        int band = 0;
        while (band < INTERVALS.length && seconds >= INTERVALS[band]) {
            band++;
        }
        return CADENCES[band];
    }

    /** The week began on a Thursday in 1970. */
    static String hours(long millis) {
        long hour = Math.floorDiv(millis, HOUR);
        int day = (int) Math.floorMod(Math.floorDiv(hour, 24) + 3, 7L);
        return HOURS[day * 6 + (int) Math.floorMod(hour, 24L) / 4];
    }

    /** {@code tls:443}. */
    static String port(Protocol protocol, int port) {
        return protocol.label() + ":" + port;
    }

    /** {@code POST api}. */
    static String request(String method, String pathClass) {
        return method + " " + pathClass;
    }

    /** Whether it is what {@link #request} says of these, without making that. */
    static boolean isRequest(String text, String method, String pathClass) {
        return text.length() == method.length() + 1 + pathClass.length()
                && text.startsWith(method)
                && text.charAt(method.length()) == ' '
                && text.endsWith(pathClass);
    }

    /** All there are of a trait that has so few; empty for the others. */
    static List<String> all(Trait trait) {
        return switch (trait) {
            case BYTES_UP, BYTES_DOWN -> List.of(BYTES);
            case RATE -> List.of(RATES);
            case CADENCE -> List.of(CADENCES);
            case HOURS -> List.of(HOURS);
            case SERVICE_CLASS, DESTINATION, PORT, REQUEST, HEADERS, JA4, ALPN -> List.of();
        };
    }
}

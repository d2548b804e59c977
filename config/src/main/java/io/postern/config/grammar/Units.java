package io.postern.config.grammar;

import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Numbers with units: {@code 300ms 5s 5m 1h 30d} and {@code 512 512B 16KiB 100MB}. */
public final class Units {

    // Nine digits of the largest unit stay far inside a long.
    private static final Pattern QUANTITY = Pattern.compile("([0-9]{1,9})([A-Za-z]*)");

    private static final Map<String, Duration> TIMES = Map.of(
            "ms", Duration.ofMillis(1),
            "s", Duration.ofSeconds(1),
            "m", Duration.ofMinutes(1),
            "h", Duration.ofHours(1),
            "d", Duration.ofDays(1));

    private static final Map<String, Long> SIZES = Map.of(
            "", 1L,
            "B", 1L,
            "KB", 1_000L,
            "MB", 1_000_000L,
            "GB", 1_000_000_000L,
            "KiB", 1L << 10,
            "MiB", 1L << 20,
            "GiB", 1L << 30);

    private Units() {}

    /** A duration; the unit is one of {@code ms s m h d} and never left out. */
    public static Optional<Duration> duration(String text) {
        return quantity(text)
                .flatMap(parts -> Optional.ofNullable(TIMES.get(parts.group(2)))
                        .map(unit -> unit.multipliedBy(Long.parseLong(parts.group(1)))));
    }

    /** A number of bytes; without a unit it is bytes, {@code KB} is 1000 and {@code KiB} 1024. */
    public static Optional<Long> size(String text) {
        return quantity(text)
                .flatMap(parts -> Optional.ofNullable(SIZES.get(parts.group(2)))
                        .map(unit -> unit * Long.parseLong(parts.group(1))));
    }

    private static Optional<Matcher> quantity(String text) {
        Matcher parts = QUANTITY.matcher(text);
        return parts.matches() ? Optional.of(parts) : Optional.empty();
    }
}

package io.postern.gateway.access;

import io.postern.gateway.flows.Source;
import java.net.InetAddress;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * How often sources have shown wrong tokens: {@value #BURST} may be wrong at once, one more each {@value #REFILL_MILLIS}
 * ms. Beyond that nothing a source shows is looked at, so a wrong guess and a right one are answered alike.
 *
 * <p>Remembers the {@value #MAX_SOURCES} sources that failed last, one thread at a time.
 */
public final class Failures {

    static final int BURST = 20;
    static final long REFILL_MILLIS = 500;
    private static final long REFILL_NANOS = REFILL_MILLIS * 1_000_000;
    private static final int MAX_SOURCES = 1_024;

    /** To the time at which all is forgiven, in nanoseconds: each failure puts it off by one refill. */
    private final Map<Source, Long> sources = new LinkedHashMap<>(16, 0.75f, true) {
        @Override
        protected boolean removeEldestEntry(Map.Entry<Source, Long> eldest) {
            return size() > MAX_SOURCES;
        }
    };

    public boolean tooMany(InetAddress source, long nanos) {
        Long forgiven = sources.get(Source.of(source));
        return forgiven != null && forgiven - nanos > (BURST - 1) * REFILL_NANOS;
    }

    public void count(InetAddress source, long nanos) {
        Long forgiven = sources.get(Source.of(source));
        long from = forgiven == null || forgiven - nanos < 0 ? nanos : forgiven;
        sources.put(Source.of(source), from + REFILL_NANOS);
    }
}

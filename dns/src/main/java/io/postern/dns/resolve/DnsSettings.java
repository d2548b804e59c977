package io.postern.dns.resolve;

import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.xbill.DNS.ResolverConfig;

/**
 * Where names are asked, and the bounds of asking.
 *
 * @param upstreams {@value #SYSTEM} for the servers of resolv.conf, or IP address with optional port; asked in turn
 * @param timeout until an answer is given up, all attempts included; 100 ms to 1 min
 * @param cacheEntries names remembered, 0 to 1,000,000
 * @param lookups names being asked at the same time, at least 1; each is two questions
 */
public record DnsSettings(List<String> upstreams, Duration timeout, int cacheEntries, int lookups) {

    public static final String SYSTEM = "system";

    public static final DnsSettings DEFAULTS = new DnsSettings(List.of(SYSTEM), Duration.ofSeconds(5), 10_000, 1_024);

    private static final int PORT = 53;

    public DnsSettings {
        upstreams = List.copyOf(upstreams);
        if (upstreams.isEmpty()) {
            throw new IllegalArgumentException("upstreams is empty, must name at least one server");
        }
        upstreams.stream().filter(upstream -> !upstream.equals(SYSTEM)).forEach(DnsSettings::server);
        if (timeout.compareTo(Duration.ofMillis(100)) < 0 || timeout.compareTo(Duration.ofMinutes(1)) > 0) {
            throw new IllegalArgumentException("timeout is " + timeout.toMillis() + "ms, must be 100ms to 1m");
        }
        if (cacheEntries < 0 || cacheEntries > 1_000_000) {
            throw new IllegalArgumentException("cache-entries is " + cacheEntries + ", must be 0 to 1000000");
        }
        if (lookups < 1) {
            throw new IllegalArgumentException("lookups is " + lookups + ", must be at least 1");
        }
    }

    /** Attempts that share the timeout. */
    private static final int ATTEMPTS = 3;

    /** How long one attempt may take. */
    public Duration patience() {
        return timeout.dividedBy(ATTEMPTS);
    }

    /** The servers behind {@link #upstreams}. Reads the system's configuration, so it may block: for the start. */
    public List<InetSocketAddress> servers() {
        return upstreams.stream().flatMap(DnsSettings::servers).distinct().toList();
    }

    private static Stream<InetSocketAddress> servers(String upstream) {
        return upstream.equals(SYSTEM)
                ? ResolverConfig.getCurrentConfig().servers().stream()
                : Stream.of(server(upstream).orPort(PORT));
    }

    private static Endpoint server(String upstream) {
        return Endpoint.parse(upstream)
                .orElseThrow(() -> new IllegalArgumentException(
                        "upstreams has '" + upstream + "', must be " + SYSTEM + ", an IP address or IP:PORT"));
    }
}

package io.postern.dns.resolve;

import io.postern.dns.forward.Server;
import java.net.InetAddress;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.xbill.DNS.ResolverConfig;

/**
 * Where names are asked, and the bounds of asking.
 *
 * @param upstreams {@value #SYSTEM} for the servers of resolv.conf, or as {@link UpstreamText} has them; asked in turn
 * @param bootstrap addresses of those that are named, by lower-case name: they cannot be asked for their own
 * @param timeout until an answer is given up, all attempts included; 100 ms to 1 min
 * @param cacheEntries names remembered, 0 to 1,000,000
 * @param lookups names being asked at the same time, at least 1; each is two questions
 */
public record DnsSettings(
        List<String> upstreams,
        Map<String, List<InetAddress>> bootstrap,
        Duration timeout,
        int cacheEntries,
        int lookups) {

    public static final String SYSTEM = "system";

    public static final DnsSettings DEFAULTS = new DnsSettings(List.of(SYSTEM), Duration.ofSeconds(5), 10_000, 1_024);

    public DnsSettings {
        upstreams = List.copyOf(upstreams);
        if (upstreams.isEmpty()) {
            throw new IllegalArgumentException("upstreams is empty, must name at least one server");
        }
        bootstrap = Map.copyOf(bootstrap);
        for (String upstream : upstreams) {
            if (!upstream.equals(SYSTEM)) {
                servers(upstream, bootstrap);
            }
        }
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

    /** Of servers that need no names. */
    public DnsSettings(List<String> upstreams, Duration timeout, int cacheEntries, int lookups) {
        this(upstreams, Map.of(), timeout, cacheEntries, lookups);
    }

    /** Attempts that share the timeout. */
    private static final int ATTEMPTS = 3;

    /** How long one attempt may take. */
    public Duration patience() {
        return timeout.dividedBy(ATTEMPTS);
    }

    /** The servers behind {@link #upstreams}. Reads the system's configuration, so it may block: for the start. */
    public List<Server> servers() {
        return upstreams.stream()
                .flatMap(upstream -> upstream.equals(SYSTEM)
                        ? ResolverConfig.getCurrentConfig().servers().stream().map(Server::plain)
                        : servers(upstream, bootstrap))
                .distinct()
                .toList();
    }

    private static Stream<Server> servers(String text, Map<String, List<InetAddress>> bootstrap) {
        UpstreamText upstream = UpstreamText.parse(text)
                .orElseThrow(() -> new IllegalArgumentException("upstreams has '" + text + "', must be " + SYSTEM
                        + ", an IP address, IP:PORT, tls://HOST[:PORT] or https://HOST[:PORT]/PATH"));
        List<InetAddress> addresses = upstream.addresses(bootstrap);
        if (addresses.isEmpty()) {
            throw new IllegalArgumentException("upstreams has '" + text + "', must have its host in bootstrap");
        }
        return addresses.stream().map(upstream::at);
    }
}

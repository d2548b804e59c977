package io.postern.gateway.rules;

import io.postern.config.GatewaySettings;
import io.postern.config.ResponseSettings.Reachable;
import io.postern.config.grammar.Addresses;
import io.postern.config.grammar.HostPort;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/** What the settings let apps reach in spite of something. */
public final class Spared {

    private Spared() {}

    public static Reach in(List<Reachable> some) {
        return new Reach(some.stream().map(Spared::line).toList());
    }

    /** What is never broken: what is written, and where credentials are renewed. */
    public static Reach neverBroken(GatewaySettings settings) {
        return new Reach(Stream.concat(
                        settings.response().neverBreak().stream().map(Spared::line),
                        settings.identity().renewal().stream().map(Spared::renewal))
                .toList());
    }

    private static Reach.Line line(Reachable reachable) {
        return new Reach.Line(reachable.apps(), reachable.hosts(), reachable.ports());
    }

    /** Of {@code host} or {@code host:port}. */
    private static Reach.Line renewal(String host) {
        HostPort parts = HostPort.split(host);
        return new Reach.Line(
                Set.of(),
                List.of(Addresses.prefix(parts.host())
                        .map(Addresses.Prefix::toString)
                        .orElse(parts.host())),
                parts.port().flatMap(Addresses::port).map(Set::of).orElse(Set.of()));
    }
}

package io.postern.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import io.postern.config.policy.Policy;
import io.postern.gateway.rules.Judges;
import io.postern.gateway.rules.Rules;
import io.postern.wire.ip.Egress;
import io.postern.wire.ip.EgressRanges;
import io.postern.wire.ip.HostText;
import io.postern.wire.ip.OwnAddresses;
import io.postern.wire.ip.Prefix;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Clock;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class OwnAddressWatchTest {

    private static final int PORT = 8080;
    private static final List<Prefix> ALLOWED = List.of(Prefix.parse("10.0.0.0/8"));

    private final Judges judges = new Judges(
            new EgressRanges(ALLOWED, List.of(), OwnAddresses.NONE), new Rules(Policy.EMPTY), Clock.systemUTC());
    private final Set<InetAddress> host = new HashSet<>(Set.of(ip("10.0.0.1")));
    private boolean broken;

    @Test
    void anAddressTheHostGetsLaterIsProtectedAndOneItLosesIsNot() throws Exception {
        OwnAddressWatch watch = watch();
        assertThat(refused("10.0.0.1")).isTrue();
        assertThat(refused("10.0.0.2")).isFalse();

        host.add(ip("10.0.0.2"));
        watch.look();
        assertThat(refused("10.0.0.1")).isTrue();
        assertThat(refused("10.0.0.2")).isTrue();

        host.remove(ip("10.0.0.1"));
        watch.look();
        assertThat(refused("10.0.0.1")).isFalse();
    }

    @Test
    void whatIsKnownStaysProtectedWhileNothingCanBeLearnt() throws Exception {
        OwnAddressWatch watch = watch();
        broken = true;
        watch.look();
        assertThat(refused("10.0.0.1")).isTrue();
    }

    private OwnAddressWatch watch() throws IOException {
        return new OwnAddressWatch(
                ALLOWED, List.of(), List.of(new InetSocketAddress(ip("0.0.0.0"), PORT)), judges, () -> {
                    if (broken) {
                        throw new IOException("planted");
                    }
                    return Set.copyOf(host);
                });
    }

    private boolean refused(String address) {
        return judges.network(ip(address), PORT) instanceof Egress.Refused;
    }

    private static InetAddress ip(String literal) {
        return ((HostText.Literal) HostText.of(literal)).address();
    }
}

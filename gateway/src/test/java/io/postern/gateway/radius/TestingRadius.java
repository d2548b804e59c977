package io.postern.gateway.radius;

import io.postern.config.Bind;
import io.postern.config.GatewaySettings;
import io.postern.config.GatewaySettings.DeviceAttribute;
import io.postern.gateway.e2e.TestingClock;
import io.postern.gateway.identity.AddressOwner;
import io.postern.gateway.identity.AssignedAddresses;
import io.postern.wire.ip.Prefix;
import java.io.IOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;

/** Accounting of two clients that share a secret: vpn at 192.0.2.5, and other, which speaks for 10.77.0.0/16 only. */
final class TestingRadius {

    static final String SECRET = "a shared secret of 32 characters";
    static final long NOW = 1_795_766_400;

    final TestingClock clock = new TestingClock(Instant.ofEpochSecond(NOW));
    final List<RadiusResult> results = new ArrayList<>();
    AssignedAddresses addresses = new AssignedAddresses(100);
    RadiusAccounting accounting;
    private final Path dir;

    TestingRadius(Path dir) throws IOException {
        this.dir = dir;
        accounting = accounting(new DeviceAttribute(0, 1, ""), false, false);
    }

    /**
     * @param marks whether a Message-Authenticator is required
     * @param stamps whether an Event-Timestamp is
     */
    RadiusAccounting accounting(DeviceAttribute device, boolean marks, boolean stamps) throws IOException {
        return accounting(device, marks, stamps, "192.0.2.5/32");
    }

    RadiusAccounting accounting(DeviceAttribute device, boolean marks, boolean stamps, String sources)
            throws IOException {
        Path secret = Files.writeString(dir.resolve("secret"), SECRET + "\n");
        return new RadiusAccounting(
                new GatewaySettings.Radius(
                        new Bind(InetAddress.getLoopbackAddress(), 0),
                        List.of(
                                new GatewaySettings.RadiusClient("vpn", List.of(sources), secret, List.of()),
                                new GatewaySettings.RadiusClient(
                                        "other", List.of("192.0.2.6/32"), secret, List.of("10.77.0.0/16"))),
                        device,
                        "work",
                        marks,
                        stamps,
                        Duration.ofMinutes(5),
                        Duration.ofHours(1),
                        3),
                addresses,
                clock,
                results::add);
    }

    /** From vpn. */
    Optional<String> heard(String hex) {
        return heard(HexFormat.of().parseHex(hex));
    }

    Optional<String> heard(byte[] request) {
        try {
            return accounting.heard(InetAddress.getByName("192.0.2.5"), request).map(HexFormat.of()::formatHex);
        } catch (UnknownHostException e) {
            throw new AssertionError(e);
        }
    }

    Optional<String> device(String prefix) {
        return addresses.at(Prefix.parse(prefix)).map(AddressOwner::tag).map(tag -> tag.device());
    }
}

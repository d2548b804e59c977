package io.postern.gateway.real;

import static io.postern.gateway.real.Networks.Place.DEVICE;
import static io.postern.gateway.real.Networks.Place.GATEWAY;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** A device on OpenVPN, whose server beside the gateway gives each certificate addresses of its own. */
@Tag("real")
class OpenVpnIT {

    private static final String COMMON = """
            dev tun0
            disable-dco
            persist-key
            cert %s
            key %s
            peer-fingerprint %s
            """;

    @TempDir
    private Path dir;

    @Test
    void aDeviceIsKnownByTheAddressOfItsCertificate() throws IOException {
        Files.writeString(dir.resolve("addresses.csv"), """
                address,device,profile,app,proof
                10.88.0.7,LC02,work,-,tunnel-key
                fd88::7,LC02,work,-,tunnel-key
                10.88.0.8,LC03,work,-,tunnel-key
                """);
        SelfSigned server = SelfSigned.mint(dir, "vpn.acme.test");
        SelfSigned device = SelfSigned.mint(dir, "LC02");
        Files.writeString(Files.createDirectory(dir.resolve("clients")).resolve("LC02"), """
                ifconfig-push 10.88.0.7 255.255.255.0
                ifconfig-ipv6-push fd88::7/64 fd88::1
                """);
        try (Networks networks = Networks.open(dir);
                RunningProgram world = networks.world(SelfSigned.mint(dir, "www.acme.test"));
                ServedGateway gateway = ServedGateway.start(networks, dir, """
                        listeners: [{name: tunnel, type: transparent, bind: '[::]:15001'}]
                        identity: {tenant: acme, tag-keys: [{id: k1, secret-file: k1}], addresses-file: addresses.csv}
                        upstream: {allow-networks: ['198.18.7.0/24', '2001:db8:7::/64']}
                        """, "")) {
            networks.postern("network up --config postern.yaml --interface tun0");
            try (RunningProgram serving = start(networks, GATEWAY, server, device, """
                            server 10.88.0.0 255.255.255.0
                            server-ipv6 fd88::/64
                            topology subnet
                            client-config-dir clients
                            ccd-exclusive
                            dh none
                            keepalive 5 20
                            push "redirect-gateway def1 ipv6"
                            """);
                    RunningProgram connected = start(networks, DEVICE, device, server, """
                            client
                            nobind
                            remote 192.0.2.1 1194 udp
                            """)) {
                connected.awaitOutput(Pattern.compile("Initialization Sequence Completed"));
                assertThat(networks.run(DEVICE, "curl -sS -m 10 http://198.18.7.2/"))
                        .isEqualTo("198.18.7.1");
                assertThat(networks.run(DEVICE, "curl -sS -m 10 'http://[2001:db8:7::2]/'"))
                        .isEqualTo("2001:db8:7::1");
                expectOwner(gateway, "10.88.0.7");
                expectOwner(gateway, "fd88::7");

                // OpenVPN takes from a client what is its own, so nobody speaks for LC03.
                networks.run(DEVICE, "ip address add 10.88.0.8/32 dev tun0");
                assertThat(networks.tried(DEVICE, "curl -s -m 2 --interface 10.88.0.8 http://198.18.7.2/")
                                .exit())
                        .isEqualTo(28);
                assertThat(networks.seenPast()).isZero();
                assertThat(serving.alive()).isTrue();
            }
            assertThat(world.alive()).isTrue();
            gateway.stop();
        }
    }

    private RunningProgram start(Networks networks, Networks.Place place, SelfSigned own, SelfSigned other, String more)
            throws IOException {
        String fingerprint = networks.run(place, "openssl x509 -noout -fingerprint -sha256 -in " + other.certificate())
                .replaceAll(".*=", "");
        Path file = Files.writeString(
                dir.resolve(place + ".ovpn"), COMMON.formatted(own.certificate(), own.key(), fingerprint) + more);
        return networks.program(place, "openvpn", "openvpn").start("--config", file.toString());
    }

    private static void expectOwner(ServedGateway gateway, String address) {
        JsonNode line =
                gateway.record(each -> each.at("/src_endpoint/ip").asString().equals(address));
        assertThat(line.at("/device/uid").asString()).isEqualTo("LC02");
        assertThat(line.at("/unmapped/postern/device_assurance").asString()).isEqualTo("tunnel-key");
        assertThat(line.at("/unmapped/postern/app_assurance").asString()).isEqualTo("none");
    }
}

package io.postern.gateway.real;

import static io.postern.gateway.real.Networks.Place.DEVICE;
import static io.postern.gateway.real.Networks.Place.GATEWAY;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.postern.gateway.real.Networks.Place;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** Devices on VPNs whose daemon ends them beside the gateway, and gives each device addresses of its own. */
@Tag("real")
class OtherVpnsIT {

    @TempDir
    private Path dir;

    private Networks networks;
    private RunningProgram world;
    private ServedGateway gateway;

    @BeforeEach
    void start() throws IOException {
        Files.writeString(dir.resolve("addresses.csv"), """
                address,device,profile,app,proof
                10.88.0.7,LC02,work,-,tunnel-key
                fd88::7,LC02,work,-,tunnel-key
                10.88.0.8,LC03,work,-,tunnel-key
                """);
        networks = Networks.open(dir);
        world = networks.world(SelfSigned.mint(dir, "www.acme.test"));
        gateway = ServedGateway.start(networks, dir, """
                listeners: [{name: tunnel, type: transparent, bind: '[::]:15001'}]
                identity: {tenant: acme, tag-keys: [{id: k1, secret-file: k1}], addresses-file: addresses.csv}
                upstream: {allow-networks: ['198.18.7.0/24', '2001:db8:7::/64']}
                """, "");
    }

    @AfterEach
    void stop() {
        try {
            gateway.stop();
        } finally {
            gateway.close();
            world.close();
            networks.close();
        }
    }

    @Test
    void openVpn() throws IOException {
        SelfSigned server = SelfSigned.mint(dir, "vpn.acme.test");
        SelfSigned device = SelfSigned.mint(dir, "LC02");
        Files.writeString(Files.createDirectory(dir.resolve("clients")).resolve("LC02"), """
                ifconfig-push 10.88.0.7 255.255.255.0
                ifconfig-ipv6-push fd88::7/64 fd88::1
                """);
        networks.postern("network up --config postern.yaml --interface tun0");
        try (RunningProgram serving = openVpn(GATEWAY, server, device, """
                        server 10.88.0.0 255.255.255.0
                        server-ipv6 fd88::/64
                        topology subnet
                        client-config-dir clients
                        ccd-exclusive
                        dh none
                        push "redirect-gateway def1 ipv6"
                        """);
                RunningProgram connected = openVpn(DEVICE, device, server, """
                        client
                        nobind
                        remote 192.0.2.1 1194 udp
                        """)) {
            connected.awaitOutput(Pattern.compile("Initialization Sequence Completed"));
            expectFlows("tun0");
            assertThat(serving.alive()).isTrue();
        }
    }

    private RunningProgram openVpn(Place place, SelfSigned own, SelfSigned other, String more) throws IOException {
        String fingerprint = networks.run(place, "openssl x509 -noout -fingerprint -sha256 -in " + other.certificate())
                .replaceAll(".*=", "");
        Path file = Files.writeString(
                dir.resolve(place + ".ovpn"),
                "dev tun0\ndisable-dco\ncert " + own.certificate() + "\nkey " + own.key() + "\npeer-fingerprint "
                        + fingerprint + "\n" + more);
        return networks.program(place, "openvpn", "openvpn").start("--config", file.toString());
    }

    /** IPsec in user space: strongSwan's kernel-libipsec, whose interface a kernel's own IPsec has not. */
    @Test
    void strongSwan() throws IOException {
        networks.postern("network up --config postern.yaml --interface ipsec0");
        try (RunningProgram serving = charon(GATEWAY);
                RunningProgram connecting = charon(DEVICE)) {
            swanctl(GATEWAY, serving, """
                    connections {
                      LC02 {
                        pools = LC02-4, LC02-6
                        local { auth = psk
                          id = vpn.acme.test }
                        remote { auth = psk
                          id = LC02 }
                        children { all { local_ts = 0.0.0.0/0, ::/0 } }
                      }
                    }
                    pools {
                      LC02-4 { addrs = 10.88.0.7/32 }
                      LC02-6 { addrs = fd88::7/128 }
                    }
                    """);
            swanctl(DEVICE, connecting, """
                    connections {
                      gateway {
                        remote_addrs = 192.0.2.1
                        vips = 0.0.0.0, ::
                        local { auth = psk
                          id = LC02 }
                        remote { auth = psk
                          id = vpn.acme.test }
                        children { all { remote_ts = 0.0.0.0/0, ::/0 } }
                      }
                    }
                    """);
            networks.run(DEVICE, "swanctl --initiate --child all --uri unix://" + dir + "/DEVICE.vici");
            expectFlows("ipsec0");
        }
    }

    private RunningProgram charon(Place place) throws IOException {
        Path settings = Files.writeString(dir.resolve(place + ".strongswan"), """
                charon {
                  load = random nonce sha1 sha2 hmac aes kdf gcm openssl pem pkcs1 x509 pubkey kernel-libipsec kernel-netlink socket-default vici updown
                  plugins {
                    vici { socket = unix://%s/%s.vici }
                    kernel-libipsec { allow_peer_ts = yes }
                    kernel-netlink { fwmark = !0x42 }
                    socket-default { fwmark = 0x42 }
                  }
                }
                """.formatted(dir, place));
        // Both want /run to themselves.
        return Program.ofDebian("/usr/lib/ipsec/charon", "/usr/lib/ipsec/plugins/libstrongswan-kernel-libipsec.so", dir)
                .with("STRONGSWAN_CONF", settings.toString())
                .behind(networks.entry(place))
                .behind(List.of("unshare", "--mount", "sh", "-c", "mount -t tmpfs tmpfs /run && exec \"$0\""))
                .start();
    }

    private void swanctl(Place place, RunningProgram charon, String settings) throws IOException {
        Path file = Files.writeString(
                dir.resolve(place + ".swanctl"),
                settings + "secrets { ike-1 { secret = \"a secret of the tests, long enough.\" } }\n");
        // Its log is not to be waited for: it says nothing at once.
        await().until(() -> Files.exists(dir.resolve(place + ".vici")) || !charon.alive());
        Program.ofDebian("/usr/sbin/swanctl", "/usr/share/doc/strongswan-swanctl", dir);
        networks.run(place, "swanctl --load-all --file " + file + " --uri unix://" + dir + "/" + place + ".vici");
    }

    /** Of the device, by both families; of nobody else, for each daemon takes from a client only what is its own. */
    private void expectFlows(String tunnel) {
        assertThat(networks.run(DEVICE, "curl -sS -m 10 http://198.18.7.2/")).isEqualTo("198.18.7.1");
        assertThat(networks.run(DEVICE, "curl -sS -m 10 'http://[2001:db8:7::2]/'"))
                .isEqualTo("2001:db8:7::1");
        expectOwner("10.88.0.7");
        expectOwner("fd88::7");
        networks.run(DEVICE, "ip address add 10.88.0.8/32 dev " + tunnel);
        assertThat(networks.tried(DEVICE, "curl -s -m 2 --interface 10.88.0.8 http://198.18.7.2/")
                        .exit())
                .isEqualTo(28);
        assertThat(networks.seenPast()).isZero();
    }

    private void expectOwner(String address) {
        JsonNode line =
                gateway.record(each -> each.at("/src_endpoint/ip").asString().equals(address));
        assertThat(line.at("/device/uid").asString()).isEqualTo("LC02");
        assertThat(line.at("/unmapped/postern/device_assurance").asString()).isEqualTo("tunnel-key");
        assertThat(line.at("/unmapped/postern/app_assurance").asString()).isEqualTo("none");
    }
}

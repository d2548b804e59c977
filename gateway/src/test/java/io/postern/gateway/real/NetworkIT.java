package io.postern.gateway.real;

import static io.postern.gateway.real.Networks.Place.DEVICE;
import static io.postern.gateway.real.Networks.Place.GATEWAY;
import static io.postern.gateway.real.Networks.Place.INTERNET;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * What {@code network up} and {@code down} do to a host that forwards, on a plain link: to its rules, and to what a
 * device can reach past the gateway.
 */
@Tag("real")
class NetworkIT {

    private static final String SETTINGS = """
            listeners: [{name: tunnel, type: transparent, bind: '[::]:15001'}]
            identity: {tenant: acme, tag-keys: [{id: k1, secret-file: k1}], addresses-file: addresses.csv}
            upstream: {allow-networks: ['198.18.7.0/24', '2001:db8:7::/64']}
            """;

    @TempDir
    private Path dir;

    private Networks networks;
    private RunningProgram world;

    @BeforeEach
    void build() throws IOException {
        Files.writeString(dir.resolve("addresses.csv"), """
                address,device,profile,app
                192.0.2.2,LC01,work,-
                2001:db8:2::2,LC01,work,-
                """);
        networks = Networks.open(dir);
        world = networks.world(SelfSigned.mint(dir, "www.acme.test"));
        networks.run(DEVICE, "ip route add default via 192.0.2.1; ip -6 route add default via 2001:db8:2::1");
    }

    @AfterEach
    void end() {
        world.close();
        networks.close();
    }

    @Test
    void upTwiceIsOnceAndDownLeavesEverythingElse() throws IOException {
        try (ServedGateway gateway = ServedGateway.start(networks, dir, SETTINGS, "")) {
            gateway.stop();
        }
        networks.run(GATEWAY, """
                nft 'table inet other { chain prerouting { type filter hook prerouting priority mangle; } }'
                for family in -4 -6; do
                  ip $family rule add fwmark 0x9 table 77
                  ip $family route add local default dev lo table 77
                done""");
        String before = rules();

        down();
        assertThat(rules()).isEqualTo(before);
        up();
        String up = rules();
        assertThat(up).contains("table inet postern", "fwmark 0x50 lookup 5015");
        up();
        assertThat(rules()).isEqualTo(up);
        up("--exclude", "10.1.0.0/16");
        assertThat(rules()).contains("10.1.0.0/16");
        down();
        assertThat(rules()).isEqualTo(before);
        down();
        assertThat(rules()).isEqualTo(before);
    }

    @Test
    void nothingPassesTheGatewayWhetherItRunsOrNot() throws IOException {
        assertThat(seenAs("198.18.7.2")).isEqualTo("192.0.2.2");
        assertThat(seenAs("[2001:db8:7::2]")).isEqualTo("2001:db8:2::2");
        assertThat(networks.echoes(DEVICE, "198.18.7.2")).isTrue();
        assertThat(networks.echoes(DEVICE, "2001:db8:7::2")).isTrue();
        assertThat(networks.echoes(INTERNET, "192.0.2.2")).isTrue();

        try (ServedGateway gateway = ServedGateway.start(networks, dir, SETTINGS, "")) {
            up();
            expectNoWayPast();
            assertThat(seenAs("198.18.7.2")).isEqualTo("198.18.7.1");
            assertThat(seenAs("[2001:db8:7::2]")).isEqualTo("2001:db8:7::1");
            gateway.stop();
        }
        long before = networks.seenPast();
        // Not reset: who asks once more while the gateway restarts gets through.
        assertThat(networks.tried(DEVICE, "curl -s -m 2 http://198.18.7.2/").exit())
                .isEqualTo(28);
        assertThat(networks.tried(DEVICE, "curl -s -m 2 'http://[2001:db8:7::2]/'")
                        .exit())
                .isEqualTo(28);
        expectNoWayPast();
        assertThat(networks.seenPast()).isEqualTo(before);

        down();
        assertThat(seenAs("198.18.7.2")).isEqualTo("192.0.2.2");
    }

    @Test
    void whatIsExcludedIsReachedPastIt() throws IOException {
        try (ServedGateway gateway = ServedGateway.start(networks, dir, SETTINGS, "")) {
            up("--exclude", "198.18.7.3", "2001:db8:7::/64");
            assertThat(seenAs("198.18.7.3")).isEqualTo("192.0.2.2");
            assertThat(seenAs("[2001:db8:7::2]")).isEqualTo("2001:db8:2::2");
            assertThat(seenAs("198.18.7.2")).isEqualTo("198.18.7.1");
            gateway.stop();
        }
    }

    /** By what no listener takes, in either direction; and the device is told of datagrams at once. */
    private void expectNoWayPast() {
        long before = networks.seenPast();
        assertThat(networks.echoes(DEVICE, "198.18.7.2")).isFalse();
        assertThat(networks.echoes(DEVICE, "2001:db8:7::2")).isFalse();
        for (String server : new String[] {"198.18.7.2", "2001:db8:7::2"}) {
            assertThat(networks.run(DEVICE, """
                    python3 - %s <<'END'
                    import socket, sys
                    family, *_, address = socket.getaddrinfo(sys.argv[1], 443, type=socket.SOCK_DGRAM)[0]
                    with socket.socket(family, socket.SOCK_DGRAM) as client:
                        client.settimeout(5)
                        client.connect(address)
                        client.send(b"anybody?")
                        try:
                            client.recv(100)
                        except ConnectionRefusedError:
                            print("refused")
                    END""".formatted(server))).isEqualTo("refused");
        }
        assertThat(networks.seenPast()).isEqualTo(before);
        assertThat(networks.echoes(INTERNET, "192.0.2.2")).isFalse();
    }

    private String seenAs(String server) {
        return networks.run(DEVICE, "curl -sS -m 10 'http://" + server + "/'");
    }

    private String rules() {
        return networks.run(GATEWAY, """
                nft -s list ruleset
                for family in -4 -6; do
                  ip $family rule
                  for table in 77 5015; do ip $family route show table $table 2>/dev/null || true; done
                done""");
    }

    private void up(String... more) throws IOException {
        networks.postern("network up --config postern.yaml --interface home0 " + String.join(" ", more));
    }

    private void down() throws IOException {
        networks.postern("network down");
    }
}

package io.postern.gateway.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import io.postern.gateway.real.Networks;
import io.postern.gateway.real.Networks.Place;
import java.io.IOException;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * How much of what a client sends as fast as it can still reaches the server after the moment that decides against it, by way in
 * and by what decides. Counted where it arrives: what the gateway's kernel had not sent by then is counted too. How much that is, is the
 * machine's and its load's, so it is told and not asserted; asserted is that each is cut, by what decided, and that no more has come than
 * the gateway's record owns to. A few rounds each; docs/development.md has the command for figures.
 */
@Tag("real")
class EscapeIT {

    private static final String HOST = "c2.evil.example";

    /** The last resort, as the test's own is: each wait has a deadline, and a hundred rounds take a fraction of it. */
    private static final int LED_MINUTES = 30;

    /** What every gateway of these has beside its listeners. */
    static final String SETTINGS = """
            response: {quarantine: {entries: 10000}}
            limits: {flows: 200}
            datagrams: {sessions: 100}
            analytics: {AN1793: {mode: enforce, enforce-without: {reason: trial, approver: ciso, until: 2099-12-31}}}
            """;

    @TempDir
    Path dir;

    /** {@code proxy-protocol} is what a concentrator in front of the gateway brings. */
    private enum Entry {
        CONNECT,
        SOCKS5,
        PROXY_PROTOCOL
    }

    @Test
    @Timeout(value = 1, unit = TimeUnit.HOURS, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
    void whatIsDecidedAgainstIsCut() throws Exception {
        System.out.println(EscapeRounds.HEAD);
        overLoopback();
        ledByTproxy();
    }

    private void overLoopback() throws Exception {
        String settings = """
                listeners:
                  - {name: apps, type: http-connect, bind: '127.0.0.1:0'}
                  - {name: socks, type: socks5, bind: '127.0.0.1:0', udp: true}
                  - {name: concentrator, type: proxy-protocol, bind: '127.0.0.1:0', trusted-sources: ['127.0.0.1/32']}
                upstream: {allow-networks: ['127.0.0.0/8'], hosts: {c2.evil.example: 127.0.0.1}}
                """ + SETTINGS;
        try (TestingGateway gateway =
                        TestingGateway.start(Files.createDirectory(dir.resolve("loopback")), settings, "rules: []\n");
                ServerSocket origin = new ServerSocket(0, 16, InetAddress.getLoopbackAddress())) {
            origin.setSoTimeout((int) Pouring.PATIENCE.toMillis());
            List<EscapeRounds.Way> ways = new ArrayList<>();
            for (Entry entry : Entry.values()) {
                ways.add(new Connecting(entry, gateway, origin));
            }
            ways.add(new Associating(gateway));
            new EscapeRounds(gateway).print(ways);
        }
    }

    private record Connecting(Entry entry, TestingGateway gateway, ServerSocket origin) implements EscapeRounds.Way {

        @Override
        public String label() {
            return switch (entry) {
                case CONNECT -> "connect";
                case SOCKS5 -> "socks5";
                case PROXY_PROTOCOL -> "proxy-protocol";
            };
        }

        @Override
        public String destination() {
            return entry == Entry.PROXY_PROTOCOL ? "127.0.0.1" : HOST;
        }

        @Override
        public Pouring open(int number) throws IOException {
            TestingConnection client = client(EscapeRounds.app(number), HOST + ":" + origin.getLocalPort());
            return new Pouring.Bytes(client.socket(), origin.accept());
        }

        private TestingConnection client(String app, String target) throws IOException {
            return switch (entry) {
                case CONNECT -> TestingClient.tunnel(gateway, target, app);
                case SOCKS5 -> TestingSocks.tunnel(TestingClient.to(gateway.address("socks")), app, target);
                case PROXY_PROTOCOL ->
                    TestingClient.to(gateway.address("concentrator"))
                            .send(TestingProxy.header(
                                    "127.0.0.1:" + origin.getLocalPort(), TestingProxy.tag(TestingGateway.tag(app))));
            };
        }
    }

    private record Associating(TestingGateway gateway) implements EscapeRounds.Way {

        @Override
        public String label() {
            return "socks5-udp";
        }

        @Override
        public String destination() {
            return HOST;
        }

        @Override
        public Pouring open(int number) throws IOException {
            TestingAssociation client =
                    TestingAssociation.open(gateway, "socks", TestingGateway.tag(EscapeRounds.app(number)));
            DatagramSocket server = new DatagramSocket(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
            return new Pouring.Datagrams(
                    new Pouring.Client() {
                        @Override
                        public void send(byte[] datagram) throws IOException {
                            client.send(HOST, server.getLocalPort(), datagram);
                        }

                        @Override
                        public void close() throws IOException {
                            client.close();
                        }
                    },
                    server);
        }
    }

    /** TPROXY wants a network of its own, and so a process of its own: {@link LedEscape}, whose rows are told here. */
    private void ledByTproxy() throws Exception {
        Path folder = Files.createDirectory(dir.resolve("led"));
        try (Networks networks = Networks.open(folder)) {
            networks.run(Place.DEVICE, "ip route add default via 192.0.2.1");
            List<String> command = networks.entry(Place.GATEWAY);
            command.addAll(List.of(
                    Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                    "-Dpostern.rounds=" + EscapeRounds.ROUNDS,
                    "-cp",
                    System.getProperty("java.class.path"),
                    LedEscape.class.getName(),
                    folder.toString()));
            Path out = folder.resolve("out");
            Process process = new ProcessBuilder(command)
                    .redirectErrorStream(true)
                    .redirectOutput(out.toFile())
                    .start();
            try {
                boolean over = process.waitFor(LED_MINUTES, TimeUnit.MINUTES);
                assertThat(over && process.exitValue() == 0)
                        .as("%s", Files.readString(out))
                        .isTrue();
            } finally {
                process.destroyForcibly();
            }
            List<String> rows = Files.readAllLines(out).stream()
                    .filter(line -> line.startsWith("| "))
                    .toList();
            rows.forEach(System.out::println);
            assertThat(rows).hasSize(6);
        }
    }
}

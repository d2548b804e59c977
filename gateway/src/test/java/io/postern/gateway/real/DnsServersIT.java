package io.postern.gateway.real;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** unbound and BIND as servers: one is killed and comes back, then the other, while dnsperf asks. */
@Tag("real")
class DnsServersIT {

    private static final int PER_SECOND = 100;
    private static final int SECONDS = 10;
    private static final String ADDRESS = "198.41.0.4";

    @TempDir
    private Path dir;

    @ParameterizedTest
    @ValueSource(strings = {"plain", "tls", "https"})
    void nobodyNoticesThatAServerIsKilled(String how) throws Exception {
        SelfSigned certificate = SelfSigned.mint(dir, "dns.acme.test");
        Server unbound = new Server(freePort(), how) {
            @Override
            RunningProgram start() throws IOException {
                return unbound(this, certificate);
            }
        };
        Server bind = new Server(freePort(), how) {
            @Override
            RunningProgram start() throws IOException {
                return bind(this, certificate);
            }
        };
        try (unbound;
                bind) {
            unbound.begin();
            bind.begin();
            try (ServedGateway gateway =
                    ServedGateway.start(dir, """
                    listeners: [{name: names, type: dns, bind: '127.0.0.1:0', networks: ['127.0.0.0/8']}]
                    identity: {tenant: acme, tag-keys: [{id: k1, secret-file: k1}]}
                    dns:
                      upstreams: ['%s', '%s']
                      bootstrap: {dns.acme.test: 127.0.0.1}
                      ca-file: '%s'
                      queries-per-second: 100000
                      timeout: 6s
                    """.formatted(unbound.url(), bind.url(), certificate.certificate()), "")) {
                // A gateway that has just started is slower than it is patient with servers on a busy machine.
                Program dnsperf = Program.installed("dnsperf", "dnsperf", dir);
                dnsperf.run(load(gateway, "warm", 3));
                try (RunningProgram load = dnsperf.start(load(gateway, "names", SECONDS))) {
                    // It tells of each second that it has asked.
                    load.awaitOutput(seconds(2));
                    unbound.kill();
                    load.awaitOutput(seconds(4));
                    unbound.begin();
                    load.awaitOutput(seconds(6));
                    bind.kill();
                    load.awaitOutput(seconds(8));
                    bind.begin();
                    assertThat(load.awaitExit(Duration.ofSeconds(30))).isZero();
                    assertThat(figure(load.out(), "Queries sent:\\s+(\\d+)")).isGreaterThan(PER_SECOND * (SECONDS - 2));
                    assertThat(figure(load.out(), "Queries lost:\\s+(\\d+)")).isZero();
                    assertThat(figure(load.out(), "NOERROR (\\d+)"))
                            .as(load.out())
                            .isEqualTo(figure(load.out(), "Queries completed:\\s+(\\d+)"));
                }
            }
        }
    }

    /** Questions for names of its own, none twice. */
    private List<String> load(ServedGateway gateway, String names, int seconds) throws IOException {
        Files.writeString(
                dir.resolve(names),
                IntStream.range(0, PER_SECOND * (seconds + 2))
                        .mapToObj(each -> names + each + ".acme.test A\n")
                        .collect(Collectors.joining()));
        return List.of(
                "-s", "127.0.0.1",
                "-p", Integer.toString(gateway.port("names")),
                "-d", dir.resolve(names).toString(),
                "-l", Integer.toString(seconds),
                "-Q", Integer.toString(PER_SECOND),
                "-S", "1",
                "-t", "7");
    }

    /** What is told of so many of them, a line each. */
    private static Pattern seconds(int count) {
        return Pattern.compile("(?:\\n\\d+\\.\\d+: \\S+){" + count + "}");
    }

    private static int figure(String text, String pattern) {
        return Pattern.compile(pattern)
                .matcher(text)
                .results()
                .mapToInt(found -> Integer.parseInt(found.group(1)))
                .findFirst()
                .orElse(0);
    }

    /** One that is killed and begun anew. */
    private abstract static class Server implements AutoCloseable {

        final int port;
        final String how;
        private @Nullable RunningProgram running;

        Server(int port, String how) {
            this.port = port;
            this.how = how;
        }

        abstract RunningProgram start() throws IOException;

        void begin() throws IOException {
            running = start();
        }

        void kill() {
            Objects.requireNonNull(running).signal("KILL");
            running.close();
        }

        String url() {
            return switch (how) {
                case "tls" -> "tls://dns.acme.test:" + port;
                case "https" -> "https://dns.acme.test:" + port + "/dns-query";
                default -> "127.0.0.1:" + port;
            };
        }

        @Override
        public void close() {
            if (running != null) {
                running.close();
            }
        }
    }

    private RunningProgram unbound(Server server, SelfSigned certificate) throws IOException {
        String tls = server.how.equals("plain")
                ? ""
                : "tls-service-key: \"%s\"\ntls-service-pem: \"%s\"\n%s: %d\n"
                        .formatted(
                                certificate.key(),
                                certificate.certificate(),
                                server.how.equals("tls") ? "tls-port" : "https-port",
                                server.port);
        return NameServers.unbound(dir, server.port, tls + """
                local-zone: "acme.test." redirect
                local-data: "acme.test. 60 A %s"
                """.formatted(ADDRESS));
    }

    private RunningProgram bind(Server server, SelfSigned certificate) throws IOException {
        String listen =
                switch (server.how) {
                    case "tls" -> "port %d tls ours".formatted(server.port);
                    case "https" -> "port %d tls ours http default".formatted(server.port);
                    default -> "port %d".formatted(server.port);
                };
        Files.writeString(dir.resolve("zone"), """
                $TTL 60
                @ SOA localhost. root.localhost. 1 1h 15m 30d 1h
                  NS localhost.
                * A %s
                """.formatted(ADDRESS));
        return NameServers.bind(
                dir, listen, "recursion no;", """
                tls ours { key-file "%s"; cert-file "%s"; };
                zone "acme.test" { type primary; file "zone"; };
                """.formatted(certificate.key(), certificate.certificate()));
    }

    /** A server that shows another's certificate is told of in the log, and not asked. */
    @Test
    void aServerOfAnotherNameIsNotAsked() throws Exception {
        SelfSigned certificate = SelfSigned.mint(dir, "dns.acme.test");
        Server unbound = new Server(freePort(), "tls") {
            @Override
            RunningProgram start() throws IOException {
                return unbound(this, certificate);
            }
        };
        try (unbound) {
            unbound.begin();
            try (ServedGateway gateway =
                    ServedGateway.start(dir, """
                    listeners: [{name: names, type: dns, bind: '127.0.0.1:0', networks: ['127.0.0.0/8']}]
                    identity: {tenant: acme, tag-keys: [{id: k1, secret-file: k1}]}
                    dns: {upstreams: ['tls://127.0.0.1:%d'], ca-file: '%s', timeout: 3s}
                    """.formatted(unbound.port, certificate.certificate()), "")) {
                Program.Ended ended = Program.installed("kdig", "knot-dnsutils", dir)
                        .run("@127.0.0.1", "-p", Integer.toString(gateway.port("names")), "www.acme.test", "A");
                assertThat(ended.out()).contains("SERVFAIL");
                gateway.awaitLog("dns server not reached server=tls://127.0.0.1:" + unbound.port);
            }
        }
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }
}

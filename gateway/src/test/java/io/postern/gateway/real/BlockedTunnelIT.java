package io.postern.gateway.real;

import static io.postern.gateway.real.Networks.Place.DEVICE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * What a device on WireGuard sees when it is blocked: docs/blocked.md. It does not know of the gateway, so that there is
 * nobody to say no but by a page, a reset or silence. At open: {@link WireGuardIT}.
 */
@Tag("real")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class BlockedTunnelIT {

    private static final String SERVER = "198.18.7.2";
    private static final long LARGE = 1L << 30;
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private final Deque<AutoCloseable> opened = new ArrayDeque<>();
    private Path dir = Path.of("");
    private WireGuardTunnel tunnel;

    @BeforeAll
    void connect(@TempDir Path folder) throws IOException {
        dir = folder;
        tunnel = new WireGuardTunnel(dir, opened);
    }

    @AfterAll
    void end() throws Exception {
        try {
            tunnel.gateway.stop();
        } finally {
            while (!opened.isEmpty()) {
                opened.pop().close();
            }
        }
    }

    @Test
    void whatLivesIsCutByAQuarantineAndComesBackWithItsRelease() throws IOException {
        try (RunningProgram page = device("curl", "curl", "-sSN", "-m", "60", "http://" + SERVER + "/slow?600");
                RunningProgram tls = device("curl", "curl", "-sSkN", "-m", "60", "https://" + SERVER + "/slow?600");
                RunningProgram datagrams = device("python3", "python3", "datagrams.py", "until", SERVER, "7000");
                RunningProgram quic = quic()) {
            page.awaitOutput(Pattern.compile(" 1\n"));
            tls.awaitOutput(Pattern.compile(" 1\n"));
            datagrams.awaitOutput(Pattern.compile("alive\n"));
            await().atMost(PATIENCE).until(() -> fetched() > 0);

            String id = contain();
            for (RunningProgram each : new RunningProgram[] {page, tls}) {
                assertThat(each.awaitExit()).as(each.story("exit code")).isEqualTo(56);
                assertThat(each.err()).contains("Connection reset by peer");
            }
            assertThat(datagrams.awaitExit()).as(datagrams.story("exit code")).isZero();
            assertThat(datagrams.out()).endsWith("alive\nnothing\n");
            assertThat(quic.awaitExit())
                    .as("it gives up: " + quic.story("exit code"))
                    .isZero();
            assertThat(fetched()).isLessThan(LARGE);

            assertThat(tunnel.networks.run(DEVICE, "curl -sS -m 30 -i http://" + SERVER + "/"))
                    .startsWith("HTTP/1.1 403 ")
                    .contains("In quarantine: this device. Odd.");
            assertThat(tunnel.networks.run(
                            DEVICE,
                            "curl -sS -m 30 -o /dev/null -w '%{http_code}' -H 'Host: connectivitycheck.gstatic.com' http://"
                                    + SERVER + "/generate_204"))
                    .isEqualTo("204");
            assertThat(tunnel.networks
                            .tried(DEVICE, "curl -sSk -m 30 https://" + SERVER + "/")
                            .exit())
                    .isIn(7, 35, 56);

            quarantine("release " + id + " --reason harmless");
            assertThat(tunnel.networks.run(DEVICE, "curl -sS -m 30 http://" + SERVER + "/"))
                    .isEqualTo("198.18.7.1");
        }
        for (String protocol : new String[] {"http", "tls", "unknown", "quic"}) {
            JsonNode line = tunnel.gateway.record(
                    each -> each.at("/app_name").asString().equals(protocol)
                            && each.at("/disposition_id").asInt() == 3
                            && each.at("/traffic/bytes_in").asInt() > 0);
            assertThat(line.at("/firewall_rule/name").asString()).startsWith("quarantine:");
        }
    }

    private String contain() throws IOException {
        String told = quarantine("add --device LC01 --reason Odd. --json");
        return JsonMapper.shared().readTree(told).at("/id").asString();
    }

    private String quarantine(String words) throws IOException {
        return tunnel.networks.postern("quarantine " + words + " --url http://127.0.0.1:" + tunnel.gateway.adminPort()
                + " --token-file var/admin/token");
    }

    /** A download that would take long. */
    private RunningProgram quic() throws IOException {
        try (FileChannel file = FileChannel.open(
                dir.resolve("served/large"), StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
            // With nothing in it but its length.
            file.write(ByteBuffer.allocate(1), LARGE - 1);
        }
        Files.createDirectory(dir.resolve("fetched"));
        return device(
                "gtlsclient",
                "ngtcp2-client",
                "-q",
                "--exit-on-all-streams-close",
                "--handshake-timeout=20s",
                "--timeout=5s",
                "--download=" + dir.resolve("fetched"),
                "--sni=" + WireGuardTunnel.NAME,
                SERVER,
                "443",
                "https://" + WireGuardTunnel.NAME + "/large");
    }

    /** Bytes that have come by QUIC. */
    private long fetched() throws IOException {
        Path file = dir.resolve("fetched/large");
        return Files.exists(file) ? Files.size(file) : 0;
    }

    private RunningProgram device(String program, String debianPackage, String... arguments) {
        return tunnel.networks.program(DEVICE, program, debianPackage).start(arguments);
    }
}

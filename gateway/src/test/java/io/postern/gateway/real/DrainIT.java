package io.postern.gateway.real;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** The process at its end: what runs may finish, nothing new begins, and every record is on disk. */
@Tag("real")
class DrainIT {

    private static final int LENGTH = 1_000_000;

    @TempDir
    private Path dir;

    @Test
    void aDownloadThatRunsAtSigtermIsFinished() throws Exception {
        CountDownLatch halfSent = new CountDownLatch(1);
        CountDownLatch goOn = new CountDownLatch(1);
        try (WebOrigin origin = WebOrigin.plain()) {
            origin.on("/halves", exchange -> {
                byte[] content = WebOrigin.content(LENGTH);
                exchange.sendResponseHeaders(200, LENGTH);
                try (OutputStream out = exchange.getResponseBody()) {
                    out.write(content, 0, LENGTH / 2);
                    out.flush();
                    halfSent.countDown();
                    awaited(goOn);
                    out.write(content, LENGTH / 2, LENGTH - LENGTH / 2);
                }
            });
            String settings = """
                    listeners: [{name: apps, type: http-connect, bind: '127.0.0.1:0'}]
                    identity: {tenant: acme, tag-keys: [{id: k1, secret-file: k1}]}
                    upstream: {allow-networks: ['127.0.0.0/8'], hosts: {'www.acme.test:80': '127.0.0.1:%d'}}
                    """.formatted(origin.port());
            try (ServedGateway gateway = ServedGateway.start(dir, settings, "")) {
                int port = gateway.port("apps");
                assertThat(gateway.admin("/readyz").statusCode()).isEqualTo(200);
                Path config = Files.writeString(
                        dir.resolve("curl.conf"), gateway.enroll(gateway.url("apps"), "com.acme.mail"));
                try (RunningProgram curl = Program.installed("curl", "curl", dir)
                        .start("-q", "-sS", "-K", config.toString(), "-o", "got", "http://www.acme.test/halves")) {
                    awaited(halfSent);
                    gateway.terminate();
                    gateway.awaitLog(" draining flows=1");
                    gateway.awaitRefusal(port);
                    assertThat(gateway.admin("/livez").statusCode()).isEqualTo(200);
                    assertThat(gateway.admin("/readyz").statusCode()).isEqualTo(503);
                    goOn.countDown();
                    assertThat(curl.awaitExit()).as(curl.story("exit code")).isZero();
                }
                gateway.ended();
                assertThat(Arrays.equals(Files.readAllBytes(dir.resolve("got")), WebOrigin.content(LENGTH)))
                        .isTrue();
                assertThat(gateway.records()).hasSize(1);
                JsonNode record = gateway.records().get(0);
                assertThat(record.at("/activity_id").asInt()).isEqualTo(2);
                assertThat(record.at("/traffic/bytes_in").asInt()).isGreaterThan(LENGTH);
            }
        }
    }

    private static void awaited(CountDownLatch latch) {
        try {
            assertThat(latch.await(60, TimeUnit.SECONDS)).isTrue();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError("interrupted", e);
        }
    }
}

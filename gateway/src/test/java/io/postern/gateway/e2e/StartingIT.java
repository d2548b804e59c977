package io.postern.gateway.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.postern.gateway.real.Ports;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A gateway that reads for long what it kept is alive and not ready, and whoever asks is told so. */
class StartingIT {

    private static final HttpClient HTTP = HttpClient.newHttpClient();

    @TempDir
    Path dir;

    @Test
    void whatReadsItsStateLivesAndTakesNothing() throws Exception {
        int admin = Ports.free();
        int apps = Ports.free();
        String settings = "admin: {bind: '127.0.0.1:" + admin + "'}\n"
                + "listeners: [{name: apps, type: http-connect, bind: '127.0.0.1:" + apps + "'}]\n";
        CountDownLatch reading = new CountDownLatch(1);
        CountDownLatch read = new CountDownLatch(1);
        CompletableFuture<TestingGateway> starting = CompletableFuture.supplyAsync(() -> {
            try {
                return TestingGateway.onDisk(dir, settings, store -> {
                    reading.countDown();
                    await(read);
                    return store;
                });
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        });
        try {
            await(reading);
            assertThat(get(admin, "/livez").statusCode()).isEqualTo(200);
            HttpResponse<String> unready = get(admin, "/readyz");
            assertThat(unready.statusCode()).isEqualTo(503);
            assertThat(unready.body()).contains("\"starting\"");
            for (String path : new String[] {"/metrics", "/v1/flows", "/openapi.yaml", "/nothing"}) {
                assertThat(get(admin, path).statusCode()).as(path).isEqualTo(503);
            }
            assertThatThrownBy(() -> new Socket(InetAddress.getLoopbackAddress(), apps))
                    .isInstanceOf(ConnectException.class);
        } finally {
            read.countDown();
        }
        try (TestingGateway gateway = starting.get(30, TimeUnit.SECONDS)) {
            assertThat(get(admin, "/readyz").statusCode()).isEqualTo(200);
            assertThat(TestingAdmin.of(gateway).get("/v1/flows").statusCode()).isEqualTo(200);
            new Socket(InetAddress.getLoopbackAddress(), apps).close();
        }
    }

    /** Nobody is left who says that a gateway lives which does not. */
    @Test
    void whatCannotStartLeavesNoListener() throws Exception {
        int admin = Ports.free();
        String settings = "admin: {bind: '127.0.0.1:" + admin + "'}\n";
        assertThatThrownBy(() -> TestingGateway.onDisk(dir, settings, store -> {
                    store.close();
                    throw new IllegalStateException("broken");
                }))
                .hasMessage("broken");
        try (TestingGateway again = TestingGateway.start(dir, settings, "")) {
            assertThat(TestingAdmin.of(again).get("/readyz").statusCode()).isEqualTo(200);
        }
    }

    private static void await(CountDownLatch latch) {
        try {
            if (!latch.await(30, TimeUnit.SECONDS)) {
                throw new AssertionError("nobody came");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError(e);
        }
    }

    private static HttpResponse<String> get(int port, String path) throws IOException, InterruptedException {
        return HTTP.send(
                HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path))
                        .timeout(Duration.ofSeconds(20))
                        .build(),
                BodyHandlers.ofString());
    }
}

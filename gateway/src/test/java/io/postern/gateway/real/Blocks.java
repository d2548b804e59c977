package io.postern.gateway.real;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpExchange;
import io.postern.analytics.Verdict;
import io.postern.gateway.e2e.TestingAdmin;
import io.postern.gateway.e2e.TestingFinding;
import io.postern.gateway.e2e.TestingGateway;
import io.postern.gateway.identity.CompactTag;
import java.io.IOException;
import java.io.OutputStream;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import tools.jackson.databind.JsonNode;

/**
 * A gateway that blocks at every point of a flow's life, and what it stands before: HTTP and HTTPS at every name. What is
 * cut is an app's, so that each test has its own.
 *
 * <pre>
 * open.acme.test    by its name, before anything is connected
 * late.acme.test    once its first bytes say what it speaks
 * slow.acme.test    goes on, slowly
 * live.acme.test    until something happens to its app
 * </pre>
 */
final class Blocks implements AutoCloseable {

    static final String REASON = "Being looked at.";
    static final String HELP = "Call 4711.";

    private static final String POLICY = """
            rules:
              - {name: no-open, when: {destination: [open.acme.test]}, action: block, mode: enforce}
              - {name: no-late, when: {destination: [late.acme.test], protocol: [tls, http, unknown]}, action: block, mode: enforce}
              - {name: slowly, when: {destination: [slow.acme.test]}, action: throttle, rate: 64KiB, mode: enforce}
            """;

    /** What may happen to an app while its flows live. */
    enum Event {
        /** An analytic in {@code enforce} has found enough to act on. */
        FINDING,
        /** Policy is written and reloaded that forbids the app. */
        POLICY,
        /** An operator contains the app. */
        QUARANTINE;

        /** The app it happens to, in one kind of test. */
        String app(String kind) {
            return "com.acme." + kind + "." + name().toLowerCase(Locale.ROOT);
        }
    }

    private final Path dir;
    private final WebOrigin plain;
    private final WebOrigin tls;
    private final EchoSocket echo;
    private final EchoDatagrams datagrams;
    private final TestingGateway gateway;
    private final CountDownLatch over = new CountDownLatch(1);
    private String policy = POLICY;

    /** @param dir of the test */
    Blocks(Path dir) throws IOException {
        this.dir = dir;
        plain = WebOrigin.plain();
        tls = WebOrigin.tls(SelfSigned.mint(dir, "live.acme.test").context());
        for (WebOrigin each : new WebOrigin[] {plain, tls}) {
            each.on("/live", this::untilCut);
        }
        echo = EchoSocket.start();
        datagrams = EchoDatagrams.start();
        gateway = TestingGateway.start(
                dir, """
                listeners:
                  - {name: apps, type: http-connect, bind: '127.0.0.1:0'}
                  - {name: socks, type: socks5, bind: '127.0.0.1:0', udp: true}
                datagrams: {sessions: 50}
                upstream:
                  allow-networks: ['127.0.0.0/8']
                  hosts:
                    'live.acme.test:80': '127.0.0.1:%1$d'
                    'live.acme.test:443': '127.0.0.1:%2$d'
                    'live.acme.test:8080': '127.0.0.1:%3$d'
                    'live.acme.test:7000': '127.0.0.1:%5$d'
                    'late.acme.test:7000': '127.0.0.1:%5$d'
                    'late.acme.test:80': '127.0.0.1:%1$d'
                    'late.acme.test:443': '127.0.0.1:%2$d'
                    'late.acme.test:8080': '127.0.0.1:%3$d'
                    'late.acme.test:2628': '127.0.0.1:%1$d'
                    'slow.acme.test:80': '127.0.0.1:%1$d'
                    'slow.acme.test:443': '127.0.0.1:%2$d'
                analytics: {AN1793: {mode: enforce, enforce-without: {reason: trial, approver: ciso, until: 2099-12-31}}}
                response: {never-break: [], quarantine: {help: %4$s}}
                """.formatted(plain.port(), tls.port(), echo.port(), HELP, datagrams.port()), POLICY);
    }

    /** What {@code /page} is, at every name. */
    void page(String html) {
        for (WebOrigin each : new WebOrigin[] {plain, tls}) {
            each.on("/page", exchange -> WebOrigin.answer(exchange, "text/html; charset=utf-8", html));
        }
    }

    /** A body that begins and does not end before its reader is gone, or the test. */
    private void untilCut(HttpExchange exchange) throws IOException {
        exchange.sendResponseHeaders(200, 0);
        try (OutputStream out = exchange.getResponseBody()) {
            while (!over.await(20, TimeUnit.MILLISECONDS)) {
                out.write("alive\n".getBytes(StandardCharsets.US_ASCII));
                out.flush();
            }
        } catch (InterruptedException stopping) {
            Thread.currentThread().interrupt();
        }
    }

    /** It has come into force when this returns. */
    void happens(Event what, String app) throws Exception {
        switch (what) {
            case FINDING ->
                gateway.gateway()
                        .findings()
                        .found(
                                new TestingFinding(
                                                TestingFinding.of("LC01").analytic(),
                                                "LC01",
                                                app,
                                                "live.acme.test",
                                                75,
                                                10,
                                                TestingFinding.of("LC01").evidence())
                                        .blocking(System.currentTimeMillis()),
                                Verdict.Action.ALERT,
                                "");
            case POLICY -> forbid(app);
            case QUARANTINE -> contain(app);
        }
    }

    private void forbid(String app) throws Exception {
        String applied = "postern_policy_reloads_total{result=\"applied\"}";
        double before = gateway.metric(applied);
        policy += "  - {name: %s, when: {app: %s}, action: block, mode: enforce}\n"
                .formatted(rule(Event.POLICY, app), app);
        Files.writeString(dir.resolve("policy.yaml"), policy);
        gateway.gateway().reload();
        gateway.awaitMetricAtLeast(applied, before + 1);
    }

    /** By the admin API, as an operator does. */
    private void contain(String app) throws Exception {
        HttpResponse<String> answer = TestingAdmin.of(gateway)
                .send(
                        "POST",
                        "/v1/quarantine",
                        "{\"device\": \"LC01\", \"profile\": \"work\", \"app\": \"" + app + "\", \"reason\": \""
                                + REASON + "\"}",
                        "content-type",
                        "application/json");
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(201);
    }

    /** The rule that a record names after {@link #happens}. */
    static String rule(Event what, String app) {
        return switch (what) {
            case FINDING -> "AN1793";
            case POLICY -> "no-" + app.replace('.', '-');
            case QUARANTINE -> "quarantine:.*";
        };
    }

    /** The record of the one flow of an app that was blocked; waits for it. */
    JsonNode blocked(String app) {
        return gateway.record(each -> each.at("/actor/app_uid").asString().equals(app)
                && each.at("/action_id").asInt() == 2);
    }

    int port(String listener) {
        return gateway.address(listener).getPort();
    }

    /** As {@code user:password}. */
    static String tag(String app) {
        CompactTag tag = TestingGateway.tag(app);
        return tag.user() + ":" + tag.password();
    }

    TestingGateway gateway() {
        return gateway;
    }

    @Override
    public void close() throws IOException {
        over.countDown();
        gateway.close();
        plain.close();
        tls.close();
        echo.close();
        datagrams.close();
    }
}

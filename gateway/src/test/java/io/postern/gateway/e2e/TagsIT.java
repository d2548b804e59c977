package io.postern.gateway.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import io.postern.gateway.identity.CompactTag;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.JsonNode;

/** Without a good tag nobody is let through, and nobody learns what was wrong with the one shown. */
@ExtendWith(QuietLog.class)
class TagsIT {

    @TempDir
    static Path dir;

    @TempDir
    Path own;

    private static TestingGateway gateway;
    /** Where nobody may come. */
    private static TestingOrigin origin;
    /** Where those who are let through come; the kernel accepts them. */
    private static TestingOrigin reached;

    @BeforeAll
    static void start() throws Exception {
        origin = new TestingOrigin();
        reached = new TestingOrigin();
        gateway = TestingGateway.start(dir);
    }

    @AfterAll
    static void leavesNothing() throws Exception {
        gateway.awaitNothingLeft();
        assertThat(origin.untouched()).isTrue();
        gateway.close();
        origin.close();
        reached.close();
    }

    static Stream<Arguments> bad() {
        CompactTag good = TestingGateway.tag(TestingClient.APP);
        String[] password = good.password().split("~", -1);
        return Stream.of(
                Arguments.of("missing", List.of()),
                Arguments.of("malformed", List.of("Basic !!!")),
                Arguments.of("malformed", List.of("Bearer " + good.password())),
                Arguments.of("malformed", List.of(basic("no colon"))),
                Arguments.of("malformed", List.of(basic(good.user() + ":" + "x".repeat(256)))),
                Arguments.of("malformed", List.of(basic("x".repeat(10_000) + ":"))),
                Arguments.of("malformed", List.of(basic(good.user() + ":" + password[0] + "~" + password[1]))),
                Arguments.of("malformed", List.of(TestingGateway.basic(good), TestingGateway.basic(good))),
                Arguments.of("wrong-tenant", List.of(TestingGateway.basic(TestingGateway.tag("k1", "other", good)))),
                Arguments.of("unknown-key", List.of(TestingGateway.basic(TestingGateway.tag("k9", "acme", good)))),
                Arguments.of(
                        "forged",
                        List.of(basic(good.user() + ":"
                                + String.join("~", "com.acme.other", password[1], password[2], password[3])))),
                Arguments.of("forged", List.of(basic(good.user().replace("LC01", "LC02") + ":" + good.password()))),
                Arguments.of(
                        "forged",
                        List.of(basic(good.user() + ":"
                                + String.join("~", password[0], password[1] + "0", password[2], password[3])))),
                Arguments.of(
                        "expired",
                        List.of(TestingGateway.basic(TestingGateway.tag(TestingClient.APP, Duration.ofSeconds(-1))))));
    }

    @ParameterizedTest
    @MethodSource("bad")
    void isRefusedInTheSameWordsWhateverIsWrong(String reason, List<String> credentials) throws Exception {
        String sample = "postern_tags_rejected_total{reason=\"" + reason + "\"}";
        String errors = "postern_client_errors_total{ingress=\"http-connect\",reason=\"unauthenticated\"}";
        double before = gateway.metric(sample);
        double errorsBefore = gateway.metric(errors);
        assertThat(answer(credentials)).isEqualTo(answer(List.of()));
        double refused = reason.equals("missing") ? 2 : 1;
        gateway.awaitMetric(sample, before + refused);
        gateway.awaitMetric(errors, errorsBefore + 2);
    }

    @Test
    void theAnswerAsksForATagAndCloses() throws Exception {
        assertThat(answer(List.of()))
                .startsWith("HTTP/1.1 407 Proxy Authentication Required\r\n"
                        + "Proxy-Authenticate: Basic realm=\"postern\"\r\n")
                .contains("\r\nConnection: close\r\n");
    }

    /** The scheme's name is case-insensitive, RFC 9110 section 11.1. */
    @Test
    void anySpellingOfBasicWillDo() throws Exception {
        try (TestingOrigin here = new TestingOrigin();
                TestingConnection client = TestingClient.to(gateway)) {
            client.send("CONNECT " + here.authority() + " HTTP/1.1\r\nhost: " + here.authority()
                    + "\r\nproxy-authorization: bAsIc "
                    + TestingGateway.basic(TestingGateway.tag(TestingClient.APP))
                            .substring(6) + "\r\n\r\n");
            assertThat(client.head()).startsWith("HTTP/1.1 200 ");
            here.accept().close();
        }
    }

    @Test
    void anExpiredTagReachesWhereItIsRenewedAndNothingElse() throws Exception {
        String settings = "identity: {tenant: acme, tag-keys: [{id: k1, secret-file: k1}],"
                + " renewal: ['renew.acme.example:443']}\n"
                + hosts("renew.acme.example", "mail.acme.example");
        String expired = "Proxy-Authorization: "
                + TestingGateway.basic(TestingGateway.tag(TestingClient.APP, Duration.ofSeconds(-1))) + "\r\n";
        try (TestingGateway strict = TestingGateway.start(own, settings, "")) {
            assertThat(asked(strict, "mail.acme.example:443", expired)).startsWith("HTTP/1.1 407 ");
            assertThat(asked(strict, "renew.acme.example:8443", expired)).startsWith("HTTP/1.1 407 ");
            assertThat(asked(strict, "renew.acme.example:443", expired)).startsWith("HTTP/1.1 200 ");
            assertThat(strict.record(record -> true).at("/device/uid").asString())
                    .isEqualTo("LC01");
            strict.awaitMetric("postern_tags_rejected_total{reason=\"expired\"}", 3);
            // The two that were refused never were flows.
            assertThat(strict.records()).hasSize(1);
        }
    }

    /** A connection that is kept does not keep its tag alive. */
    @Test
    void aTagThatExpiresOpensNoFurtherRequest() throws Exception {
        TestingClock clock = new TestingClock(Instant.now());
        try (TestingGateway some = TestingGateway.start(own, "", "", clock);
                TestingOrigin here = new TestingOrigin();
                TestingConnection client = TestingClient.to(some)) {
            String request = TestingClient.get(here, "/", TestingClient.APP);
            client.send(request);
            try (TestingConnection server = here.accept()) {
                server.head();
                server.send("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n");
                assertThat(client.head()).startsWith("HTTP/1.1 200 OK\r\n");
                clock.pass(Duration.ofHours(12));
                client.send(request);
                assertThat(client.head()).startsWith("HTTP/1.1 407 ");
            }
        }
    }

    @Test
    void theUnattributedGetTheShortListOfPorts() throws Exception {
        String settings = "identity: {tenant: acme, tag-keys: [{id: k1, secret-file: k1}], unattributed: admit}\n"
                + hosts("mail.acme.example");
        try (TestingGateway open = TestingGateway.start(own, settings, "")) {
            for (int port : new int[] {80, 443, 465, 587, 853, 993, 5222, 5228}) {
                assertThat(asked(open, "mail.acme.example:" + port, "")).startsWith("HTTP/1.1 200 ");
            }
            for (int port : new int[] {22, 25, 8443, 5229}) {
                assertThat(asked(open, "mail.acme.example:" + port, ""))
                        .startsWith("HTTP/1.1 403 Forbidden\r\nProxy-Status: postern; error=http_request_denied\r\n");
            }
            JsonNode line =
                    open.record(record -> record.at("/dst_endpoint/port").asInt() == 443);
            assertThat(line.at("/actor/app_uid").asString()).isEqualTo("-");
            assertThat(line.at("/unmapped/postern/device_assurance").asString()).isEqualTo("none");
            open.record(record -> record.at("/dst_endpoint/port").asInt() == 5229
                    && record.at("/activity_id").asInt() == 5);
            // A bad tag is no better than none, and recorded as what it is.
            assertThat(asked(open, "mail.acme.example:443", "Proxy-Authorization: Basic eA==\r\n"))
                    .startsWith("HTTP/1.1 200 ");
            open.record(record ->
                    record.at("/unmapped/postern/device_assurance").asString().equals("invalid"));
        }
    }

    @Test
    void nobodyMayUsePort25() throws Exception {
        try (TestingGateway some = TestingGateway.start(own, hosts("mail.acme.example"), "")) {
            assertThat(asked(some, "mail.acme.example:25", TestingClient.authorization(TestingClient.APP)))
                    .startsWith("HTTP/1.1 403 Forbidden\r\n");
            assertThat(some.record(record -> true).at("/disposition_id").asInt())
                    .isEqualTo(2);
        }
    }

    private static String answer(List<String> credentials) throws Exception {
        StringBuilder request = new StringBuilder(
                "CONNECT " + origin.authority() + " HTTP/1.1\r\nHost: " + origin.authority() + "\r\n");
        credentials.forEach(
                some -> request.append("Proxy-Authorization: ").append(some).append("\r\n"));
        try (TestingConnection client = TestingClient.to(gateway)) {
            return client.send(request + "\r\n").rest();
        }
    }

    /** The head of the answer; the client then breaks off. */
    private static String asked(TestingGateway some, String target, String authorization) throws Exception {
        TestingConnection client = TestingClient.to(some);
        String head = client.send(
                        "CONNECT " + target + " HTTP/1.1\r\nHost: " + target + "\r\n" + authorization + "\r\n")
                .head();
        client.reset();
        return head;
    }

    private static String hosts(String... names) {
        StringBuilder hosts = new StringBuilder("upstream: {allow-networks: ['127.0.0.0/8'], hosts: {");
        for (String name : names) {
            hosts.append(name).append(": '").append(reached.authority()).append("', ");
        }
        return hosts + "}}\n";
    }

    private static String basic(String pair) {
        return "Basic " + Base64.getEncoder().encodeToString(pair.getBytes(StandardCharsets.US_ASCII));
    }
}

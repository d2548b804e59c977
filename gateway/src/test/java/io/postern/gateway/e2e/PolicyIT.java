package io.postern.gateway.e2e;

import static io.postern.gateway.e2e.TestingOrigin.behind;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;

/** What policy forbids ends in words the client understands, at the earliest moment it can be known. */
@ExtendWith(QuietLog.class)
class PolicyIT {

    /** record: 15 | 03 xx | 0002 | fatal(2) access_denied(49), RFC 8446 sections 5.1 and 6. */
    private static final String ACCESS_DENIED = "(?s)\\x15\\x03.\\x00\\x02\\x02\\x31";

    /** More than is read at once, less than what is worth reading of a refused request. */
    private static final String UPLOAD = "x".repeat(900_000);

    private static final String POLICY = """
            categories: {mail: {}, games: {}}
            roles:
              mail-client:
                destinations: ['*.role.example', '127.0.0.9/32']
                ports: {tls: [443], http: [80]}
                outside: {action: block, mode: enforce}
              watched-client:
                destinations: ['*.role.example']
                outside: {action: block, mode: shadow}
            apps:
              com.acme.mail: {category: mail, approved: true}
              com.acme.game: {category: games}
              com.acme.strict: {role: mail-client, approved: true}
              com.acme.watched: {role: watched-client, approved: true}
            service-classes:
              leaks: {domains: ['*.paste.example']}
            rules:
              - {name: by-name, when: {destination: 'bad.example'}, action: block, mode: enforce}
              - {name: by-pattern, when: {destination: '*.worse.example'}, action: block, mode: enforce}
              - {name: by-prefix, when: {destination: '127.0.0.2/32'}, action: block, mode: enforce}
              - {name: by-class, when: {service-class: leaks}, action: block, mode: enforce}
              - {name: by-port, when: {port: '6660-6669'}, action: block, mode: enforce}
              - {name: by-app, when: {app: com.acme.banned}, action: block, mode: enforce}
              - {name: by-category, when: {category: games}, action: block, mode: enforce}
              - {name: by-tls, when: {app: com.acme.notls, protocol: tls}, action: block, mode: enforce}
              - {name: by-http, when: {app: com.acme.nohttp, protocol: http}, action: block, mode: enforce}
              - {name: by-unknown, when: {app: com.acme.nounknown, protocol: unknown}, action: block, mode: enforce}
              - {name: alerting, when: {app: com.acme.alerting}, action: alert, mode: enforce}
              - {name: softly, when: {app: com.acme.softly}, action: block, mode: alert}
              - {name: shadowed, when: {app: com.acme.shadowed}, action: block, mode: shadow}
              - {name: switched-off, when: {app: com.acme.off}, action: block, mode: off}
              - {name: lifted, when: {destination: 'lifted.example'}, action: block, mode: enforce}
              - {name: lapsed, when: {destination: 'lapsed.example'}, action: block, mode: enforce}
            exceptions:
              - {rule: lifted, app: com.acme.mail, owner: it, reason: 'tested', until: 2999-12-31}
              - {rule: by-port, app: com.acme.dev, protocol: tls, port: 6667, owner: dev-tools, reason: 'staging', until: 2999-12-31}
              - {rule: lapsed, app: com.acme.mail, owner: it, reason: 'tested', until: 2020-01-01}
            """;

    @TempDir
    static Path dir;

    private static TestingOrigin origin;
    private static TestingGateway gateway;

    @BeforeAll
    static void start() throws Exception {
        origin = new TestingOrigin();
        StringBuilder hosts = new StringBuilder();
        for (String name : new String[] {
            "bad.example",
            "a.worse.example",
            "good.example",
            "x.paste.example",
            "lifted.example",
            "lapsed.example",
            "in.role.example",
            "out.example"
        }) {
            hosts.append(name).append(": '").append(origin.authority()).append("', ");
        }
        gateway = TestingGateway.start(
                dir,
                "upstream: {allow-networks: ['127.0.0.0/8'], hosts: {" + hosts
                        + "two.example: '127.0.0.2', nine.example: '127.0.0.9:9'}}\n"
                        + "sniff: {server-first: 10s, timeout: 10s}\n",
                POLICY);
    }

    @AfterAll
    static void leavesNothing() throws Exception {
        gateway.awaitNothingLeft();
        assertThat(origin.untouched()).isTrue();
        gateway.close();
        origin.close();
    }

    @ParameterizedTest(name = "{2}")
    @CsvSource({
        "com.acme.mail,   bad.example:443,     by-name",
        "com.acme.mail,   BAD.example.:443,    by-name",
        "com.acme.mail,   a.worse.example:443, by-pattern",
        "com.acme.mail,   two.example:443,     by-prefix",
        "com.acme.mail,   127.0.0.2:443,       by-prefix",
        "com.acme.mail,   x.paste.example:443, by-class",
        "com.acme.mail,   good.example:6667,   by-port",
        "com.acme.banned, good.example:443,    by-app",
        "com.acme.game,   good.example:443,    by-category",
        "com.acme.mail,   lapsed.example:443,  lapsed",
        "com.acme.other,  lifted.example:443,  lifted",
        "com.acme.strict, out.example:443,     role:mail-client",
        "com.acme.strict, 127.0.0.8:443,       role:mail-client"
    })
    void isRefusedBeforeAnyDial(String app, String target, String rule) throws Exception {
        try (TestingConnection client = TestingClient.to(gateway)) {
            String answer = client.send(TestingClient.connect(target, app)).rest();
            assertThat(answer)
                    .startsWith("HTTP/1.1 403 Forbidden\r\nProxy-Status: postern; error=http_request_denied\r\n")
                    .contains("\r\nCache-Control: no-store\r\n", "\nReason: " + rule + "\n");
            String id = answer.substring(answer.indexOf("Flow: ") + 6).trim();
            JsonNode line = gateway.record(
                    record -> record.at("/connection_info/uid").asString().equals(id));
            assertThat(line.at("/activity_id").asInt()).isEqualTo(5);
            assertThat(line.at("/disposition_id").asInt()).isEqualTo(2);
            assertThat(line.at("/action_id").asInt()).isEqualTo(2);
            assertThat(line.at("/firewall_rule/name").asString()).isEqualTo(rule);
        }
    }

    @Test
    void anAbsoluteFormIsRefusedAlike() throws Exception {
        try (TestingConnection client = TestingClient.to(gateway)) {
            client.send("GET http://bad.example/ HTTP/1.1\r\nHost: bad.example\r\n"
                    + TestingClient.authorization("com.acme.mail") + "\r\n");
            assertThat(client.rest()).startsWith("HTTP/1.1 403 Forbidden\r\n").contains("\nReason: by-name\n");
        }
    }

    /** Closing on a client that still sends would reset it, and the reset overtake the page. */
    @Test
    void aLargeUploadIsToldItsRefusal() throws Exception {
        try (TestingConnection client = TestingClient.to(gateway)) {
            // So little room on the way that only what is read can be sent.
            client.socket().setSendBufferSize(1 << 14);
            CompletableFuture<Void> sending = behind(() -> {
                client.send("POST http://bad.example/ HTTP/1.1\r\nHost: bad.example\r\nContent-Length: "
                        + UPLOAD.length() + "\r\n" + TestingClient.authorization("com.acme.mail") + "\r\n" + UPLOAD);
            });
            assertThat(client.message())
                    .startsWith("HTTP/1.1 403 Forbidden\r\n")
                    .contains("\nReason: by-name\n");
            sending.join();
            assertThat(client.rest()).isEmpty();
        }
    }

    @Test
    void tlsEndsWithAnAlertBeforeTheServerSawAByte() throws Exception {
        try (TestingConnection client = tunnel("com.acme.notls", "good.example:443");
                TestingConnection server = origin.accept()) {
            client.send(TestingHello.bytes("good.example"));
            assertThat(client.rest()).matches(ACCESS_DENIED);
            assertThat(server.untilGone()).isEmpty();
            expectCut("com.acme.notls", "by-tls");
        }
    }

    /** The name in the hello condemns, whatever the tunnel was asked for. */
    @Test
    void aHelloToAForbiddenNameEndsAlike() throws Exception {
        try (TestingConnection client = tunnel("com.acme.fronting", "good.example:443");
                TestingConnection server = origin.accept()) {
            client.send(TestingHello.bytes("bad.example"));
            assertThat(client.rest()).matches(ACCESS_DENIED);
            assertThat(server.untilGone()).isEmpty();
            expectCut("com.acme.fronting", "by-name");
        }
    }

    @Test
    void httpInATunnelEndsWithAPage() throws Exception {
        try (TestingConnection client = tunnel("com.acme.nohttp", "good.example:8000");
                TestingConnection server = origin.accept()) {
            client.send("GET / HTTP/1.1\r\nHost: good.example\r\n\r\n");
            assertThat(client.rest()).startsWith("HTTP/1.1 403 Forbidden\r\n").contains("\nReason: by-http\n");
            assertThat(server.untilGone()).isEmpty();
            expectCut("com.acme.nohttp", "by-http");
        }
    }

    @Test
    void anythingElseIsReset() throws Exception {
        try (TestingConnection client = tunnel("com.acme.nounknown", "good.example:443");
                TestingConnection server = origin.accept()) {
            client.send("\377\1\2");
            assertThatThrownBy(client::rest).isInstanceOf(IOException.class).hasMessageContaining("reset");
            assertThat(server.untilGone()).isEmpty();
            expectCut("com.acme.nounknown", "by-unknown");
        }
    }

    /** What the server said first is not shown to a client that may not hear it. */
    @Test
    void aServerThatSpeaksFirstIsResetToo() throws Exception {
        try (TestingConnection client = tunnel("com.acme.nounknown", "good.example:25000");
                TestingConnection server = origin.accept()) {
            server.send("hello\n");
            assertThatThrownBy(client::rest).isInstanceOf(IOException.class).hasMessageContaining("reset");
        }
    }

    /** The server works with its client: it finishes at once, and what the client says then is looked at all the same. */
    @Test
    void aServerThatFinishesAtOnceEndsNoWatching() throws Exception {
        try (TestingConnection client = tunnel("com.acme.finished", "good.example:443");
                TestingConnection server = origin.accept()) {
            server.finish();
            assertThat(client.rest()).isEmpty();
            client.send(TestingHello.bytes("bad.example"));
            assertThat(server.untilGone()).isEmpty();
            expectCut("com.acme.finished", "by-name");
        }
    }

    @Test
    void aProtocolOnAPortItsRoleDoesNotListIsEnded() throws Exception {
        try (TestingConnection client = tunnel("com.acme.strict", "in.role.example:8443");
                TestingConnection server = origin.accept()) {
            client.send(TestingHello.bytes("in.role.example"));
            assertThat(client.rest()).startsWith("\u0015\u0003");
            assertThat(server.untilGone()).isEmpty();
        }
        try (TestingConnection client = tunnel("com.acme.strict", "in.role.example:443");
                TestingConnection server = origin.accept()) {
            byte[] hello = TestingHello.bytes("in.role.example");
            client.send(hello);
            assertThat(server.socket().getInputStream().readNBytes(hello.length))
                    .isEqualTo(hello);
        }
    }

    /** It is dialled, where nobody listens. */
    @Test
    void aNameThatLeadsToAnAddressOfItsRoleIsWithinIt() throws Exception {
        try (TestingConnection client = TestingClient.to(gateway)) {
            assertThat(client.send(TestingClient.connect("nine.example:443", "com.acme.strict"))
                            .rest())
                    .startsWith("HTTP/1.1 502 ");
        }
    }

    /** What it speaks is known only after it was let in; until then nothing of it goes out. */
    @Test
    void anExceptionForAProtocolIsDecidedByTheFirstBytes() throws Exception {
        byte[] hello = TestingHello.bytes("good.example");
        try (TestingConnection client = tunnel("com.acme.dev", "good.example:6667");
                TestingConnection server = origin.accept()) {
            client.send(hello);
            assertThat(server.socket().getInputStream().readNBytes(hello.length))
                    .isEqualTo(hello);
        }
        try (TestingConnection client = tunnel("com.acme.dev", "good.example:6667");
                TestingConnection server = origin.accept()) {
            client.send("GET / HTTP/1.1\r\nHost: good.example\r\n\r\n");
            assertThat(client.rest()).startsWith("HTTP/1.1 403 Forbidden\r\n").contains("\nReason: by-port\n");
            assertThat(server.untilGone()).isEmpty();
        }
        JsonNode cut =
                gateway.record(record -> record.at("/actor/app_uid").asString().equals("com.acme.dev")
                        && record.at("/app_name").asString().equals("http"));
        assertThat(cut.at("/unmapped/postern/close_reason").asString()).isEqualTo("blocked");
        assertThat(cut.at("/traffic/bytes").asInt()).isZero();
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource({
        // app, would it have been blocked and by whom, disposition, effect in the record
        "com.acme.alerting, '',                  19, alert",
        "com.acme.softly,   softly,              19, alert",
        "com.acme.shadowed, shadowed,            1,  allow",
        "com.acme.watched,  role:watched-client, 1,  allow",
        "com.acme.off,      '',                  1,  ''"
    })
    void whatIsNotEnforcedIsCountedAndLetThrough(String app, String wouldBlock, int disposition, String effect)
            throws Exception {
        String sample = "postern_would_block_total{rule=\"" + wouldBlock + "\"}";
        double before = gateway.metric(sample);
        try (TestingConnection client = tunnel(app, "out.example:443");
                TestingConnection server = origin.accept()) {
            client.send("\0through");
            assertThat(server.read(8)).isEqualTo("\0through");
        }
        JsonNode line =
                gateway.record(record -> record.at("/actor/app_uid").asString().equals(app));
        assertThat(line.at("/disposition_id").asInt()).isEqualTo(disposition);
        assertThat(effects(line)).isEqualTo(effect);
        if (!wouldBlock.isEmpty()) {
            gateway.awaitMetric(sample, before + 1);
        }
    }

    /** Of the policy's rules; that nobody knows what the flow speaks is no rule of it. */
    private static String effects(JsonNode line) {
        return line.at("/unmapped/postern/rules")
                .valueStream()
                .filter(rule -> !rule.at("/name").asString().startsWith("exception:"))
                .map(rule -> rule.at("/effect").asString())
                .collect(Collectors.joining(" "));
    }

    @Test
    void anExceptionThatStandsLetsItsAppThrough() throws Exception {
        try (TestingConnection client = tunnel("com.acme.mail", "lifted.example:443");
                TestingConnection server = origin.accept()) {
            client.send("\377");
            assertThat(server.read(1)).isEqualTo("\377");
        }
        JsonNode line = gateway.record(
                record -> record.at("/dst_endpoint/hostname").asString("").equals("lifted.example")
                        && record.at("/actor/app_uid").asString().equals("com.acme.mail"));
        assertThat(line.at("/unmapped/postern/rules/0/name").asString()).contains("lifted", "excepted for it");
    }

    private static TestingConnection tunnel(String app, String target) throws IOException {
        TestingConnection client = TestingClient.to(gateway).send(TestingClient.connect(target, app));
        assertThat(client.head()).startsWith("HTTP/1.1 200 ");
        return client;
    }

    private static void expectCut(String app, String rule) {
        JsonNode line =
                gateway.record(record -> record.at("/actor/app_uid").asString().equals(app));
        assertThat(line.at("/unmapped/postern/close_reason").asString()).isEqualTo("blocked");
        assertThat(line.at("/disposition_id").asInt()).isEqualTo(21);
        assertThat(line.at("/firewall_rule/name").asString()).isEqualTo(rule);
        assertThat(line.at("/traffic/bytes").asInt()).isZero();
    }
}

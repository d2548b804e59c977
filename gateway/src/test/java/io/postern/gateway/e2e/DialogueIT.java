package io.postern.gateway.e2e;

import static io.postern.gateway.e2e.TestingLine.blocked;
import static io.postern.gateway.e2e.TestingLine.expect;
import static io.postern.gateway.e2e.TestingOrigin.behind;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.postern.gateway.real.SelfSigned;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CompletableFuture;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

/** Servers that greet: their greeting reaches the client at once, and what they speak is known by it or the answer. */
@ExtendWith(QuietLog.class)
class DialogueIT {

    private static final String NAME = "mail.acme.example";
    private static final String POLICY = """
            rules:
              - {name: no-smtp, when: {app: com.acme.nosmtp, protocol: smtp}, action: block, mode: enforce}
              - {name: no-name, when: {app: com.acme.noname, destination: '*.acme.example'}, action: block, mode: enforce}
            """;

    /** Protocol, then what server and client say in turn until TLS begins. */
    private static final List<String> STARTTLS = List.of(
            "smtp|220 a ESMTP\r\n|EHLO b\r\n|250-a\r\n250 STARTTLS\r\n|STARTTLS\r\n|220 go on\r\n",
            "imap|* OK hello\r\n|a1 CAPABILITY\r\n|* CAPABILITY STARTTLS\r\na1 OK\r\n|a2 STARTTLS\r\n|a2 OK go on\r\n",
            "pop3|+OK\r\n|CAPA\r\n|+OK\r\nSTLS\r\n.\r\n|STLS\r\n|+OK go on\r\n",
            "ftp|220 hello\r\n|FEAT\r\n|211-Features\r\n AUTH TLS\r\n211 End\r\n|AUTH TLS\r\n|234 go on\r\n");

    @TempDir
    static Path dir;

    private static TestingGateway gateway;
    private static SelfSigned certificate;

    @BeforeAll
    static void start() throws Exception {
        certificate = SelfSigned.mint(dir, NAME);
        gateway = TestingGateway.start(dir, "sniff: {server-first: 100ms, timeout: 10s}\n", POLICY);
    }

    @AfterAll
    static void leavesNothing() {
        gateway.awaitNothingLeft();
        gateway.close();
    }

    @ParameterizedTest(name = "{0} {1}")
    @CsvSource(delimiter = '|', textBlock = """
            smtp | 220 mail.acme.example ESMTP Postfix\\r\\n          | EHLO device\\r\\n
            smtp | 220-mail.acme.example\\r\\n220 welcome\\r\\n       | EHLO device\\r\\n
            smtp | 220 mail.acme.example\\r\\n                        | NOOP\\r\\nMAIL FROM:<>\\r\\n
            ftp  | 220-hello\\r\\n you\\r\\n220 (vsFTPd 3.0.3)\\r\\n | USER anonymous\\r\\n
            ftp  | 220 smtp.acme.example\\r\\n                        | FEAT\\r\\n
            imap | * OK [CAPABILITY IMAP4rev2] ready\\r\\n            | a1 LOGIN me secret\\r\\n
            imap | * PREAUTH hello\\r\\n                              | a1 NOOP\\r\\n
            pop3 | +OK <1.2@mail.acme.example>\\r\\n                  | USER me\\r\\n
            ssh  | SSH-2.0-OpenSSH_9.2p1 Debian-2\\r\\n               | SSH-2.0-client\\r\\n
            """)
    void isKnownByItsBytes(String protocol, String greeting, String first) throws Exception {
        expect(protocol, "bytes", talk(greeting.translateEscapes(), first.translateEscapes(), false));
        expect(protocol, "bytes", talk(greeting.translateEscapes(), first.translateEscapes(), true));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            server-first | 220 hello\\r\\n        | LIST\\r\\n
            server-first | 220 hello\\r\\n        | \\0\\1
            server-first | hello\\r\\n            | EHLX\\r\\n
            malformed    | SSH-2.0-\\0\\0         | x
            """)
    void isUnknownByThese(String basis, String greeting, String first) throws Exception {
        expect("unknown", basis, talk(greeting.translateEscapes(), first.translateEscapes(), false));
    }

    /** What it says goes through whole, however much is said by whom. */
    @ParameterizedTest
    @CsvSource({"'* OK ', 5000", "'220 a\r\n220-', 40000"})
    void aGreetingThatDoesNotEndIsUnknownByItsSize(String start, int more) throws Exception {
        String greeting = start + "x".repeat(more);
        try (TestingOrigin origin = new TestingOrigin();
                TestingConnection client = TestingClient.tunnel(gateway, origin.authority());
                TestingConnection server = origin.accept()) {
            CompletableFuture<Void> sent = behind(() -> server.send(greeting));
            assertThat(client.read(greeting.length())).isEqualTo(greeting);
            sent.join();
            end(client, server);
            expect("unknown", "limit", record(origin));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"* OK not yet", "220 mail.acme.example\r\n"})
    void aGreetingThatIsNotGoneOnWithIsKnownWhenItsClientGoesOn(String greeting) throws Exception {
        Path own = Files.createDirectory(dir.resolve("late" + greeting.length()));
        try (TestingGateway hasty = TestingGateway.start(own, "sniff: {server-first: 50ms, timeout: 200ms}\n", "");
                TestingOrigin origin = new TestingOrigin();
                TestingConnection client = TestingClient.tunnel(hasty, origin.authority());
                TestingConnection server = origin.accept()) {
            server.send(greeting);
            assertThat(client.read(greeting.length())).isEqualTo(greeting);
            hasty.awaitMetricAtLeast("postern_recognition_total{basis=\"timeout\",protocol=\"unknown\"}", 1);
            client.send("EHLO device\r\n");
            assertThat(server.read(13)).isEqualTo("EHLO device\r\n");
            end(client, server);
            assertThat(hasty.record(any -> true).at("/app_name").asString()).isEqualTo("smtp");
        }
    }

    @Test
    void aServerThatNeverGreetsIsWaitedFor() throws Exception {
        try (TestingOrigin origin = new TestingOrigin();
                TestingConnection client = TestingClient.tunnel(gateway, origin.authority());
                TestingConnection server = origin.accept()) {
            end(client, server);
            expect("unknown", "end", record(origin));
        }
    }

    /** A client that does not wait for its greeting hides nothing by it. */
    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            smtp | EHLO device\\r\\n | 220 hello\\r\\n
            ftp  | USER me\\r\\n     | 220 hello\\r\\n
            pop3 | USER me\\r\\n     | +OK\\r\\n
            """)
    void aClientMayBeFirst(String protocol, String first, String greeting) throws Exception {
        String said = first.translateEscapes();
        String answer = greeting.translateEscapes();
        try (TestingOrigin origin = new TestingOrigin();
                TestingConnection client = TestingClient.tunnel(gateway, origin.authority());
                TestingConnection server = origin.accept()) {
            client.send(said);
            assertThat(server.read(said.length())).isEqualTo(said);
            server.send(answer);
            assertThat(client.read(answer.length())).isEqualTo(answer);
            end(client, server);
            expect(protocol, "bytes", record(origin));
        }
    }

    /** Known by its greeting: not even that is seen. */
    @Test
    void whatItsGreetingForbidsNeverReachesItsClient() throws Exception {
        try (TestingOrigin origin = new TestingOrigin();
                TestingConnection client = tunnel(origin, "com.acme.nosmtp");
                TestingConnection server = origin.accept()) {
            server.send("220 mail.acme.example ESMTP\r\n");
            assertThat(client.untilGone()).isEmpty();
            assertThat(server.untilGone()).isEmpty();
            blocked("no-smtp", record(origin));
        }
    }

    /** Known by its first command: that never leaves, while the greeting has gone out. */
    @Test
    void whatItsCommandForbidsNeverReachesItsServer() throws Exception {
        try (TestingOrigin origin = new TestingOrigin();
                TestingConnection client = tunnel(origin, "com.acme.nosmtp");
                TestingConnection server = origin.accept()) {
            server.send("220 mail.acme.example\r\n");
            assertThat(client.read(23)).isEqualTo("220 mail.acme.example\r\n");
            client.send("EHLO device\r\n");
            assertThat(server.untilGone()).isEmpty();
            assertThatThrownBy(client::rest).isInstanceOf(IOException.class).hasMessageContaining("reset");
            blocked("no-smtp", record(origin));
        }
    }

    static List<String> startTls() {
        return STARTTLS;
    }

    @ParameterizedTest
    @MethodSource("startTls")
    void keepsItsNameWhenItTurnsToTls(String dialogue) throws Exception {
        String[] lines = dialogue.split("\\|");
        try (TestingOrigin origin = new TestingOrigin();
                TestingConnection client = TestingClient.tunnel(gateway, origin.authority());
                TestingConnection server = origin.accept()) {
            turn(lines, client, server);
            CompletableFuture<Void> served = behind(() -> answer(server));
            try (SSLSocket tls = TestingClient.tls(client, NAME, List.of("acme"))) {
                tls.getOutputStream().write("inside".getBytes(StandardCharsets.US_ASCII));
                tls.getOutputStream().flush();
                assertThat(tls.getInputStream().readNBytes(6))
                        .asString(StandardCharsets.US_ASCII)
                        .isEqualTo("INSIDE");
                assertThat(TestingClient.subject(tls)).contains(NAME);
            }
            served.join();
            JsonNode line = record(origin);
            expect(lines[0], "bytes", line);
            assertThat(line.at("/tls/sni").asString()).isEqualTo(NAME);
            assertThat(line.at("/tls/tls_extension_list/0/data/0").asString()).isEqualTo("acme");
            assertThat(line.at("/ja4_fingerprint_list/0/value").asString()).startsWith("t13d");
        }
    }

    /** The inner name may condemn too, and the hello that says it does not leave. */
    @Test
    void theNameInsideIsJudged() throws Exception {
        try (TestingOrigin origin = new TestingOrigin();
                TestingConnection client = tunnel(origin, "com.acme.noname");
                TestingConnection server = origin.accept()) {
            turn(STARTTLS.get(0).split("\\|"), client, server);
            client.send(TestingHello.bytes(NAME));
            assertThat(server.untilGone()).isEmpty();
            JsonNode line = record(origin);
            assertThat(line.at("/app_name").asString()).isEqualTo("smtp");
            assertThat(line.at("/tls/sni").asString()).isEqualTo(NAME);
            blocked("no-name", line);
        }
    }

    /** Refused, then pipelined, then in pieces; a hello nobody asked for is none. */
    @Test
    void onlyAgreedTlsIsTls() throws Exception {
        byte[] hello = TestingHello.bytes(NAME);
        try (TestingOrigin origin = new TestingOrigin();
                TestingConnection client = TestingClient.tunnel(gateway, origin.authority());
                TestingConnection server = origin.accept()) {
            String[] refused = STARTTLS.get(0).split("\\|");
            refused[5] = "454 not now\r\n";
            turn(refused, client, server);
            client.send(hello);
            assertThat(server.socket().getInputStream().readNBytes(hello.length))
                    .isEqualTo(hello);
            end(client, server);
            JsonNode line = record(origin);
            expect("smtp", "bytes", line);
            assertThat(line.has("tls")).isFalse();
        }
        try (TestingOrigin origin = new TestingOrigin();
                TestingConnection client = TestingClient.tunnel(gateway, origin.authority());
                TestingConnection server = origin.accept()) {
            turn(STARTTLS.get(0).split("\\|"), client, server);
            for (byte octet : hello) {
                client.send(new byte[] {octet});
                assertThat(server.socket().getInputStream().read()).isEqualTo(octet & 0xFF);
            }
            end(client, server);
            assertThat(record(origin).at("/tls/sni").asString()).isEqualTo(NAME);
        }
    }

    /** Some of it went out before anybody knew what it was part of. */
    @Test
    void aFirstCommandThatPausesAndAsksForTlsIsHeardWhole() throws Exception {
        byte[] hello = TestingHello.bytes(NAME);
        try (TestingOrigin origin = new TestingOrigin();
                TestingConnection client = TestingClient.tunnel(gateway, origin.authority());
                TestingConnection server = origin.accept()) {
            server.send("220 hello\r\n");
            assertThat(client.read(11)).isEqualTo("220 hello\r\n");
            client.send("AUTH T");
            assertThat(server.read(6)).isEqualTo("AUTH T");
            client.send("LS\r\n");
            assertThat(server.read(4)).isEqualTo("LS\r\n");
            server.send("234 go on\r\n");
            assertThat(client.read(11)).isEqualTo("234 go on\r\n");
            client.send(hello);
            assertThat(server.socket().getInputStream().readNBytes(hello.length))
                    .isEqualTo(hello);
            end(client, server);
            JsonNode line = record(origin);
            expect("ftp", "bytes", line);
            assertThat(line.at("/tls/sni").asString()).isEqualTo(NAME);
            assertThat(line.at("/traffic/bytes_out").asInt()).isEqualTo(10 + hello.length);
        }
    }

    /** Offset, bytes out, bytes in: the greeting is an exchange without its upper half. */
    @Test
    void theRhythmIsKept() throws Exception {
        JsonNode line = talk("220 a ESMTP\r\n", "EHLO device\r\n", false);
        JsonNode exchanges = line.at("/unmapped/postern/exchanges");
        assertThat(exchanges.size()).isEqualTo(2);
        assertThat(exchanges.at("/0/1").asInt()).isZero();
        assertThat(exchanges.at("/0/2").asInt()).isEqualTo(13);
        assertThat(exchanges.at("/1/1").asInt()).isEqualTo(13);
        assertThat(exchanges.at("/1/2").asInt()).isEqualTo(4);
        assertThat(line.at("/traffic/bytes_out").asInt()).isEqualTo(13);
        assertThat(line.at("/traffic/bytes_in").asInt()).isEqualTo(17);
        gateway.awaitMetricAtLeast("postern_recognition_total{basis=\"bytes\",protocol=\"smtp\"}", 1);
        gateway.awaitMetricAtLeast("postern_nonstandard_port_total{protocol=\"smtp\"}", 1);
    }

    /** A greeting, the client's first words, four bytes back; nothing is lost or held whatever it is. */
    private static JsonNode talk(String greeting, String first, boolean slowly) throws Exception {
        try (TestingOrigin origin = new TestingOrigin();
                TestingConnection client = TestingClient.tunnel(gateway, origin.authority());
                TestingConnection server = origin.accept()) {
            say(server, greeting, slowly);
            assertThat(client.read(greeting.length())).isEqualTo(greeting);
            say(client, first, slowly);
            assertThat(server.read(first.length())).isEqualTo(first);
            server.send("250\n");
            assertThat(client.read(4)).isEqualTo("250\n");
            end(client, server);
            return record(origin);
        }
    }

    private static void say(TestingConnection who, String what, boolean slowly) throws IOException {
        if (slowly) {
            for (int at = 0; at < what.length(); at++) {
                who.send(what.substring(at, at + 1));
            }
        } else {
            who.send(what);
        }
    }

    /** All lines of a dialogue up to where TLS begins. */
    private static void turn(String[] lines, TestingConnection client, TestingConnection server) throws IOException {
        TestingConnection speaks = server;
        for (int i = 1; i < lines.length; i++) {
            TestingConnection hears = speaks == server ? client : server;
            speaks.send(lines[i]);
            assertThat(hears.read(lines[i].length())).isEqualTo(lines[i]);
            speaks = hears;
        }
    }

    /** Six bytes over TLS, sent back in upper case. */
    private static void answer(TestingConnection server) throws IOException {
        try (SSLSocket tls = (SSLSocket) certificate
                .context()
                .getSocketFactory()
                .createSocket(server.socket(), InputStream.nullInputStream(), true)) {
            tls.setUseClientMode(false);
            SSLParameters parameters = tls.getSSLParameters();
            parameters.setApplicationProtocols(new String[] {"acme"});
            tls.setSSLParameters(parameters);
            String asked = new String(tls.getInputStream().readNBytes(6), StandardCharsets.US_ASCII);
            tls.getOutputStream().write(asked.toUpperCase(Locale.ROOT).getBytes(StandardCharsets.US_ASCII));
            tls.getOutputStream().flush();
            assertThat(tls.getInputStream().read()).isEqualTo(-1);
        }
    }

    private static TestingConnection tunnel(TestingOrigin origin, String app) throws IOException {
        return TestingClient.tunnel(gateway, origin.authority(), app);
    }

    private static void end(TestingConnection client, TestingConnection server) throws IOException {
        client.close();
        server.close();
    }

    private static JsonNode record(TestingOrigin origin) {
        return gateway.record(origin);
    }
}

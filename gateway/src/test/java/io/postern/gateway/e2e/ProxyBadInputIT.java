package io.postern.gateway.e2e;

import static io.postern.gateway.e2e.TestingProxy.checked;
import static io.postern.gateway.e2e.TestingProxy.field;
import static io.postern.gateway.e2e.TestingProxy.header;
import static io.postern.gateway.e2e.TestingProxy.raw;
import static io.postern.gateway.e2e.TestingProxy.says;
import static io.postern.gateway.e2e.TestingProxy.tag;
import static org.assertj.core.api.Assertions.assertThat;

import io.postern.gateway.identity.CompactTag;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Headers with anything wrong: closed, counted, and never a flow. */
@ExtendWith(QuietLog.class)
class ProxyBadInputIT {

    private static final String APP = TestingClient.APP;

    @TempDir
    static Path dir;

    private static TestingOrigin origin;
    private static TestingGateway gateway;

    @BeforeAll
    static void start() throws Exception {
        origin = new TestingOrigin();
        gateway = TestingGateway.start(dir, TestingProxy.listener(""), "");
    }

    @AfterAll
    static void leavesNothing() throws Exception {
        gateway.awaitNothingLeft();
        assertThat(gateway.records()).isEmpty();
        assertThat(origin.untouched()).isTrue();
        gateway.close();
        origin.close();
    }

    static Stream<Arguments> malformed() {
        String target = origin.authority();
        String said = says("LC07", APP, "10");
        String good = header(target, said);
        return Stream.of(
                Arguments.of("no header", "GET / HTTP/1.1\r\n\r\n"),
                Arguments.of("version 1", "PROXY TCP4 198.51.100.7 127.0.0.1 4660 " + origin.port() + "\r\n"),
                Arguments.of("another signature", good.replace("QUIT", "QUIX")),
                Arguments.of("late", "\r\n" + good),
                Arguments.of("version 3", good.replace('!', '1')),
                Arguments.of("neither LOCAL nor PROXY", good.replace('!', '"')),
                Arguments.of("datagrams", good.replace("!\u0011", "!\u0012")),
                Arguments.of("a UNIX socket", raw("!1", "\0".repeat(216))),
                Arguments.of("no family", raw("!\0", "")),
                Arguments.of("short", raw("!\u0011", "\0".repeat(11))),
                Arguments.of("too long", header(target, field(0xEA, "x".repeat(510)))),
                Arguments.of("wrong checksum", checked(target, said, false)),
                Arguments.of("a field beyond the end", header(target, said + "\u00ea\0\5xx")),
                Arguments.of("no port", header("127.0.0.1:0", said)));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource
    void malformed(String what, String header) throws Exception {
        String sample = errors("malformed");
        double before = gateway.metric(sample);
        try (TestingConnection client = TestingClient.to(gateway).send(header)) {
            assertThat(client.untilGone()).isEmpty();
        }
        gateway.awaitMetric(sample, before + 1);
    }

    static Stream<Arguments> unauthenticated() {
        CompactTag good = TestingGateway.tag(APP);
        return Stream.of(
                Arguments.of("missing", ""),
                Arguments.of("missing", field(0xEA, "some cloud's")),
                Arguments.of("malformed", field(0xE2, APP)),
                Arguments.of("malformed", field(0xE4, "10")),
                Arguments.of("malformed", field(0xE3, "10123")),
                Arguments.of("malformed", says("", APP, "10")),
                Arguments.of("malformed", says("-", APP, "10")),
                Arguments.of("malformed", says("LC 07", APP, "10")),
                Arguments.of("malformed", says("x".repeat(65), APP, "10")),
                Arguments.of("malformed", says("LC07", "com.acme mail", "10")),
                Arguments.of("malformed", says("LC07", APP, "a.b")),
                Arguments.of("malformed", says("LC07\0", APP, "10")),
                Arguments.of("malformed", says("LC07", APP, "10") + field(0xE3, "0x10")),
                Arguments.of("malformed", says("LC07", APP, "10") + field(0xE3, "")),
                Arguments.of("malformed", says("LC07", APP, "10") + field(0xE3, "99999999999")),
                Arguments.of("malformed", says("LC07", APP, "10") + field(0xE1, "LC07")),
                Arguments.of("malformed", says("LC07", APP, "10") + field(0xE2, "a.b")),
                Arguments.of("malformed", says("LC07", APP, "10") + field(0xE4, "11")),
                Arguments.of("malformed", field(0xE1, "LC07") + field(0xE3, "1") + field(0xE3, "1")),
                Arguments.of("malformed", tag(good) + tag(good)),
                Arguments.of("malformed", field(0xE5, good.user())),
                Arguments.of("malformed", says("LC07", APP, "10") + field(0xE5, "")),
                Arguments.of("forged", tag(new CompactTag(good.user().replace("LC01", "LC02"), good.password()))),
                // A word does not make up for a bad tag.
                Arguments.of("unknown-key", says("LC07", APP, "10") + tag(TestingGateway.tag("k9", "acme", good))));
    }

    @ParameterizedTest(name = "{0} {1}")
    @MethodSource
    void unauthenticated(String reason, String fields) throws Exception {
        String sample = errors("unauthenticated");
        double before = gateway.metric(sample);
        String tags = "postern_tags_rejected_total{reason=\"" + reason + "\"}";
        double rejected = gateway.metric(tags);
        try (TestingConnection client = TestingClient.to(gateway).send(header(origin.authority(), fields))) {
            assertThat(client.untilGone()).isEmpty();
        }
        gateway.awaitMetric(sample, before + 1);
        gateway.awaitMetric(tags, rejected + 1);
    }

    /** A balancer's health check: a connection, and nothing wrong with it. */
    @Test
    void whoSpeaksForItselfIsClosedInPeace() throws Exception {
        String before = errorLines();
        for (String check : new String[] {raw(" \0", ""), raw(" \u0011", "\0".repeat(12)), raw(" \0", "\4\0\1\0")}) {
            try (TestingConnection client = TestingClient.to(gateway).send(check)) {
                assertThat(client.rest()).isEmpty();
            }
        }
        gateway.awaitNothingLeft();
        assertThat(errorLines()).isEqualTo(before);
    }

    private static String errorLines() throws Exception {
        return String.join(
                "\n",
                gateway.metrics()
                        .lines()
                        .filter(line -> line.startsWith("postern_client_errors_total"))
                        .toList());
    }

    private static String errors(String reason) {
        return "postern_client_errors_total{ingress=\"proxy-protocol\",reason=\"" + reason + "\"}";
    }
}

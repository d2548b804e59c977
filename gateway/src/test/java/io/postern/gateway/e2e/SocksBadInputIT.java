package io.postern.gateway.e2e;

import static io.postern.gateway.e2e.TestingSocks.FAILURE;
import static io.postern.gateway.e2e.TestingSocks.LISTENER;
import static io.postern.gateway.e2e.TestingSocks.OFFERS_NOTHING;
import static io.postern.gateway.e2e.TestingSocks.OFFERS_PASSWORD;
import static io.postern.gateway.e2e.TestingSocks.TAKES_PASSWORD;
import static io.postern.gateway.e2e.TestingSocks.UNACCEPTABLE;
import static io.postern.gateway.e2e.TestingSocks.heard;
import static io.postern.gateway.e2e.TestingSocks.name;
import static io.postern.gateway.e2e.TestingSocks.password;
import static io.postern.gateway.e2e.TestingSocks.reply;
import static org.assertj.core.api.Assertions.assertThat;

import io.postern.gateway.identity.CompactTag;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** SOCKS5 clients that say anything wrong: an answer they understand or an end, a counter, and never a flow. */
@ExtendWith(QuietLog.class)
class SocksBadInputIT {

    private static final String APP = TestingClient.APP;

    @TempDir
    static Path dir;

    private static TestingGateway gateway;

    @BeforeAll
    static void start() throws Exception {
        gateway = TestingGateway.start(dir, LISTENER, "");
    }

    @AfterAll
    static void leavesNothing() throws Exception {
        gateway.awaitNothingLeft();
        assertThat(gateway.records()).isEmpty();
        gateway.close();
    }

    static Stream<Arguments> bad() {
        CompactTag good = TestingGateway.tag(APP);
        String[] parts = good.password().split("~", -1);
        return Stream.of(
                Arguments.of("malformed", password("somebody", "something")),
                Arguments.of("malformed", password(good.user(), parts[0] + "~" + parts[1])),
                Arguments.of("malformed", password("x".repeat(255), "y".repeat(255))),
                Arguments.of("malformed", password("\0\u00ff", "\u00e4")),
                Arguments.of("wrong-tenant", password(TestingGateway.tag("k1", "other", good))),
                Arguments.of("unknown-key", password(TestingGateway.tag("k9", "acme", good))),
                Arguments.of(
                        "forged",
                        password(good.user(), String.join("~", "com.acme.other", parts[1], parts[2], parts[3]))),
                Arguments.of("forged", password(good.user().replace("LC01", "LC02"), good.password())));
    }

    @ParameterizedTest
    @MethodSource("bad")
    void aBadTagFailsInTheSameBytesWhateverIsWrong(String reason, String password) throws Exception {
        String sample = "postern_tags_rejected_total{reason=\"" + reason + "\"}";
        double rejected = gateway.metric(sample);
        double before = gateway.metric(errors("unauthenticated"));
        try (TestingConnection client = TestingClient.to(gateway)) {
            client.send(OFFERS_PASSWORD + password + name("acme.example", 443));
            assertThat(client.rest()).isEqualTo(TAKES_PASSWORD + FAILURE);
            gateway.awaitMetric(sample, rejected + 1);
            gateway.awaitMetric(errors("unauthenticated"), before + 1);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {OFFERS_NOTHING, "\5\1\1", "\5\3\0\1\3", "\5\2\u0080\u00fe"})
    void whoOffersNoPasswordIsNotServed(String methods) throws Exception {
        double before = gateway.metric(errors("unauthenticated"));
        try (TestingConnection client = TestingClient.to(gateway)) {
            assertThat(client.send(methods + name("acme.example", 443)).rest()).isEqualTo(UNACCEPTABLE);
            gateway.awaitMetric(errors("unauthenticated"), before + 1);
        }
    }

    /** Written as hex; {@code P} stands for a good password's message. */
    @ParameterizedTest(name = "{0}")
    @CsvSource(delimiter = '|', quoteCharacter = '"', textBlock = """
            04 01 01bb c0000201 00         | ""
            47 45 54 20 2f                 | ""
            16 03 01 02 00                 | ""
            00                             | ""
            05 00                          | 05ff
            05 01 02 05                    | 0502 0101
            05 01 02 00                    | 0502 0101
            05 01 02 01 00                 | 0502 0101
            05 01 02 01 01 75 00           | 0502 0101
            05 01 02 P 04                  | 0502 0100 05010001000000000000
            05 01 02 P 05 00               | 0502 0100 05070001000000000000
            05 01 02 P 05 04               | 0502 0100 05070001000000000000
            05 01 02 P 05 01 01            | 0502 0100 05010001000000000000
            05 01 02 P 05 01 00 00         | 0502 0100 05080001000000000000
            05 01 02 P 05 01 00 02         | 0502 0100 05080001000000000000
            05 01 02 P 05 01 00 ff         | 0502 0100 05080001000000000000
            05 01 02 P 05 01 00 03 00      | 0502 0100 05010001000000000000
            05 01 02 P 05 01 00 01 c0000201 0000 | 0502 0100 05010001000000000000
            """)
    void everyWrongByteEndsIt(String said, String heard) throws Exception {
        double before = gateway.metric(errors("malformed"));
        try (TestingConnection client = TestingClient.to(gateway)) {
            String[] halves = said.split("P", -1);
            client.send(TestingProxy.hex(halves[0]));
            if (halves.length > 1) {
                client.send(password(TestingGateway.tag(APP)));
                client.send(TestingProxy.hex(halves[1]));
            }
            assertThat(client.untilGone()).isEqualTo(TestingProxy.hex(heard));
            gateway.awaitMetric(errors("malformed"), before + 1);
        }
    }

    /** Facts of egress E4, and names longer than names can be. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "127.1",
                "0x7f.0.0.1",
                "2130706433",
                "[::1]",
                "[acme.example]",
                "fe80::1%eth0",
                "user@acme.example",
                "acme.example\0.evil.example",
                "acme..example",
                "acm\u00e9.example",
                "acme.example:443"
            })
    void aNameThatIsNotOneHostIsRefused(String host) throws Exception {
        double before = gateway.metric(errors("malformed"));
        try (TestingConnection client = TestingClient.to(gateway)) {
            client.send(OFFERS_PASSWORD + password(TestingGateway.tag(APP)) + name(host, 443));
            assertThat(client.rest()).isEqualTo(heard(reply(1)));
            gateway.awaitMetric(errors("malformed"), before + 1);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {2, 3})
    void bindAndUdpAreNotInThisVersion(int command) throws Exception {
        double before = gateway.metric(errors("unsupported"));
        try (TestingConnection client = TestingClient.to(gateway)) {
            client.send(
                    OFFERS_PASSWORD + password(TestingGateway.tag(APP)) + "\5" + (char) command + "\0\1\0\0\0\0\0\0");
            assertThat(client.rest()).isEqualTo(heard(reply(7)));
            gateway.awaitMetric(errors("unsupported"), before + 1);
        }
    }

    private static String errors(String reason) {
        return "postern_client_errors_total{ingress=\"socks5\",reason=\"" + reason + "\"}";
    }
}

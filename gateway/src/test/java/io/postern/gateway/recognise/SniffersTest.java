package io.postern.gateway.recognise;

import static org.assertj.core.api.Assertions.assertThat;

import io.postern.analytics.flow.Basis;
import io.postern.analytics.flow.Protocol;
import io.postern.gateway.recognise.Sniffers.Answer;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SniffersTest {

    private final Sniffers sniffers = new Sniffers(1024, 1024);

    @ParameterizedTest(name = "{0} -> {1} {2}")
    @CsvSource(delimiter = '|', textBlock = """
            GET / HTTP/1.1\\r\\n\\r\\n     | HTTP    | BYTES
            OPTIONS * HTTP/1.0\\r\\n\\r\\n | HTTP    | BYTES
            SSH-2.0-OpenSSH_9.2\\r\\n      | SSH     | BYTES
            EHLO device\\r\\n              | SMTP    | BYTES
            PRI * HTTP/2.0\\r\\nx          | UNKNOWN | NO_MATCH
            a1 LOGIN a b\\r\\n             | UNKNOWN | NO_MATCH
            SSH-2.0-\\r\\n                 | UNKNOWN | MALFORMED
            """)
    void decides(String first, Protocol protocol, Basis basis) {
        Answer answer = ask(first.replace("\\r", "\r").replace("\\n", "\n"));
        assertThat(answer).isInstanceOfSatisfying(Answer.Certain.class, certain -> {
            assertThat(certain.recognised().protocol()).isEqualTo(protocol);
            assertThat(certain.recognised().basis()).isEqualTo(basis);
        });
    }

    @ParameterizedTest
    @ValueSource(strings = {"G", "GET / HTTP/1.1\r\n", "\u0016", "\u0016\u0003\u0001"})
    void asksForMoreWhileAnybodyIsUnsure(String first) {
        assertThat(ask(first))
                .isInstanceOfSatisfying(
                        Answer.Unsure.class,
                        unsure -> assertThat(unsure.fromClient()).isGreaterThan(first.length()));
    }

    /** record 16 0301 len 4 | ClientHello of 0xFFFFFF bytes: ours is the limit, not theirs the fault. */
    @Test
    void aHelloBeyondOurLimitIsNoFault() {
        assertThat(ask("\u0016\u0003\u0001\0\u0004\u0001\u00ff\u00ff\u00ff"))
                .isInstanceOfSatisfying(
                        Answer.Certain.class,
                        certain -> assertThat(certain.recognised().basis()).isEqualTo(Basis.LIMIT));
    }

    /** Whoever was faster, and whatever the other end has said yet. */
    @ParameterizedTest(name = "{0} / {1} -> {2} {3}")
    @CsvSource(delimiter = '|', textBlock = """
            220 a ESMTP x\\r\\n   | ''               | SMTP    | BYTES
            * OK hi\\r\\n         | ''               | IMAP    | BYTES
            +OK ready\\r\\n       | ''               | POP3    | BYTES
            +OK\\r\\n             | SET a 1\\r\\n    | UNKNOWN | SERVER_FIRST
            +OK\\r\\n             | *1\\r\\n$4\\r\\n   | UNKNOWN | SERVER_FIRST
            +OK\\r\\n             | SUB a 1\\r\\n    | UNKNOWN | SERVER_FIRST
            SSH-2.0-x\\r\\n       | ''               | SSH     | BYTES
            220 hello\\r\\n       | EHLO a\\r\\n     | SMTP    | BYTES
            220-hello\\r\\n       | USER a\\r\\n     | FTP     | BYTES
            +OK\\r\\n             | USER a\\r\\n     | POP3    | BYTES
            * OK hi\\r\\n         | a NOOP\\r\\n     | IMAP    | BYTES
            hello\\r\\n           | SSH-2.0-x\\r\\n  | SSH     | BYTES
            220 hello\\r\\n       | LIST\\r\\n       | UNKNOWN | SERVER_FIRST
            220 hello\\r\\n       | \\0              | UNKNOWN | SERVER_FIRST
            hello\\r\\n           | ''               | UNKNOWN | SERVER_FIRST
            hello\\r\\n           | USER a\\r\\n     | UNKNOWN | SERVER_FIRST
            SSH-2.0-\\0\\r\\n     | ''               | UNKNOWN | MALFORMED
            """)
    void aGreetingAndACommandDecide(String greeting, String first, Protocol protocol, Basis basis) {
        assertThat(sniffers.ask(bytes(first.translateEscapes()), bytes(greeting.translateEscapes())))
                .isInstanceOfSatisfying(Answer.Certain.class, certain -> {
                    assertThat(certain.recognised().protocol()).isEqualTo(protocol);
                    assertThat(certain.recognised().basis()).isEqualTo(basis);
                });
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            220 hello\\r\\n | ''           | 1     | 2147483647
            220 hello\\r\\n | EHL          | 4     | 2147483647
            220 hel         | EHLO         | 5     | 8
            ''              | USER a\\r\\n | 2147483647 | 1
            """)
    void eitherEndMayBeWaitedFor(String greeting, String first, int fromClient, int fromServer) {
        assertThat(sniffers.ask(bytes(first.translateEscapes()), bytes(greeting.translateEscapes())))
                .isEqualTo(new Answer.Unsure(fromClient, fromServer));
    }

    @Test
    void randomBytesAreNobodys() {
        Random random = new Random(4);
        byte[] some = new byte[64];
        for (int i = 0; i < 50_000; i++) {
            random.nextBytes(some);
            assertThat(protocol(sniffers.ask(ByteBuffer.wrap(some), bytes("")))).isEqualTo(Protocol.UNKNOWN);
            assertThat(protocol(sniffers.ask(bytes(""), ByteBuffer.wrap(some)))).isEqualTo(Protocol.UNKNOWN);
        }
    }

    private static Protocol protocol(Answer answer) {
        return answer instanceof Answer.Certain certain ? certain.recognised().protocol() : Protocol.UNKNOWN;
    }

    private Answer ask(String first) {
        return sniffers.ask(bytes(first), bytes(""));
    }

    private static ByteBuffer bytes(String text) {
        return ByteBuffer.wrap(text.getBytes(StandardCharsets.ISO_8859_1));
    }
}

package io.postern.gateway.sniff;

import static org.assertj.core.api.Assertions.assertThat;

import io.postern.analytics.flow.Basis;
import io.postern.analytics.flow.Protocol;
import io.postern.gateway.sniff.Sniffers.Answer;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
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
            SSH-2.0-OpenSSH_9.2\\r\\n      | UNKNOWN | NO_MATCH
            PRI * HTTP/2.0\\r\\n\\r\\n     | UNKNOWN | NO_MATCH
            EHLO device\\r\\n              | UNKNOWN | NO_MATCH
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
                        unsure -> assertThat(unsure.total()).isGreaterThan(first.length()));
    }

    /** record 16 0301 len 4 | ClientHello of 0xFFFFFF bytes: ours is the limit, not theirs the fault. */
    @Test
    void aHelloBeyondOurLimitIsNoFault() {
        assertThat(ask("\u0016\u0003\u0001\0\u0004\u0001\u00ff\u00ff\u00ff"))
                .isInstanceOfSatisfying(
                        Answer.Certain.class,
                        certain -> assertThat(certain.recognised().basis()).isEqualTo(Basis.LIMIT));
    }

    private Answer ask(String first) {
        return sniffers.ask(ByteBuffer.wrap(first.getBytes(StandardCharsets.ISO_8859_1)));
    }
}

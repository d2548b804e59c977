package io.postern.wire.socks;

import static org.assertj.core.api.Assertions.assertThat;

import io.postern.wire.Parse;
import io.postern.wire.ParserContract;
import java.nio.ByteBuffer;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SocksOpeningTest {

    private static final SocksOpeningParser PARSER = new SocksOpeningParser();

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            05 01 00  05 01 00 01 c0000201 0050                                       | 5 | 192.0.2.1 | 80
            05 03 00 01 02  01 01 61 01 62  05 01 00 03 09 612e6578616d706c65 01bb    | 5 | a.example | 443
            04 01 0050 c0000201 6d65 00                                               | 4 | 192.0.2.1 | 80
            04 01 01bb 00000001 00 612e6578616d706c65 00                              | 4 | a.example | 443
            """)
    void clientsSayWhereTo(String hex, int version, String host, int port) {
        SocksOpening opening = ParserContract.read(PARSER, bytes(hex));
        assertThat(opening.version()).isEqualTo(version);
        assertThat(opening.request()).hasValueSatisfying(request -> {
            assertThat(request.host().toString()).contains(host);
            assertThat(request.port()).isEqualTo(port);
        });
    }

    /** DCE/RPC, a game, a request that says too little, and offers nobody makes. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "05 00 0b 03 10 00 00 00",
                "0402 ed03 0380000000",
                "04 01 0050 c0000201 00",
                "04 01 0000 c0000201 6d65 00",
                "04 01 0050 00000101 6d65 00",
                "04 01 0050 c0000201 6d0a 00",
                "04 01 0050 00000001 00 00",
                "05 02 00 00",
                "05 11 00",
                "05 01 0a",
                "05 01 00 06",
                "05 01 00 05 04",
                "16 03 01"
            })
    void isSomethingElse(String hex) {
        ParserContract.refuses(PARSER, bytes(hex), new Parse.NotThis<>());
    }

    @ParameterizedTest
    @CsvSource({
        "05 01 00, 05 00, 5",
        "05 03 00 01 02 01 01 61 01 62, 05 02, 5",
        "05 02 00 01, 05 ff, 5",
        "04 01 0050 c0000201 00, 00 5a 0050 c0000201, 4",
        "04 02 0050 c0000201 00, 00 5b 0000 00000000, 4"
    })
    void bothEndsTellSooner(String client, String server, int version) {
        assertThat(SocksExchange.of(buffer(client), buffer(server)))
                .hasValueSatisfying(opening -> assertThat(opening.version()).isEqualTo(version));
    }

    @ParameterizedTest
    @CsvSource({
        "05 01 00, 05 02",
        "05 01 00, 05",
        "05 01, 05 00",
        "05 01 00, 04 00",
        "04 01 0050 c0000201 00, 00 50 0050 c0000201",
        "04 01 0050 c0000201, 00 5a 0050 c0000201"
    })
    void bothEndsMustAgree(String client, String server) {
        assertThat(SocksExchange.of(buffer(client), buffer(server))).isEmpty();
    }

    @Test
    void aNameThatIsNoneIsSocksStill() {
        SocksOpening opening = ParserContract.read(PARSER, bytes("04 01 01bb 00000001 00 2e2e 00"));
        assertThat(opening.request()).isEmpty();
    }

    private static ByteBuffer buffer(String hex) {
        return ByteBuffer.wrap(bytes(hex));
    }

    private static byte[] bytes(String hex) {
        return HexFormat.of().parseHex(hex.replace(" ", ""));
    }
}

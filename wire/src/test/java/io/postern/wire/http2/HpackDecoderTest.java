package io.postern.wire.http2;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class HpackDecoderTest {

    private final HpackDecoder decoder = new HpackDecoder(64 * 1024, 64 * 1024);

    private List<String> decoded(String hex) {
        List<String> fields = new ArrayList<>();
        Optional<String> fault = decoder.decode(block(hex), (name, value) -> fields.add(name + ": " + value));
        assertThat(fault).isEmpty();
        return fields;
    }

    private Optional<String> fault(String hex) {
        return decoder.decode(block(hex), (name, value) -> {});
    }

    /** RFC 7541 appendix C.3, three requests on one connection, without Huffman. */
    @Test
    void requestsInPlain() {
        assertThat(decoded("828684410f7777772e6578616d706c652e636f6d"))
                .containsExactly(":method: GET", ":scheme: http", ":path: /", ":authority: www.example.com");
        assertThat(decoded("828684be58086e6f2d6361636865")).endsWith("cache-control: no-cache");
        assertThat(decoded("828785bf400a637573746f6d2d6b65790c637573746f6d2d76616c7565"))
                .containsExactly(
                        ":method: GET",
                        ":scheme: https",
                        ":path: /index.html",
                        ":authority: www.example.com",
                        "custom-key: custom-value");
    }

    /** Appendix C.4. */
    @Test
    void requestsInHuffman() {
        assertThat(decoded("828684418cf1e3c2e5f23a6ba0ab90f4ff")).endsWith(":authority: www.example.com");
        assertThat(decoded("828684be5886a8eb10649cbf")).endsWith("cache-control: no-cache");
        assertThat(decoded("828785bf408825a849e95ba97d7f8925a849e95bb8e8b4bf"))
                .endsWith(":authority: www.example.com", "custom-key: custom-value");
    }

    /** Appendix C.6: responses in a table of 256 bytes, where entries are evicted. */
    @Test
    void responsesInASmallTable() {
        assertThat(decoded(
                        "3fe101" + "488264025885aec3771a4b6196d07abe941054d444a8200595040b8166e082a62d1bff6e919d29ad17"
                                + "1863c78f0b97c8e9ae82ae43d3"))
                .containsExactly(
                        ":status: 302",
                        "cache-control: private",
                        "date: Mon, 21 Oct 2013 20:13:21 GMT",
                        "location: https://www.example.com");
        assertThat(decoded("4883640effc1c0bf"))
                .containsExactly(
                        ":status: 307",
                        "cache-control: private",
                        "date: Mon, 21 Oct 2013 20:13:21 GMT",
                        "location: https://www.example.com");
        assertThat(decoded(
                        "88c16196d07abe941054d444a8200595040b8166e084a62d1bffc05a839bd9ab77ad94e7821dd7f2e6c7b335dfdf"
                                + "cd5b3960d5af27087f3672c1ab270fb5291f9587316065c003ed4ee5b1063d5007"))
                .containsExactly(
                        ":status: 200",
                        "cache-control: private",
                        "date: Mon, 21 Oct 2013 20:13:22 GMT",
                        "location: https://www.example.com",
                        "content-encoding: gzip",
                        "set-cookie: foo=ASDJKHQKBZXOQWEOPIUAXQWEOIU; max-age=3600; version=1");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            80           | index beyond the tables, RFC 7541 section 2.3.3
            be           | index beyond the tables, RFC 7541 section 2.3.3
            ffffffffff7f | number of more than 28 bits, RFC 7541 section 5.1
            ff80         | block ends inside a field, RFC 7541 section 3.1
            40           | block ends inside a field, RFC 7541 section 3.1
            400561       | string longer than its block, RFC 7541 section 5.2
            408300ffff00 | no Huffman code, RFC 7541 section 5.2
            4081ff00     | no Huffman code, RFC 7541 section 5.2
            4084ffffffff | no Huffman code, RFC 7541 section 5.2
            3fe21f       | table size beyond the setting or behind a field, RFC 7541 section 4.2
            8220         | table size beyond the setting or behind a field, RFC 7541 section 4.2
            """)
    void whatBreaksARuleEndsIt(String hex, String rule) {
        assertThat(fault(hex)).hasValue(rule);
        assertThat(fault("82")).as("for good").hasValue(rule);
    }

    @Test
    void aSettingAllowsALargerTable() {
        decoder.allow(65_536);
        assertThat(fault("3fe1ff03")).isEmpty();
        decoder.allow(1 << 30);
        assertThat(fault("3fe2ff03")).hasValue(HpackDecoder.RESIZE);
    }

    /** 2000 references to one entry of 4 KiB: the bomb of CVE-2016-6581. */
    @Test
    void aBombIsNotUnfolded() {
        assertThat(fault("4001617f9f1e" + "62".repeat(3998))).isEmpty();
        assertThat(fault("be".repeat(2000))).hasValue(HpackDecoder.LIST);
    }

    /** The table is followed at the size the ends agreed on; only what was said last is remembered. */
    @Test
    void olderEntriesKeepTheirPlaceAndLoseTheirText() {
        decoder.allow(65_536);
        assertThat(fault("3fe1ff03")).isEmpty();
        for (int i = 0; i < 20; i++) {
            decoded("40 02 61%02x 7f e907".formatted('a' + i).replace(" ", "") + "78".repeat(1128));
        }
        List<String> last = decoded("be");
        assertThat(last.get(0)).startsWith("at: xxx");
        assertThat(decoded("bf").get(0)).startsWith("as: xxx");
        assertThat(decoded("cc")).containsExactly(HpackDecoder.UNKNOWN + ": ");
        assertThat(decoded("d1")).containsExactly(HpackDecoder.UNKNOWN + ": ");
        assertThat(fault("d2")).hasValue(HpackDecoder.INDEX);
    }

    private static ByteBuffer block(String hex) {
        return ByteBuffer.wrap(HexFormat.of().parseHex(hex));
    }
}

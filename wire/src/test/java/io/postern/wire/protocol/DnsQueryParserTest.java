package io.postern.wire.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import io.postern.wire.Parse;
import io.postern.wire.ParserContract;
import java.nio.ByteBuffer;
import java.util.HexFormat;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class DnsQueryParserTest {

    private static final DnsQueryParser PARSER = new DnsQueryParser();
    /** {@code a.example} */
    private static final String NAME = "0161 076578616d706c65 00";

    private static final String OPT = "00 0029 04d0 00000000 0000";
    private static final String PADDED = "00 0029 04d0 00000000 0008 000c 0004 00000000";
    private static final String SOA = "c00c 0006 0001 00000000 0002 0000";

    /** id | flags | QD AN NS AR | question | records */
    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            1234 0100 0001 0000 0000 0000 | 001c 0001 | ''     | 28  | 1
            0000 0000 0001 0000 0000 0000 | 0001 0001 | ''     | 1   | 1
            ffff 0120 0001 0000 0000 0001 | 0041 0001 | opt    | 65  | 1
            ffff 0130 0001 0000 0000 0001 | 0001 0001 | padded | 1   | 1
            0001 0000 0001 0000 0001 0000 | 00fb 0001 | soa    | 251 | 1
            0001 0000 0001 0000 0000 0000 | 0010 0003 | ''     | 16  | 3
            """)
    void keepsTheContract(String header, String question, String record, int type, int recordClass) {
        ParserContract.check(PARSER, query(header, NAME + question + records(record)), new DnsQuery(type, recordClass));
    }

    @Test
    void theRootMayBeAskedFor() {
        ParserContract.check(PARSER, query("1234 0100 0001 0000 0000 0000", "00 0002 0001"), new DnsQuery(2, 1));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            1234 8100 0001 0000 0000 0000 | 0001 0001 | ''
            1234 0900 0001 0000 0000 0000 | 0001 0001 | ''
            1234 0101 0001 0000 0000 0000 | 0001 0001 | ''
            1234 0140 0001 0000 0000 0000 | 0001 0001 | ''
            1234 0100 0002 0000 0000 0000 | 0001 0001 | ''
            1234 0100 0000 0000 0000 0000 | 0001 0001 | ''
            1234 0100 0001 0001 0000 0000 | 0001 0001 | ''
            1234 0100 0001 0000 0001 0000 | 0001 0001 | soa
            1234 0100 0001 0000 0000 0003 | 0001 0001 | ''
            1234 0100 0001 0000 0000 0001 | 0001 0001 | ''
            1234 0100 0001 0000 0000 0000 | 0001 0001 | opt
            1234 0100 0001 0000 0000 0000 | 0000 0001 | ''
            1234 0100 0001 0000 0000 0000 | 0001 0002 | ''
            1234 0100 0001 0000 0000 0000 | 0001      | ''
            """)
    void everyFieldMustBeAsAResolverWritesIt(String header, String question, String record) {
        ParserContract.refuses(PARSER, query(header, NAME + question + records(record)), new Parse.NotThis<>());
    }

    @ParameterizedTest
    @ValueSource(strings = {"40 61 00 0001 0001", "c00c 0001 0001", "05 61 00 0001 0001", "0161 0001 0001"})
    void theNameMustBeOne(String question) {
        ParserContract.refuses(PARSER, query("1234 0100 0001 0000 0000 0000", question), new Parse.NotThis<>());
    }

    @Test
    void aNameLongerThan255BytesIsNone() {
        String label = "3f" + "61".repeat(63);
        String rest = " 00 0001 0001";
        String header = "1234 0100 0001 0000 0000 0000";
        ParserContract.check(
                PARSER, query(header, label.repeat(3) + "3d" + "61".repeat(61) + rest), new DnsQuery(1, 1));
        ParserContract.refuses(PARSER, query(header, label.repeat(4) + rest), new Parse.NotThis<>());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"16030100c8010000c4", "474554202f20", "5353482d322e30", "0000", "0010", "0801", "00111234ffff"})
    void othersAreRefusedEarly(String hex) {
        byte[] bytes = new byte[40];
        byte[] begin = HexFormat.of().parseHex(hex);
        System.arraycopy(begin, 0, bytes, 0, begin.length);
        ParserContract.refuses(PARSER, bytes, new Parse.NotThis<>());
    }

    /** A message of somebody else's that begins with a length too is not held up for the rest of a header. */
    @Test
    void isRefusedAtTheFirstByteThatDoesNotFit() {
        byte[] other = HexFormat.of().parseHex("0074" + "6872" + "6f");
        assertThat(PARSER.parse(ByteBuffer.wrap(other, 0, 4))).isEqualTo(new Parse.NeedMore<>(19));
        assertThat(PARSER.parse(ByteBuffer.wrap(other))).isEqualTo(new Parse.NotThis<>());
    }

    /** Random bytes behind a length that fits: the length alone must not make them a query. */
    @Test
    void randomBytesAreNoQuery() {
        Random random = new Random(53);
        for (int i = 0; i < 200_000; i++) {
            byte[] bytes = new byte[2 + 17 + random.nextInt(60)];
            random.nextBytes(bytes);
            bytes[0] = 0;
            bytes[1] = (byte) (bytes.length - 2);
            assertThat(PARSER.parse(ByteBuffer.wrap(bytes))).isEqualTo(new Parse.NotThis<>());
        }
    }

    private static String records(String name) {
        return switch (name) {
            case "opt" -> OPT;
            case "padded" -> PADDED;
            case "soa" -> SOA;
            default -> "";
        };
    }

    private static byte[] query(String header, String rest) {
        byte[] message = HexFormat.of().parseHex((header + rest).replace(" ", ""));
        return ByteBuffer.allocate(2 + message.length)
                .putShort((short) message.length)
                .put(message)
                .array();
    }
}

package io.postern.wire.radius;

import static org.assertj.core.api.Assertions.assertThat;

import io.postern.wire.Parse;
import io.postern.wire.datagram.DatagramContract;
import java.nio.ByteBuffer;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RadiusParserTest {

    private static final String AUTHENTICATOR = "00112233445566778899aabbccddeeff";
    private static final String USER = "0106 4c433031";
    private static final String START = "2806 00000001";

    @Test
    void readsAPacketWithItsAttributes() {
        byte[] packet = packet(
                "04 07 0040", USER + START + "1a20 00000009 0113 6465766963652d7569643d4c4330313233 0207 7061697232");
        DatagramContract.check(
                new RadiusParser(),
                packet,
                new Parse.Done<>(
                        new RadiusPacket(
                                4,
                                7,
                                64,
                                List.of(
                                        new RadiusAttribute(0, 1, 22, "LC01"),
                                        new RadiusAttribute(0, 40, 28, "\0\0\0\1"),
                                        new RadiusAttribute(9, 1, 40, "device-uid=LC0123"),
                                        new RadiusAttribute(9, 2, 59, "pair2"))),
                        64));
    }

    @Test
    void whatFollowsThePacketIsNotOfIt() {
        byte[] packet = packet("04 07 001a", USER + "ffff");
        assertThat(new RadiusParser().parse(ByteBuffer.wrap(packet)))
                .isEqualTo(new Parse.Done<>(
                        new RadiusPacket(4, 7, 26, List.of(new RadiusAttribute(0, 1, 22, "LC01"))), 26));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            04 07 0013 |            | length from 20 to 4096
            04 07 1001 |            | length from 20 to 4096
            04 07 001b | 0106 4c433031 | the packet is shorter than its length
            04 07 0015 | 01         | an attribute's length is at least 2 and inside the packet
            04 07 0016 | 0101       | an attribute's length is at least 2 and inside the packet
            04 07 0019 | 0106 4c4330 | an attribute's length is at least 2 and inside the packet
            """)
    void whatBreaksItsLengthsIsMalformed(String head, String attributes, String rule) {
        byte[] packet = packet(head, attributes == null ? "" : attributes);
        assertThat(new RadiusParser().parse(ByteBuffer.wrap(packet)))
                .isInstanceOfSatisfying(
                        Parse.Malformed.class,
                        malformed -> assertThat(malformed.rule()).endsWith(rule));
    }

    @ParameterizedTest
    @CsvSource({"1a04 0000", "1a06 00000009", "1a08 00000009 0101", "1a08 00000009 0104", "1a08 00000000 0102"})
    void aVendorsAttributeOfAnotherFormIsPassedOver(String attribute) {
        int length = 20 + HexFormat.of().parseHex(attribute.replace(" ", "")).length;
        byte[] packet = packet("04 07 %04x".formatted(length), attribute);
        assertThat(new RadiusParser().parse(ByteBuffer.wrap(packet)))
                .isEqualTo(new Parse.Done<>(new RadiusPacket(4, 7, length, List.of()), length));
    }

    @Test
    void numbersHaveFourBytes() {
        assertThat(new RadiusAttribute(0, 40, 0, "\u00ff\0\0\1").number()).hasValue(0xFF000001L);
        assertThat(new RadiusAttribute(0, 40, 0, "\0\0\1").number()).isEmpty();
    }

    private static byte[] packet(String head, String attributes) {
        return HexFormat.of().parseHex((head + AUTHENTICATOR + attributes).replace(" ", ""));
    }
}

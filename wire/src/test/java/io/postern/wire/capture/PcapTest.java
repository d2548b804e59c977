package io.postern.wire.capture;

import io.postern.wire.Parse;
import io.postern.wire.ParserContract;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;

class PcapTest {

    private static final String LITTLE = "d4c3b2a1 0200 0400 00000000 00000000 ffff0000 01000000";
    private static final String BIG_NANOS = "a1b23c4d 0002 0004 00000000 00000000 0000ffff 00000065";

    private static final PcapHeader MICROS = new PcapHeader(true, false, PcapHeader.ETHERNET);
    private static final PcapHeader NANOS = new PcapHeader(false, true, 101);

    @Test
    void aCaptureSaysHowItIsWritten() {
        ParserContract.check(new PcapHeaderParser(), hex(LITTLE), MICROS);
        ParserContract.check(new PcapHeaderParser(), hex(BIG_NANOS), NANOS);
    }

    @Test
    void anotherMagicIsAnotherThing() {
        ParserContract.refuses(new PcapHeaderParser(), hex("0a0d0d0a" + "00".repeat(20)), new Parse.NotThis<>());
        ParserContract.refuses(
                new PcapHeaderParser(),
                hex(LITTLE.replace("0400", "0500")),
                new Parse.Malformed<>("draft-ietf-opsawg-pcap section 4: version 2.4"));
    }

    @Test
    void recordsAreReadAsTheCaptureSays() {
        ParserContract.check(
                new PcapRecordParser(MICROS),
                hex("80000000 40420f00 03000000 09000000 616263"),
                new PcapRecord(129_000, 16, 3));
        ParserContract.check(
                new PcapRecordParser(NANOS),
                hex("00000080 000f4240 00000003 00000009 616263"),
                new PcapRecord(128_001, 16, 3));
    }

    @Test
    void aRecordIsNoLargerThanAPacketCanBe() {
        ParserContract.refuses(
                new PcapRecordParser(NANOS),
                hex("00000080 000f4240 7fffffff 00000009"),
                new Parse.Malformed<>("a record keeps at most 66559 bytes"));
    }

    private static byte[] hex(String text) {
        return HexFormat.of().parseHex(text.replace(" ", ""));
    }
}

package io.postern.wire.capture;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class CaptureReaderTest {

    private static final byte[] FRAME = HexFormat.of().parseHex("0102030405");
    private static final byte[] OTHER = HexFormat.of().parseHex("aabb");

    /** As {@link OwnedPacketParserTest} has it. */
    private static final String OWNED = OwnedPacketParserTest.UDP;

    /** A frame as one line. */
    private final List<String> frames = new ArrayList<>();

    private void frame(Frame frame) {
        byte[] kept = new byte[frame.to() - frame.from()];
        frame.bytes().get(frame.from(), kept);
        Owner owner = frame.owner();
        frames.add(
                frame.linkType() + " " + frame.micros() + " " + HexFormat.of().formatHex(kept) + " of "
                        + frame.wireLength()
                        + (owner == null ? "" : " " + owner.uid() + "/" + owner.packageName() + "/" + owner.label()));
    }

    @ParameterizedTest
    @CsvSource({
        "true, a1b2c3d4, 7000009",
        "false, a1b2c3d4, 7000009",
        "true, a1b23c4d, 7000000",
        "false, a1b23c4d, 7000000"
    })
    void readsRecordsOfEitherOrderAndClock(boolean little, String magic, long micros) {
        TestingCapture capture = little ? TestingCapture.little() : TestingCapture.big();
        capture.pcap(HexFormat.fromHexDigits(magic), 101).record(7, 9, FRAME, 5).record(8, 0, OTHER, 60);
        assertThat(faultOf(capture)).isEmpty();
        assertThat(frames).containsExactly("101 " + micros + " 0102030405 of 5", "101 8000000 aabb of 60");
    }

    @Test
    void readsKuznetzovsLongerRecords() {
        TestingCapture capture = TestingCapture.little().pcap(0xA1B2CD34, 1);
        capture.u32(7).u32(0).u32(2).u32(2).u32(3).hex("0800 00 00").raw(OTHER);
        assertThat(faultOf(capture)).isEmpty();
        assertThat(frames).containsExactly("1 7000000 aabb of 2");
    }

    /** A capture's time is unsigned: files of after 2038 are read. */
    @Test
    void timeGoesOn() {
        assertThat(faultOf(TestingCapture.little().pcap(0xA1B2C3D4, 1).record(-1, 0, OTHER, 2)))
                .isEmpty();
        assertThat(frames).containsExactly("1 4294967295000000 aabb of 2");
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void readsBlocksOfEitherOrder(boolean little) {
        TestingCapture capture = little ? TestingCapture.little() : TestingCapture.big();
        TestingCapture none = capture.part();
        TestingCapture nanos = capture.part().option(9, new byte[] {9}).option(14, seconds(capture, 100));
        capture.section()
                .describe(1, 0, none)
                .describe(101, 4, nanos)
                .block(0x0BAD, capture.part().u32(1))
                .block(5, capture.part().u32(0).u64(0))
                .enhanced(0, 5_000_001, FRAME, 9, none)
                .enhanced(1, 5_000_001_999L, OTHER, 2, none)
                .block(3, capture.part().u32(2).raw(OTHER))
                .block(
                        2,
                        capture.part()
                                .u16(1)
                                .u16(7)
                                .u32(0)
                                .u32(2_000)
                                .u32(2)
                                .u32(3)
                                .raw(OTHER));
        assertThat(faultOf(capture)).isEmpty();
        assertThat(frames)
                .containsExactly(
                        "1 5000001 0102030405 of 9",
                        "101 105000001 aabb of 2",
                        "1 105000001 aabb of 2",
                        "101 100000002 aabb of 3");
    }

    @Test
    void simplePacketsAreCutByTheirInterface() {
        TestingCapture capture = TestingCapture.little();
        capture.section()
                .describe(1, 3, capture.part())
                .block(3, capture.part().u32(900).raw(FRAME));
        assertThat(faultOf(capture)).isEmpty();
        assertThat(frames).containsExactly("1 0 010203 of 900");
    }

    @Test
    void sectionsHaveTheirOwnInterfacesAndOrder() {
        TestingCapture first = TestingCapture.little();
        first.section().describe(1, 0, first.part()).enhanced(0, 1, OTHER, 2, first.part());
        TestingCapture second = TestingCapture.big();
        second.section().describe(101, 0, second.part()).enhanced(0, 2, OTHER, 2, second.part());
        assertThat(faultOf(first.raw(second.bytes()))).isEmpty();
        assertThat(frames).containsExactly("1 1 aabb of 2", "101 2 aabb of 2");
    }

    @Test
    void aBinaryClockIsRead() {
        PcapngClock clock = new PcapngClock(0x80 | 32, 0);
        assertThat(clock.micros(3L << 32 | 1L << 31)).isEqualTo(3_500_000);
        assertThat(new PcapngClock(0x80 | 63, 0).micros(3L << 61)).isEqualTo(750_000);
        assertThat(new PcapngClock(0, -2).micros(5)).isEqualTo(3_000_000);
        assertThat(new PcapngClock(19, 0).micros(-1)).isEqualTo(1_844_674);
        assertThat(new PcapngClock(20, 0).micros(-1)).isZero();
    }

    @Test
    void aTrailerSaysWhoseAFrameIs() {
        byte[] frame = HexFormat.of().parseHex(OWNED);
        byte[] forged = frame.clone();
        forged[40] ^= 1;
        TestingCapture capture = TestingCapture.little().pcap(0xA1B2C3D4, 1);
        capture.record(1, 0, frame, frame.length).record(2, 0, forged, frame.length);
        assertThat(faultOf(capture)).isEmpty();
        String packet = OWNED.substring(0, OWNED.length() - 64);
        assertThat(frames.get(0))
                .isEqualTo("1 1000000 " + packet + " of " + packet.length() / 2 + " 10124//A label that is cut ");
        assertThat(frames.get(1)).endsWith(" of " + frame.length);
    }

    @Test
    void commentsSayWhoseAPacketIsOnceItsAppIsKnown() {
        TestingCapture capture = TestingCapture.little();
        capture.section()
                .describe(101, 0, capture.part())
                .enhanced(0, 1, OTHER, 2, comment(capture, "u-10124"))
                .block(0x0BAD, app(capture, 62_652, 1, 10_124, "org.example.app", "Ü"))
                .block(0x0BAD, app(capture, 62_652, 1, 10_124, "org.example.second", ""))
                .block(0x0BAD, app(capture, 1, 1, 7, "org.example.not", "Not"))
                .block(0x40000BAD, app(capture, 62_652, 1, -1, "", "Unknown"))
                .enhanced(0, 2, OTHER, 2, comment(capture, "hello"))
                .enhanced(
                        0,
                        3,
                        OTHER,
                        2,
                        comment(capture, "hello")
                                .raw(comment(capture, "u-10124").bytes()))
                .enhanced(0, 4, OTHER, 2, comment(capture, "u--1"))
                .enhanced(0, 5, OTHER, 2, comment(capture, "u-7"))
                .enhanced(0, 6, OTHER, 2, comment(capture, "u-10124x"));
        assertThat(faultOf(capture)).isEmpty();
        assertThat(frames)
                .containsExactly(
                        "101 1 aabb of 2",
                        "101 2 aabb of 2",
                        "101 3 aabb of 2 10124/org.example.app/Ü",
                        "101 4 aabb of 2 -1//Unknown",
                        "101 5 aabb of 2",
                        "101 6 aabb of 2");
    }

    @Test
    void whatIsWrongIsSaidWithItsPlace() {
        TestingCapture pcap = TestingCapture.little().pcap(0xA1B2C3D4, 1).record(1, 0, FRAME, 5);
        int at = pcap.bytes().length;
        assertThat(faultOf(TestingCapture.little())).isEqualTo("byte 0: capture is empty");
        assertThat(faultOf(TestingCapture.little().u32(7))).isEqualTo("byte 0: is neither pcap nor pcapng");
        assertThat(faultOf(TestingCapture.little()
                        .u32(0xA1B2C3D4)
                        .u16(3)
                        .u16(0)
                        .u64(0)
                        .u64(0)))
                .isEqualTo("byte 0: version is 3.0, must be 2.2 to 2.4");
        assertThat(faultOf(TestingCapture.little().raw(Arrays.copyOf(pcap.bytes(), 20))))
                .isEqualTo("byte 0: ends inside a header: has 20 of 24 bytes");
        assertThat(faultOf(TestingCapture.little().raw(Arrays.copyOf(pcap.bytes(), at - 1))))
                .isEqualTo("byte 24: ends inside a record: has 20 of 21 bytes");
        assertThat(faultOf(pcap.u32(0).u32(0).u32(-1).u32(0)))
                .isEqualTo("byte " + at + ": a record keeps 4294967295 bytes, must be at most 262144");
        assertThat(frames).containsExactly("1 1000000 0102030405 of 5");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
                    06000000 0e000000 00000000000000000000 | length of a block is 14, must be a multiple of 4 and at least 12
                    06000000 00000002 000000000000000000000000 | length of a block is 33554432, must be at most 16777216
                    06000000 10000000 00000000 14000000 | a block ends with another length than it begins with
                    06000000 10000000 00000000 10000000 | a block is too short for what it is
                    03000000 10000000 00000000 10000000 | a simple packet comes before any interface
                    0a0d0d0a 1c000000 11223344 01000000 ffffffffffffffff 1c000000 | a section's order of bytes is neither big nor little endian
                    0a0d0d0a 1c000000 4d3c2b1a 02000000 ffffffffffffffff 1c000000 | version is 2.0, must be 1.0
                    ffff0000 fcffff7f 0000000000000000 | ends inside a block: 2147483628 bytes are missing
                    """)
    void brokenBlocksAreToldApart(String block, String what) {
        TestingCapture capture = TestingCapture.little().section();
        int at = capture.bytes().length;
        assertThat(faultOf(capture.hex(block))).isEqualTo("byte " + at + ": " + what);
    }

    @Test
    void packetsAreOfInterfacesAndInsideOfTheirBlocks() {
        TestingCapture capture = TestingCapture.little().section();
        TestingCapture none = capture.part();
        capture.describe(1, 0, none).enhanced(0, 1, OTHER, 2, none);
        int at = capture.bytes().length;
        TestingCapture unknown = TestingCapture.little().raw(capture.bytes()).enhanced(1, 1, OTHER, 2, none);
        assertThat(faultOf(unknown))
                .isEqualTo("byte " + at + ": a packet is of interface 1, must be of one of the 1 before it");
        TestingCapture wide = TestingCapture.little().raw(capture.bytes());
        wide.block(6, capture.part().u32(0).u64(0).u32(9).u32(9).raw(FRAME));
        assertThat(faultOf(wide))
                .isEqualTo("byte " + at + ": a packet keeps 9 bytes, must be at most the 8 of its block");
        assertThat(frames).containsExactly("1 1 aabb of 2", "1 1 aabb of 2");
    }

    /** However a file is shown in windows, its frames and its fault are the same. */
    @Test
    void windowsMakeNoDifference() {
        TestingCapture capture = TestingCapture.little().section();
        TestingCapture none = capture.part();
        capture.describe(1, 0, none)
                .enhanced(0, 1, OTHER, 2, none)
                .block(0x7777, capture.part().raw(new byte[300]))
                .enhanced(0, 2, FRAME, 5, none)
                .u32(6);
        byte[] all = capture.bytes();
        String fault = faultOf(capture);
        assertThat(fault).isEqualTo("byte " + (all.length - 4) + ": ends inside a block: has 4 of 12 bytes");
        List<String> whole = List.copyOf(frames);
        for (int size = 1; size <= all.length; size++) {
            frames.clear();
            assertThat(faultOf(all, size)).as("windows of %s", size).isEqualTo(fault);
            assertThat(frames).as("windows of %s", size).isEqualTo(whole);
        }
    }

    private String faultOf(TestingCapture capture) {
        return faultOf(capture.bytes(), Integer.MAX_VALUE);
    }

    private String faultOf(byte[] all, int window) {
        CaptureReader reader = new CaptureReader(this::frame);
        int at = 0;
        while (at < all.length) {
            int shown = (int) Math.min(all.length - at, Math.max((long) window, reader.needs()));
            int consumed = reader.read(ByteBuffer.wrap(all, at, shown));
            at += consumed;
            if (consumed == 0 && (reader.fault().isPresent() || shown == all.length - at)) {
                break;
            }
        }
        assertThat(reader.offset()).isEqualTo(at);
        return reader.end(all.length - at).map(CaptureFault::text).orElse("");
    }

    private static byte[] seconds(TestingCapture capture, long seconds) {
        return capture.part().u64(seconds).bytes();
    }

    private static TestingCapture comment(TestingCapture capture, String text) {
        return capture.part().option(1, text.getBytes(StandardCharsets.UTF_8));
    }

    private static TestingCapture app(
            TestingCapture capture, int enterprise, int version, int uid, String packageName, String label) {
        byte[] first = packageName.getBytes(StandardCharsets.UTF_8);
        byte[] second = label.getBytes(StandardCharsets.UTF_8);
        return capture.part()
                .u32(enterprise)
                .u16(version)
                .hex("01 00")
                .u32(uid)
                .raw(new byte[] {(byte) first.length, (byte) second.length})
                .raw(first)
                .raw(second);
    }
}

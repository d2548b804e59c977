package io.postern.wire.capture;

import java.io.ByteArrayOutputStream;
import java.util.HexFormat;

/** Writes captures by hand, in either order of bytes. */
public final class TestingCapture {

    private final boolean little;
    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();

    private TestingCapture(boolean little) {
        this.little = little;
    }

    public static TestingCapture little() {
        return new TestingCapture(true);
    }

    static TestingCapture big() {
        return new TestingCapture(false);
    }

    public TestingCapture u32(int value) {
        return number(value, 4);
    }

    TestingCapture u16(int value) {
        return number(value, 2);
    }

    TestingCapture u64(long value) {
        return number(value, 8);
    }

    private TestingCapture number(long value, int count) {
        for (int i = 0; i < count; i++) {
            bytes.write((int) (value >>> (little ? 8 * i : 8 * (count - 1 - i))));
        }
        return this;
    }

    public TestingCapture hex(String digits) {
        return raw(HexFormat.of().parseHex(digits.replace(" ", "")));
    }

    public TestingCapture raw(byte[] some) {
        bytes.writeBytes(some);
        return this;
    }

    public TestingCapture pcap(int magic, int linkType) {
        return u32(magic).u16(2).u16(4).u64(0).u32(65_535).u32(linkType);
    }

    public TestingCapture record(int seconds, int fraction, byte[] frame, int wireLength) {
        return u32(seconds).u32(fraction).u32(frame.length).u32(wireLength).raw(frame);
    }

    public TestingCapture section() {
        return block(0x0A0D0D0A, part().u32(0x1A2B3C4D).u16(1).u16(0).u64(-1));
    }

    public TestingCapture describe(int linkType, int snapLength, TestingCapture options) {
        return block(1, part().u16(linkType).u16(0).u32(snapLength).raw(options.bytes()));
    }

    public TestingCapture enhanced(int number, long ticks, byte[] frame, int wireLength, TestingCapture options) {
        return block(
                6,
                part().u32(number)
                        .u32((int) (ticks >>> 32))
                        .u32((int) ticks)
                        .u32(frame.length)
                        .u32(wireLength)
                        .raw(frame)
                        .padded()
                        .raw(options.bytes()));
    }

    TestingCapture block(int type, TestingCapture body) {
        int length = 12 + body.padded().bytes.size();
        return u32(type).u32(length).raw(body.bytes()).u32(length);
    }

    TestingCapture option(int code, byte[] value) {
        return u16(code).u16(value.length).raw(value).padded();
    }

    /** Empty, in the same order of bytes. */
    public TestingCapture part() {
        return new TestingCapture(little);
    }

    private TestingCapture padded() {
        while (bytes.size() % 4 != 0) {
            bytes.write(0);
        }
        return this;
    }

    public byte[] bytes() {
        return bytes.toByteArray();
    }
}

package io.postern.wire.capture;

import io.postern.wire.Parse;
import io.postern.wire.Parser;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * Reads one record of a capture whole, draft-ietf-opsawg-pcap section 5.
 *
 * <pre>
 * seconds 32 | fraction 32 | length kept 32 | length on the wire 32 | what was kept
 * </pre>
 */
public final class PcapRecordParser implements Parser<PcapRecord> {

    static final int HEADER = 16;

    /** Ours: the largest IP packet and what is put around it. */
    static final int MOST = 65_535 + 1_024;

    private final PcapHeader header;

    public PcapRecordParser(PcapHeader header) {
        this.header = header;
    }

    @Override
    public Parse<PcapRecord> parse(ByteBuffer bytes) {
        if (bytes.remaining() < HEADER) {
            return new Parse.NeedMore<>(HEADER);
        }
        ByteBuffer record = bytes.slice().order(header.littleEndian() ? ByteOrder.LITTLE_ENDIAN : ByteOrder.BIG_ENDIAN);
        long kept = Integer.toUnsignedLong(record.getInt(8));
        if (kept > MOST) {
            return new Parse.Malformed<>("a record keeps at most " + MOST + " bytes");
        }
        int total = HEADER + (int) kept;
        if (bytes.remaining() < total) {
            return new Parse.NeedMore<>(total);
        }
        long fraction = Integer.toUnsignedLong(record.getInt(4)) / (header.nanos() ? 1_000_000 : 1_000);
        long millis = Integer.toUnsignedLong(record.getInt(0)) * 1_000 + fraction;
        return new Parse.Done<>(new PcapRecord(millis, HEADER, (int) kept), total);
    }
}

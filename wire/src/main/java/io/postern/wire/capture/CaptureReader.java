package io.postern.wire.capture;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Reads a capture window by window, pcap or pcapng as its first bytes say.
 *
 * <pre>
 * long at = 0;
 * while (at &lt; size) {
 *     int consumed = reader.read(map(at));     // a window from there, of needs() bytes or more unless the capture ends
 *     at += consumed;
 *     if (consumed == 0) break;
 * }
 * reader.end(size - at);                       // what is wrong with it, if anything
 * </pre>
 *
 * Whole frames are given as they come; after the first fault no more are. Holds no bytes; what it keeps is bounded by the
 * interfaces and apps of a section. For one thread.
 */
public final class CaptureReader {

    /** What is longer cannot be a record or a packet block, and is a fault; windows of this much always get on. */
    public static final int MOST = 16 * 1024 * 1024;

    /** What tells the formats from each other. */
    private static final int MAGIC = 4;

    static final String UNKNOWN = "is neither pcap nor pcapng";
    static final String EMPTY = "capture is empty";

    private final FrameSink frames;
    private @Nullable CaptureFormat format;
    private @Nullable CaptureFault fault;
    private long offset;
    private long skip;

    /** Where what is to be skipped begins. */
    private long skipped;

    private int needs = MAGIC;

    public CaptureReader(FrameSink frames) {
        this.frames = frames;
    }

    /**
     * Gives the frames that are whole between position and limit, and moves neither.
     *
     * @return how many bytes were used, from the position; what follows them begins the next window. None when the window
     *     has too few ({@link #needs()} says how many it must have) or the capture is broken ({@link #fault()})
     */
    public int read(ByteBuffer window) {
        ByteBuffer bytes = window.duplicate().order(ByteOrder.BIG_ENDIAN);
        int from = bytes.position();
        int end = bytes.limit();
        int at = from + (int) Math.min(skip, end - from);
        skip -= at - from;
        while (fault == null && skip == 0) {
            CaptureFormat current = format(bytes, at, end);
            if (current == null) {
                break;
            }
            long length = current.next(bytes, at, end);
            if (length < 0) {
                needs = (int) -length;
                break;
            }
            if (length == CaptureFormat.BROKEN) {
                fault = new CaptureFault(offset + at - from, current.fault());
                break;
            }
            needs = MAGIC;
            skipped = offset + at - from;
            skip = Math.max(0, length - (end - at));
            at += (int) (length - skip);
        }
        offset += at - from;
        return at - from;
    }

    /** How many bytes the next window must have at least, unless the capture ends before; at most {@link #MOST}. */
    public int needs() {
        return needs;
    }

    /** How many bytes were used so far. */
    public long offset() {
        return offset;
    }

    /** What is wrong, once something is. */
    public Optional<CaptureFault> fault() {
        return Optional.ofNullable(fault);
    }

    /**
     * There are no more bytes.
     *
     * @param left how many were shown and not used
     * @return what is wrong with the capture: what was found before, or that it ends inside of something
     */
    public Optional<CaptureFault> end(long left) {
        if (fault == null && offset + left == 0) {
            fault = new CaptureFault(0, EMPTY);
        } else if (fault == null && (left > 0 || skip > 0)) {
            String unit = format == null ? "header" : format.unit();
            String known = skip > 0 ? skip + " bytes are missing" : "has " + left + " of " + needs + " bytes";
            fault = new CaptureFault(skip > 0 ? skipped : offset, "ends inside a " + unit + ": " + known);
        }
        return fault();
    }

    private @Nullable CaptureFormat format(ByteBuffer bytes, int at, int end) {
        if (format != null) {
            return format;
        }
        if (end - at < MAGIC) {
            needs = MAGIC;
            return null;
        }
        int magic = bytes.getInt(at);
        if (magic == PcapngFormat.SECTION) {
            format = new PcapngFormat(frames);
        } else if (PcapFormat.begins(magic)) {
            format = new PcapFormat(frames);
        } else {
            fault = new CaptureFault(offset, UNKNOWN);
        }
        return format;
    }
}

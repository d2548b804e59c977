package io.postern.wire.capture;

import java.nio.ByteBuffer;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Reads a capture window by window, pcap or pcapng as its first bytes say.
 *
 * <pre>
 * long at = 0;
 * while (at < size) {
 *     int consumed = reader.read(map(at));     // a window from there, of needs() bytes or more unless the capture ends
 *     at += consumed;
 *     if (consumed == 0) break;
 * }
 * reader.end();                                // what is wrong with it, if anything
 * </pre>
 *
 * Whole frames are given as they come; after the first fault no more are. For one thread.
 */
public final class CaptureReader {

    /** What is longer cannot be a record or a packet block, and is a fault; windows of this much always get on. */
    public static final int MOST = 16 * 1024 * 1024;

    private final FrameSink frames;
    private @Nullable CaptureFault fault;

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
        if (window.remaining() > MOST) {
            frames.frame(new Frame());
        }
        return 0;
    }

    /** How many bytes the next window must have at least, unless the capture ends before; at most {@link #MOST}. */
    public int needs() {
        return 24;
    }

    /** How many bytes were used so far. */
    public long offset() {
        return 0;
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
        fault = left == 0 ? fault : new CaptureFault(0, "");
        return fault();
    }
}

package io.postern.gateway.replay;

import io.postern.wire.capture.CaptureFault;
import io.postern.wire.capture.CaptureReader;
import io.postern.wire.capture.FrameSink;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ReadableByteChannel;
import java.util.Optional;

/** Reads one capture through a window of memory: a file of any length, a pipe too. */
final class CaptureFile {

    private static final int WINDOW = 4 * 1024 * 1024;

    private ByteBuffer window = ByteBuffer.allocateDirect(WINDOW);

    /**
     * Gives every frame that is whole.
     *
     * @param read told each time that some were read
     * @return what is wrong with the capture, if anything
     */
    Optional<CaptureFault> read(ReadableByteChannel capture, FrameSink frames, Runnable read) throws IOException {
        CaptureReader reader = new CaptureReader(frames);
        window.clear();
        boolean more = true;
        while (more && reader.fault().isEmpty()) {
            more = capture.read(window) >= 0;
            window.flip();
            int used = reader.read(window);
            window.position(used);
            makeRoom(reader.needs());
            read.run();
        }
        return reader.end(window.position());
    }

    /** Moves what was not used to the front of a window of at least so many bytes. */
    private void makeRoom(int needed) {
        if (needed <= window.capacity()) {
            window.compact();
        } else {
            window = ByteBuffer.allocateDirect(needed).put(window);
        }
    }
}

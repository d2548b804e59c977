package io.postern.gateway.recognise;

import java.nio.ByteBuffer;

/**
 * Shows a {@link PayloadWatch} the bodies of one direction of an HTTP/2 connection, one stream's after another's: what other
 * streams carry meanwhile is not looked at. Which bodies are compressed is remembered of the last {@value #REMEMBERED}
 * streams whose heads said so; a body that begins later than that is taken for plain. Not for several threads.
 */
final class StreamBodies {

    static final int REMEMBERED = 64;

    private final PayloadWatch watch;
    private final int[] packed = new int[REMEMBERED];
    private int heads;
    /** Whose body is shown; 0, the connection's own, is nobody's. */
    private int shown;

    StreamBodies(PayloadWatch watch) {
        this.watch = watch;
    }

    /** Its head said that its body is compressed. */
    void packed(int stream) {
        packed[heads++ & REMEMBERED - 1] = stream;
    }

    void some(int stream, ByteBuffer bytes, int from, int to) {
        if (stream != shown && (shown == 0 || !watch.wants())) {
            shown = stream;
            watch.begins(says(stream));
        }
        if (stream == shown) {
            watch.some(bytes, from, to);
        }
    }

    private boolean says(int stream) {
        for (int each : packed) {
            if (each == stream) {
                return true;
            }
        }
        return false;
    }

    void ended(int stream) {
        if (stream == shown) {
            shown = 0;
            watch.ends();
        }
    }

    /** It was cut off: what there is of its body is no whole message. */
    void reset(int stream) {
        if (stream == shown) {
            shown = 0;
        }
    }
}

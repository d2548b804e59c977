package io.postern.wire.http;

import java.nio.charset.StandardCharsets;
import java.util.List;

/** The framing of a chunked body as we send it: no extensions, trailers as given. */
public final class ChunkWriter {

    private static final byte[] DATA_END = {'\r', '\n'};

    /**
     * What goes before a chunk's data.
     *
     * @param bytes of data, at least 1: zero would end the body
     */
    public static byte[] start(int bytes) {
        if (bytes < 1) {
            throw new IllegalArgumentException("a chunk of " + bytes + " bytes, must be at least 1");
        }
        return (Integer.toHexString(bytes) + "\r\n").getBytes(StandardCharsets.US_ASCII);
    }

    /** What goes after a chunk's data. */
    public static byte[] end() {
        return DATA_END.clone();
    }

    /** The last chunk, the trailers and the end of the body. */
    public static byte[] last(List<Field> trailers) {
        return HeadWriter.section(new StringBuilder("0\r\n"), trailers);
    }

    private ChunkWriter() {}
}

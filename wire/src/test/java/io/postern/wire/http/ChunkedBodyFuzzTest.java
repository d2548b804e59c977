package io.postern.wire.http;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/** However cut, the same data and the same end; and what we write of it reads back to the same. */
class ChunkedBodyFuzzTest {

    private static final HttpLimits LIMITS = new HttpLimits(64, 256, 4, 64, 32);

    @FuzzTest
    void readsAnything(byte[] bytes) {
        ChunkedBodyTest.Reading whole = ChunkedBodyTest.read(List.of(ByteBuffer.wrap(bytes)), LIMITS);
        assertThat(ChunkedBodyTest.read(pieces(bytes, 1), LIMITS)).isEqualTo(whole);
        assertThat(ChunkedBodyTest.read(pieces(bytes, 3), LIMITS)).isEqualTo(whole);
        if (whole.end() instanceof ChunkedBody.End end) {
            byte[] written = written(Heads.bytes(whole.data()), end.trailers());
            assertThat(ChunkedBodyTest.read(List.of(ByteBuffer.wrap(written)), HttpLimits.DEFAULTS))
                    .isEqualTo(new ChunkedBodyTest.Reading(whole.data(), end, written.length));
        }
    }

    private static byte[] written(byte[] data, List<Field> trailers) {
        ByteArrayOutputStream written = new ByteArrayOutputStream();
        if (data.length > 0) {
            written.writeBytes(ChunkWriter.start(data.length));
            written.writeBytes(data);
            written.writeBytes(ChunkWriter.end());
        }
        written.writeBytes(ChunkWriter.last(trailers));
        return written.toByteArray();
    }

    private static List<ByteBuffer> pieces(byte[] bytes, int size) {
        List<ByteBuffer> pieces = new ArrayList<>();
        for (int from = 0; from < bytes.length; from += size) {
            pieces.add(ByteBuffer.wrap(bytes, from, Math.min(size, bytes.length - from)));
        }
        return pieces;
    }
}

package io.postern.wire.http2;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.nio.ByteBuffer;
import java.util.List;

/** Whatever either end says does no harm, and the same is told however it is cut. */
class Http2FuzzTest {

    @FuzzTest
    void watchesAnything(byte[] bytes) {
        List<String> whole = watch(bytes, Math.max(1, bytes.length));
        assertThat(watch(bytes, 1)).isEqualTo(whole);
        assertThat(watch(bytes, 11)).isEqualTo(whole);
    }

    private static List<String> watch(byte[] bytes, int piece) {
        Http2WatcherTest.Told told = new Http2WatcherTest.Told();
        Http2Watcher watcher = new Http2Watcher(Http2Limits.DEFAULTS, told);
        for (int at = 0; at < bytes.length; at += piece) {
            watcher.fromServer(ByteBuffer.wrap(bytes, at, Math.min(piece, bytes.length - at)));
        }
        for (int at = 0; at < bytes.length; at += piece) {
            watcher.fromClient(ByteBuffer.wrap(bytes, at, Math.min(piece, bytes.length - at)));
        }
        return told.lines;
    }

    @FuzzTest
    void decodesAnything(byte[] bytes) {
        HpackDecoder decoder = new HpackDecoder(64 * 1024, 64 * 1024);
        for (int i = 0; i < 3; i++) {
            decoder.decode(ByteBuffer.wrap(bytes), (name, value) -> {
                assertThat(name).isNotEmpty().hasSizeLessThanOrEqualTo(HpackDecoder.MOST_VALUE);
                assertThat(value).hasSizeLessThanOrEqualTo(HpackDecoder.MOST_VALUE);
            });
        }
    }
}

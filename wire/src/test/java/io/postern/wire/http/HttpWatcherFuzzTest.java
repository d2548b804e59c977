package io.postern.wire.http;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/** Whatever either end says does no harm, and the same is told however it is cut. */
class HttpWatcherFuzzTest {

    /** The first byte says after how many the server speaks. */
    @FuzzTest
    void watchesAnything(byte[] bytes) {
        int client = bytes.length == 0 ? 0 : Math.min(bytes.length, 1 + (bytes[0] & 0xFF));
        List<String> whole = watch(bytes, client, bytes.length);
        assertThat(watch(bytes, client, 1)).isEqualTo(whole);
        assertThat(watch(bytes, client, 7)).isEqualTo(whole);
    }

    private static List<String> watch(byte[] bytes, int client, int piece) {
        List<String> told = new ArrayList<>();
        HttpWatcher watcher = new HttpWatcher(new Listener(told));
        for (int at = Math.min(1, bytes.length); at < bytes.length; ) {
            int end = at < client ? client : bytes.length;
            int length = Math.min(piece, end - at);
            ByteBuffer some = ByteBuffer.wrap(bytes, at, length);
            if (at < client) {
                watcher.fromClient(some);
            } else {
                watcher.fromServer(some);
            }
            at += length;
        }
        return told;
    }

    private record Listener(List<String> told) implements HttpListener {

        @Override
        public void request(RequestFacts request, int headBytes) {
            assertThat(request.method()).hasSizeBetween(1, 32);
            assertThat(request.authority().orElse("")).hasSizeLessThanOrEqualTo(RequestFacts.LONGEST_TEXT);
            assertThat(request.userAgent().orElse("")).hasSizeLessThanOrEqualTo(RequestFacts.LONGEST_TEXT);
            told.add(request.toString() + headBytes);
        }

        @Override
        public void dns() {
            told.add("dns");
        }

        @Override
        public void requestEnded(long bodyBytes) {
            told.add("request ended " + bodyBytes);
        }

        @Override
        public void response(int status, int headBytes) {
            told.add("response " + status + ' ' + headBytes);
        }

        @Override
        public void responseEnded(long bodyBytes) {
            told.add("response ended " + bodyBytes);
        }

        @Override
        public void turned(Turn turn) {
            told.add(turn.name());
        }

        @Override
        public void lost(String rule) {
            told.add(rule);
        }
    }
}

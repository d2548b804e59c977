package io.postern.wire.http;

import static io.postern.wire.http.Heads.REQUESTS;
import static io.postern.wire.http.Heads.bytes;
import static io.postern.wire.http.Heads.head;
import static org.assertj.core.api.Assertions.assertThat;

import io.postern.wire.Cuts;
import io.postern.wire.Parse;
import io.postern.wire.Parser;
import java.nio.ByteBuffer;
import java.util.List;
import org.junit.jupiter.api.Test;

class HeadReaderTest {

    private static final int ROOM = HttpLimits.DEFAULTS.head();

    @Test
    void everyCutComesToTheParsersAnswer() {
        byte[] request = head("GET http://a/ HTTP/1.1", "Host: a", "A: b");
        assertThat(Cuts.check(request, HeadReaderTest::readAll)).isEqualTo(REQUESTS.parse(ByteBuffer.wrap(request)));
        byte[] bareFeeds = bytes("GET / HTTP/1.1\nA: b\n\n");
        assertThat(Cuts.check(bareFeeds, HeadReaderTest::readAll)).isInstanceOf(Parse.Malformed.class);
    }

    @Test
    void aHeadByteByByteIsReadInLinearWork() {
        byte[] request = head("GET http://a/ HTTP/1.1", "Host: a", "A: " + "b".repeat(20_000));
        long[] shown = {0};
        Parser<RequestHead> counting = bytes -> {
            shown[0] += bytes.remaining();
            return REQUESTS.parse(bytes);
        };
        HeadReader<RequestHead> reader = new HeadReader<>(counting, ROOM);
        Parse<RequestHead> parse = new Parse.NeedMore<>(1);
        for (int i = 1; i <= request.length; i++) {
            parse = reader.read(ByteBuffer.wrap(request, 0, i));
        }
        assertThat(parse).isInstanceOf(Parse.Done.class);
        assertThat(shown[0]).isLessThan(3L * request.length);
    }

    @Test
    void isDecidedWhenTheRoomIsUsedUp() {
        HttpLimits limits = new HttpLimits(64, 256, 10, 64, 16);
        HeadReader<RequestHead> reader = new HeadReader<>(new RequestHeadParser(limits), limits.head());
        byte[] endless = bytes("GET / HTTP/1.1\r\nA: " + "b".repeat(1000));
        for (int shown = 1; shown < limits.head(); shown++) {
            reader.read(ByteBuffer.wrap(endless, 0, shown));
        }
        assertThat(reader.read(ByteBuffer.wrap(endless, 0, limits.head()))).isInstanceOf(Parse.Malformed.class);
    }

    private static Parse<RequestHead> readAll(List<ByteBuffer> pieces) {
        HeadReader<RequestHead> reader = new HeadReader<>(REQUESTS, ROOM);
        ByteBuffer held = ByteBuffer.allocate(1024);
        Parse<RequestHead> parse = new Parse.NeedMore<>(1);
        for (ByteBuffer piece : pieces) {
            held.put(piece.duplicate());
            parse = reader.read(held.duplicate().flip());
        }
        return parse;
    }
}

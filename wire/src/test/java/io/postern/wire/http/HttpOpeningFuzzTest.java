package io.postern.wire.http;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.postern.wire.FuzzedCuts;
import io.postern.wire.Parse;
import java.nio.ByteBuffer;

/** Certain stays certain at every cut, room is never exceeded, and what the strict parser reads is recognised. */
class HttpOpeningFuzzTest {

    private static final int ROOM = 512;
    private static final HttpOpeningParser PARSER = new HttpOpeningParser(ROOM);

    @FuzzTest
    void readsAnything(byte[] bytes) {
        Parse<HttpOpening> whole = PARSER.parse(ByteBuffer.wrap(bytes));
        assertThat(whole).isNotInstanceOf(Parse.Malformed.class);
        FuzzedCuts.agree(PARSER, bytes, whole);
        if (whole instanceof Parse.NeedMore<HttpOpening> more) {
            assertThat(more.total()).isLessThanOrEqualTo(ROOM);
        }
        Parse<RequestHead> strict = Heads.REQUESTS.parse(ByteBuffer.wrap(bytes));
        if (strict instanceof Parse.Done<RequestHead> done
                && done.consumed() <= ROOM
                && done.value().method().length() <= 32) {
            assertThat(whole).isInstanceOfSatisfying(Parse.Done.class, recognised -> {
                assertThat(recognised.consumed()).isEqualTo(done.consumed());
                assertThat(((HttpOpening) recognised.value()).method())
                        .isEqualTo(done.value().method());
            });
        }
    }
}

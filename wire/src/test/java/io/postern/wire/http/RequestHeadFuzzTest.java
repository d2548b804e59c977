package io.postern.wire.http;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.postern.wire.FuzzedCuts;
import io.postern.wire.Parse;
import io.postern.wire.http.Conformance.Grade;
import java.nio.ByteBuffer;

/** What is certain stays certain at every cut, and what we send on is one plain request that means the same. */
class RequestHeadFuzzTest {

    private static final RequestHeadParser PARSER = new RequestHeadParser(new HttpLimits(256, 1024, 8, 64, 16));
    private static final Forwarding FORWARDING = new Forwarding("gate-1");

    @FuzzTest
    void readsAnything(byte[] bytes) {
        Parse<RequestHead> whole = PARSER.parse(ByteBuffer.wrap(bytes));
        FuzzedCuts.agree(PARSER, bytes, whole);
        if (whole instanceof Parse.Done<RequestHead> done) {
            assertThat(done.consumed()).isBetween(1, bytes.length);
            assertThat(readBack(done.value())).isEqualTo(done.value());
            forward(done.value());
        }
    }

    private static void forward(RequestHead head) {
        RequestForward forward = FORWARDING.request(head);
        if (head.conformance().grade() == Grade.SEVERE) {
            assertThat(forward).isInstanceOf(RequestForward.Refused.class);
        }
        if (forward instanceof RequestForward.Ready ready) {
            RequestHead received = readBack(ready.head());
            assertThat(received).isEqualTo(ready.head());
            assertThat(BodyFraming.of(received)).isEqualTo(ready.body()).isEqualTo(BodyFraming.of(head));
            // Method and content stay as they are; all else that can be ambiguous must be gone.
            Conformance left = received.conformance();
            assertThat(left.grade() == Grade.COMPLIANT || left.rule().contains("section 9."))
                    .as(left.rule())
                    .isTrue();
            assertThat(left.grade() == Grade.COMPLIANT || ready.close()).isTrue();
            assertThat(received.field("proxy-authorization")).isEmpty();
            assertThat(Field.values(received.fields(), "host"))
                    .containsExactly(ready.target().authority().text());
        }
    }

    private static RequestHead readBack(RequestHead head) {
        byte[] bytes = head.bytes();
        Parse<RequestHead> parse = Heads.REQUESTS.parse(ByteBuffer.wrap(bytes));
        assertThat(parse).isEqualTo(new Parse.Done<>(head, bytes.length));
        return ((Parse.Done<RequestHead>) parse).value();
    }
}

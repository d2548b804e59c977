package io.postern.wire.http;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.postern.wire.FuzzedCuts;
import io.postern.wire.Parse;
import io.postern.wire.http.Conformance.Grade;
import java.nio.ByteBuffer;
import java.util.List;

/** What is certain stays certain at every cut, and what we pass back is plain whatever the client asked with. */
class ResponseHeadFuzzTest {

    private static final ResponseHeadParser PARSER = new ResponseHeadParser(new HttpLimits(256, 1024, 8, 64, 16));
    private static final Forwarding FORWARDING = new Forwarding("gate-1");
    private static final List<RequestHead> REQUESTS = List.of(
            Heads.request("GET http://a/ HTTP/1.1", "Host: a"),
            Heads.request("HEAD http://a/ HTTP/1.1", "Host: a"),
            Heads.request("GET http://a/ HTTP/1.0"),
            Heads.request("GET http://a/ HTTP/1.1", "Host: a", "Connection: upgrade", "Upgrade: websocket"));

    @FuzzTest
    void readsAnything(byte[] bytes) {
        Parse<ResponseHead> whole = PARSER.parse(ByteBuffer.wrap(bytes));
        FuzzedCuts.agree(PARSER, bytes, whole);
        if (whole instanceof Parse.Done<ResponseHead> done) {
            readsBack(done.value());
            REQUESTS.forEach(request -> forward(request, done.value()));
        }
    }

    private static void forward(RequestHead request, ResponseHead head) {
        ResponseForward forward = FORWARDING.response(request, head, false);
        assertThat(head.conformance().grade() == Grade.SEVERE && !(forward instanceof ResponseForward.Refused))
                .isFalse();
        if (forward instanceof ResponseForward.Ready ready) {
            readsBack(ready.head());
            assertThat(ready.head().conformance().grade()).isEqualTo(Grade.COMPLIANT);
            assertThat(BodyFraming.of(request.method(), ready.head())).isEqualTo(ready.sent());
            assertThat(request.minorVersion() == 0 && ready.sent().equals(BodyFraming.CHUNKED))
                    .isFalse();
        }
    }

    private static void readsBack(ResponseHead head) {
        byte[] bytes = head.bytes();
        assertThat(Heads.RESPONSES.parse(ByteBuffer.wrap(bytes))).isEqualTo(new Parse.Done<>(head, bytes.length));
    }
}

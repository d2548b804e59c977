package io.postern.wire.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.postern.wire.Parse;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/** Heads as tests write them: lines, one char per byte, CRLF and the empty line added. */
final class Heads {

    static final RequestHeadParser REQUESTS = new RequestHeadParser(HttpLimits.DEFAULTS);
    static final ResponseHeadParser RESPONSES = new ResponseHeadParser(HttpLimits.DEFAULTS);

    static byte[] head(String... lines) {
        return bytes(String.join("\r\n", lines) + "\r\n\r\n");
    }

    static byte[] bytes(String latin1) {
        return latin1.getBytes(StandardCharsets.ISO_8859_1);
    }

    static String text(byte[] bytes) {
        return new String(bytes, StandardCharsets.ISO_8859_1);
    }

    static RequestHead request(String... lines) {
        return done(REQUESTS.parse(ByteBuffer.wrap(head(lines))));
    }

    static ResponseHead response(String... lines) {
        return done(RESPONSES.parse(ByteBuffer.wrap(head(lines))));
    }

    private static <T> T done(Parse<T> parse) {
        assertThat(parse).isInstanceOf(Parse.Done.class);
        return ((Parse.Done<T>) parse).value();
    }

    private Heads() {}
}

package io.postern.wire.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.postern.wire.Parse;
import io.postern.wire.ParserContract;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class HttpFactsTest {

    private static final HttpAnswerParser ANSWERS = new HttpAnswerParser();

    @ParameterizedTest
    @CsvSource({"HTTP/1.1 200 , 200", "HTTP/1.0 404 , 404", "'HTTP/1.1 101\r', 101", "'HTTP/1.1 999\n', 999"})
    void answersAreKnownByTheirLine(String line, int status) {
        String whole = line.length() < 13 ? line + ' ' : line;
        ParserContract.check(ANSWERS, bytes(whole), new HttpAnswer(status));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "HTTP/2 200 OK",
                "HTTP/1.1  200",
                "HTTP/1.1 2000",
                "HTTP/1.1 000 ",
                "http/1.1 200 ",
                "RTSP/1.0 200 OK",
                "SIP/2.0 200 OK",
                "ICAP/1.0 200 OK",
                "ICY 200 OK",
                "NOTIFY * HTTP/1.1"
            })
    void othersAnswerOtherwise(String line) {
        ParserContract.refuses(ANSWERS, bytes(line), new Parse.NotThis<>());
    }

    @ParameterizedTest
    @CsvSource({
        "/, ROOT",
        "/?q=1, ROOT",
        "http://a.example, ROOT",
        "http://a.example/, ROOT",
        "*, NONE",
        "a.example:443, NONE",
        "/a/b.PNG?v=2, FILE",
        "/a.b/c, OTHER",
        "/archive.tar.gz, FILE",
        "/api/users, API",
        "/v2/users?x, API",
        "/version, OTHER",
        "http://a.example/graphql, API",
        "/search?q=api, QUERY",
        "/private/path, OTHER"
    })
    void pathsAreClasses(String target, PathClass expected) {
        assertThat(PathClass.of(target)).isEqualTo(expected);
    }

    /** The first digits of {@code printf host,user-agent,accept | sha256sum}. */
    @Test
    void theOrderOfNamesIsAFingerprint() {
        HeaderOrder order = new HeaderOrder();
        order.add("Host");
        order.add("User-Agent");
        order.add("accept");
        assertThat(order.hash()).isEqualTo("042112399351");
        HeaderOrder other = new HeaderOrder();
        other.add("User-Agent");
        other.add("Host");
        other.add("accept");
        assertThat(other.hash()).isNotEqualTo(order.hash()).hasSize(12);
    }

    @Test
    void aCutHeadIsDecidedWhenNoMoreCanCome() {
        HttpOpeningParser parser = new HttpOpeningParser(16 * 1024);
        ByteBuffer cut = ByteBuffer.wrap(bytes("POST /x HTTP/1.1\r\nHost: a.exa"));
        assertThat(parser.parse(cut)).isInstanceOf(Parse.NeedMore.class);
        assertThat(parser.last(cut))
                .isEqualTo(new Parse.Done<>(
                        new HttpOpening("POST", Optional.empty(), Optional.empty(), false, false), 29));
        assertThat(parser.last(ByteBuffer.wrap(bytes("POST /x HT")))).isEqualTo(new Parse.NotThis<>());
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.ISO_8859_1);
    }
}

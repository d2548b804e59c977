package io.postern.wire.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.OptionalInt;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RequestTargetTest {

    @ParameterizedTest
    @CsvSource({
        "a.example:443, a.example, 443",
        "A_b-c.:1, A_b-c., 1",
        "192.0.2.1:65535, 192.0.2.1, 65535",
        "[2001:db8::1]:443, 2001:db8::1, 443",
        "[::ffff:192.0.2.1]:80, ::ffff:192.0.2.1, 80"
    })
    void connectTakesHostAndPort(String target, String host, int port) {
        assertThat(RequestTarget.of("CONNECT", target)).isEqualTo(new RequestTarget.Tunnel(host, port));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "a",
                "a:",
                ":443",
                "a:0",
                "a:65536",
                "a:99999",
                "a:100000",
                "a:4294967739",
                "a:+443",
                "a:-1",
                "a:0443",
                "a:443x",
                "a:x443",
                "a:443:443",
                "a:44 3",
                "u@a:443",
                "u:p@a:443",
                "a/b:443",
                "a:443/",
                "a?b:443",
                "a#b:443",
                "a\\b:443",
                "a%00b:443",
                "a,b:443",
                "http://a:443",
                "//a:443",
                "*",
                "/",
                "2001:db8::1:443",
                "[2001:db8::1]",
                "[2001:db8::1]443",
                "[2001:db8::1",
                "2001:db8::1]:443",
                "[a]:443",
                "[192.0.2.1]:443",
                "[fe80::1%eth0]:443",
                "[::1]x:443",
                "[[::1]]:443",
                "[]:443",
                "[:1]:443",
                "[v1.a::]:443"
            })
    void connectTakesNothingElse(String target) {
        assertThat(RequestTarget.of("CONNECT", target)).isInstanceOf(RequestTarget.Refused.class);
    }

    @ParameterizedTest
    @CsvSource({
        "GET, http://a/b?c, a, 80, /b?c",
        "GET, HTTP://a:8080/, a, 8080, /",
        "GET, http://a, a, 80, /",
        "GET, http://a?b, a, 80, /?b",
        "GET, http://a//b/../c, a, 80, //b/../c",
        "GET, http://[::1]:81/b@c:d, ::1, 81, /b@c:d",
        "OPTIONS, http://a:81, a, 81, *",
        "OPTIONS, http://a:81/, a, 81, /"
    })
    void absoluteFormSplitsIntoAuthorityAndOrigin(String method, String target, String host, int port, String origin) {
        assertThat(RequestTarget.of(method, target)).isInstanceOfSatisfying(RequestTarget.Absolute.class, absolute -> {
            assertThat(absolute.authority().host()).isEqualTo(host);
            assertThat(absolute.port()).isEqualTo(port);
            assertThat(absolute.origin()).isEqualTo(origin);
        });
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "http:/a",
                "http:a",
                "http://",
                "http:///a",
                "http://u@a/",
                "http://a:/",
                "http://a:80x/",
                "http://a b/",
                "http://a#b",
                "http://a/#b",
                "http://a\\@b/",
                "http://a%2eb/",
                "https://a/",
                "HTTPS://a/",
                "ftp://a/",
                "a:80",
                "a",
                "*",
                "?",
                "javascript:x"
            })
    void refusesOtherAbsoluteForms(String target) {
        assertThat(RequestTarget.of("GET", target)).isInstanceOf(RequestTarget.Refused.class);
    }

    @Test
    void originAndAsteriskFormsAreTold() {
        assertThat(RequestTarget.of("GET", "/a?b")).isEqualTo(new RequestTarget.Origin("/a?b"));
        assertThat(RequestTarget.of("OPTIONS", "*")).isEqualTo(new RequestTarget.Asterisk());
        assertThat(RequestTarget.of("GET", "/a#b")).isInstanceOf(RequestTarget.Refused.class);
    }

    @ParameterizedTest
    @ValueSource(strings = {"a", "a:1", "[::1]", "[::1]:65535"})
    void authoritiesAreWrittenAsTheyWereRead(String text) {
        assertThat(Authority.parse(text))
                .hasValueSatisfying(authority -> assertThat(authority.text()).isEqualTo(text));
    }

    @Test
    void aMissingPortIsAbsent() {
        assertThat(Authority.parse("a")).contains(new Authority("a", OptionalInt.empty()));
    }
}

package io.postern.wire.http;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.nio.charset.StandardCharsets;

/** What is split joins again to what it was, and nothing is thrown. */
class RequestTargetFuzzTest {

    @FuzzTest
    void splitsAnything(byte[] bytes) {
        String text = new String(bytes, StandardCharsets.ISO_8859_1);
        if (RequestTarget.of("CONNECT", text) instanceof RequestTarget.Tunnel tunnel) {
            assertThat(tunnel.port()).isBetween(1, 0xFFFF);
            assertThat(text).endsWith(":" + tunnel.port());
            assertThat(tunnel.host()).isNotEmpty().doesNotContainAnyWhitespaces();
            String host = text.substring(0, text.lastIndexOf(':'));
            assertThat(host).isEqualTo(tunnel.host().contains(":") ? "[" + tunnel.host() + "]" : tunnel.host());
        }
        if (RequestTarget.of("GET", text) instanceof RequestTarget.Absolute absolute) {
            assertThat(absolute.origin()).startsWith("/").doesNotContain("#");
            String again = "http://" + absolute.authority().text() + absolute.origin();
            assertThat(RequestTarget.of("GET", again)).isEqualTo(absolute);
        }
    }
}

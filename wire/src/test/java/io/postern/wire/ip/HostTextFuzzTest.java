package io.postern.wire.ip;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.nio.charset.StandardCharsets;

class HostTextFuzzTest {

    @FuzzTest
    void everyAnswerIsCanonical(byte[] bytes) {
        String text = new String(bytes, StandardCharsets.UTF_8);
        check(HostText.of(text));
        check(HostText.inAuthority(text));
    }

    private static void check(HostText host) {
        if (host instanceof HostText.Name name) {
            assertThat(HostText.of(name.name())).isEqualTo(name);
            assertThat(HostText.of(name.name() + ".")).isEqualTo(name);
        } else if (host instanceof HostText.Literal literal) {
            assertThat(HostText.of(AddressText.of(literal.address()))).isEqualTo(literal);
        }
    }
}

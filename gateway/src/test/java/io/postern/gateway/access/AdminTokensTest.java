package io.postern.gateway.access;

import static org.assertj.core.api.Assertions.assertThat;

import io.postern.config.AdminRole;
import io.postern.config.document.Reading;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AdminTokensTest {

    private static final String SALT = "0123456789abcdef";

    /** Made by {@code printf %s%s 0123456789abcdef secret | sha256sum}. */
    private static final String HASH = "c5310e3d1e5823ef77ce3a5804988a72fc60c307a0c8959f3461e202e4a8d814";

    @Test
    void takesLinesThatAnybodyCanMake() {
        AdminTokens tokens = good("# who\n\nops:operator:" + SALT + ":" + HASH + "\r\n");

        assertThat(tokens.actor("secret")).contains(new Actor("ops", AdminRole.OPERATOR, Actor.By.TOKEN));
        assertThat(tokens.actor("Secret")).isEmpty();
        assertThat(tokens.actor("")).isEmpty();
        assertThat(tokens.actor("secret" + "x".repeat(1_000))).isEmpty();
    }

    @Test
    void knowsItsOwn() {
        String token = AdminToken.fresh();
        AdminToken kept = AdminToken.of("a", AdminRole.ADMIN, token);

        assertThat(good(kept.line()).actor(token)).contains(new Actor("a", AdminRole.ADMIN, Actor.By.TOKEN));
        assertThat(kept.line()).doesNotContain(token);
        assertThat(kept.toString()).isEqualTo("a:admin");
        assertThat(AdminToken.of("a", AdminRole.ADMIN, token).line())
                .as("salted anew each time")
                .isNotEqualTo(kept.line());
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource(delimiter = '|', textBlock = """
            ops:operator:0123456789abcdef                 | has 3 parts, must be name:role:salt:hash
            ops:operator:0123456789abcdef:ab:cd           | has 5 parts, must be name:role:salt:hash
            o.s:operator:0123456789abcdef:{hash}          | begins with no name, must be 1–32 of A-Z a-z 0-9 _ -
            ops:root:0123456789abcdef:{hash}              | has a role that is not known, must be viewer, operator or admin
            ops:Admin:0123456789abcdef:{hash}             | has a role that is not known, must be viewer, operator or admin
            ops:admin:short:{hash}                        | has a salt that is none, must be 16–64 of A-Z a-z 0-9 _ -
            ops:admin:0123456789abcdef:abcd               | has a hash that is none, must be 64 lower-case hexadecimal digits
            """)
    void saysWhatIsWrongWithALineAndQuotesNoSecret(String line, String what) {
        Reading<AdminTokens> reading = AdminTokens.parse("tokens", "# first\n" + line.replace("{hash}", HASH));

        assertThat(reading.problems()).hasSize(1);
        assertThat(reading.problems().get(0)).hasToString("tokens:2:1: admin.tokens-file: " + what);
    }

    @Test
    void tellsEveryBadLineAtOnce() {
        String line = ":viewer:" + SALT + ":" + HASH + "\n";

        assertThat(AdminTokens.parse("tokens", "a" + line + "b\n" + "a" + line + "c:x:y:z\n")
                        .problems())
                .extracting(Object::toString)
                .containsExactly(
                        "tokens:2:1: admin.tokens-file: has 1 parts, must be name:role:salt:hash",
                        "tokens:3:1: admin.tokens-file: names 'a', which is taken by line 1",
                        "tokens:4:1: admin.tokens-file: has a hash that is none, must be 64 lower-case hexadecimal digits",
                        "tokens:4:1: admin.tokens-file: has a role that is not known, must be viewer, operator or admin",
                        "tokens:4:1: admin.tokens-file: has a salt that is none, must be 16–64 of A-Z a-z 0-9 _ -");
    }

    @Test
    void holdsSoManyAndNoMore() {
        String line = ":viewer:" + SALT + ":" + HASH + "\n";
        String full = IntStream.range(0, AdminTokens.MAX)
                .mapToObj(i -> "n" + i + line)
                .collect(Collectors.joining());

        assertThat(good(full).all()).hasSize(AdminTokens.MAX);
        assertThat(AdminTokens.parse("tokens", full + "more" + line).problems())
                .extracting(Object::toString)
                .containsExactly("tokens: admin.tokens-file: has 257 tokens, must have at most 256");
    }

    private static AdminTokens good(String text) {
        Reading<AdminTokens> reading = AdminTokens.parse("tokens", text);
        assertThat(reading.problems()).isEmpty();
        return reading.value().orElseThrow();
    }
}

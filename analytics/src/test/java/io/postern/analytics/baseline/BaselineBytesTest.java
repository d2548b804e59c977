package io.postern.analytics.baseline;

import static io.postern.analytics.baseline.Flows.APP;
import static io.postern.analytics.baseline.Flows.day;
import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.util.HexFormat;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;

/**
 * Bytes of before still read. {@code version-1.hex} is of four devices on three days at acme.example (approved), three of
 * them at cdn.example as well, and evil.example, of which evidence spoke. {@code version-2.hex} has a finding and a rule in the
 * place of the evidence, and two of the devices with the next version at brought.example.
 */
class BaselineBytesTest {

    private static final Subject MAIL = Subject.app(APP);

    private final Learner learner = new Learner(BaselineSettings.DEFAULTS);

    private static byte[] shipped(String name) throws IOException {
        try (InputStream in =
                Objects.requireNonNull(BaselineBytesTest.class.getResourceAsStream(name), name + " is missing")) {
            return HexFormat.of().parseHex(new String(in.readAllBytes(), US_ASCII).replaceAll("\\s", ""));
        }
    }

    private Known destination(String domain) {
        return learner.snapshot(day(3)).app(APP).find(Trait.DESTINATION, domain, Situation.BACKGROUND);
    }

    @Test
    void readsWhatTheFirstVersionWrote() throws Exception {
        learner.read(MAIL, shipped("version-1.hex"));

        assertThat(destination("acme.example").standing()).isEqualTo(Standing.APPROVED);
        assertThat(destination("cdn.example").standing()).isEqualTo(Standing.PROPOSED);
        assertThat(destination("evil.example").standing()).isEqualTo(Standing.TAINTED);
        Profile mail = learner.snapshot(day(3)).app(APP);
        assertThat(mail.devices()).isEqualTo(4);
        assertThat(mail.learntDays()).isEqualTo(3);
        assertThat(learner.view(MAIL, day(3)).orElseThrow().build()).isEqualTo(new Build(7, "aa"));
    }

    /** It did not say who had the new version the day before: all have, once the day is another. */
    @Test
    void readsWhatTheSecondVersionWrote() throws Exception {
        Build eight = new Build(8, "aa");
        learner.read(MAIL, shipped("version-2.hex"));

        assertThat(destination("acme.example").standing()).isEqualTo(Standing.APPROVED);
        assertThat(destination("cdn.example").standing()).isEqualTo(Standing.PROPOSED);
        assertThat(learner.view(MAIL, day(3)).orElseThrow().tainted())
                .containsExactly(
                        new Tainted("evil.example", List.of(Cause.finding("f1"), Cause.rule("watch")), day(2), day(3)));
        Profile mail = learner.snapshot(day(3)).app(APP);
        assertThat(mail.devices()).isEqualTo(4);
        assertThat(mail.learntDays()).isEqualTo(4);
        assertThat(mail.since(eight)).contains(day(3));
        assertThat(mail.arrival(eight, "brought.example")).isEqualTo(Arrival.BROUGHT);
        assertThat(mail.arrival(eight, "cdn.example")).isEqualTo(Arrival.NONE);
    }

    /** It did not say when: that counts from the first look on. */
    @Test
    void whatTheFirstVersionHeldAgainstADestinationHasAnEndNow() throws Exception {
        learner.read(MAIL, shipped("version-1.hex"));
        learner.forget(day(10));
        assertThat(learner.view(MAIL, day(10)).orElseThrow().tainted())
                .containsExactly(new Tainted("evil.example", List.of(Cause.EVIDENCE), day(10), day(10)));

        learner.forget(day(71));
        assertThat(learner.view(MAIL, day(71)).orElseThrow().tainted()).isEmpty();
    }
}

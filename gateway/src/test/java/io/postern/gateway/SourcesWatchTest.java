package io.postern.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import io.postern.analytics.context.FactKind;
import io.postern.config.Bind;
import io.postern.config.ContextSettings;
import io.postern.gateway.meters.Meters;
import io.postern.gateway.meters.ScrapeFormat;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SourcesWatchTest {

    /** So that a file which was out of reach for a moment counts again within half a minute. */
    private static final int LOOKS_AGAIN = 30;

    @TempDir
    Path dir;

    private int read;
    private boolean outOfReach;

    @BeforeEach
    void aToken() throws IOException {
        Files.writeString(dir.resolve("token"), "one");
    }

    @Test
    void credentialsThatWereRefusedAreReadAgainThoughNoFileChanges() throws IOException {
        try (Meters meters = new Meters()) {
            SourcesWatch watch = refused(meters);
            look(watch, LOOKS_AGAIN - 1);
            assertThat(read).isEqualTo(1);
            assertThat(refused(meters.scrape(ScrapeFormat.PROMETHEUS))).isTrue();

            look(watch, 1);
            assertThat(read).isEqualTo(2);
            assertThat(refused(meters.scrape(ScrapeFormat.PROMETHEUS))).isFalse();
            look(watch, 2 * LOOKS_AGAIN);
            assertThat(read).as("what was taken is not read again").isEqualTo(2);
        }
    }

    @Test
    void credentialsThatAreStillRefusedAreReadAgainAfterAsManyLooks() throws IOException {
        try (Meters meters = new Meters()) {
            SourcesWatch watch = refused(meters);
            outOfReach = true;
            look(watch, 3 * LOOKS_AGAIN);
            assertThat(read).isEqualTo(4);
        }
    }

    @Test
    void whoeverAsksForItHasThemReadAtTheNextLook() throws IOException {
        try (Meters meters = new Meters()) {
            SourcesWatch watch = refused(meters);
            look(watch, 5);
            watch.again();
            look(watch, 1);
            assertThat(read).isEqualTo(2);
            assertThat(refused(meters.scrape(ScrapeFormat.PROMETHEUS))).isFalse();
            watch.again();
            look(watch, 1);
            assertThat(read).as("nothing was refused").isEqualTo(2);
        }
    }

    /** One that has seen a change of its file just as that was out of reach, which it is no more. */
    private SourcesWatch refused(Meters meters) throws IOException {
        ContextSettings settings = settings();
        SourcesWatch watch = new SourcesWatch(settings, SourcesWatch.stamps(settings), this::adopt, meters);
        look(watch, LOOKS_AGAIN);
        assertThat(read).as("what was read at the start is not read again").isZero();
        Files.writeString(dir.resolve("token"), "another");
        outOfReach = true;
        look(watch, 1);
        assertThat(read).isEqualTo(1);
        outOfReach = false;
        return watch;
    }

    private void adopt() throws IOException {
        read++;
        if (outOfReach) {
            throw new IOException("token: out of reach");
        }
    }

    private static void look(SourcesWatch watch, int times) {
        for (int time = 0; time < times; time++) {
            watch.look();
        }
    }

    private static boolean refused(String metrics) {
        return metrics.lines().anyMatch("postern_context_credentials_refused 1.0"::equals);
    }

    private ContextSettings settings() {
        return new ContextSettings(
                new Bind(InetAddress.getLoopbackAddress(), 0),
                Optional.empty(),
                Duration.ofMinutes(2),
                Duration.ofDays(3),
                1 << 24,
                Duration.ofMinutes(15),
                Duration.ofHours(26),
                50,
                List.of(new ContextSettings.Source(
                        "agent",
                        Optional.of(dir.resolve("token")),
                        Optional.empty(),
                        Optional.empty(),
                        Optional.empty(),
                        List.of("*"),
                        Set.of(FactKind.LOCK),
                        1_000,
                        "work")));
    }
}

package io.postern.analytics.attack;

import static org.assertj.core.api.Assertions.assertThat;

import io.postern.analytics.baseline.Build;
import io.postern.analytics.context.ContextEvent;
import io.postern.analytics.flow.AppAssurance;
import io.postern.analytics.flow.AppKey;
import io.postern.analytics.flow.AppTag;
import io.postern.analytics.flow.DeviceAssurance;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** What is on a device is what was told last, as a gateway's inventory has it. */
class BuildsTest {

    private static final String A = "com.example.a";
    private static final String B = "com.example.b";

    private final Builds builds = new Builds();

    private void tells(String app, long at, long version, ContextEvent.Said said) {
        ContextEvent.App of = new ContextEvent.App(
                app, OptionalLong.empty(), version < 0 ? OptionalLong.empty() : OptionalLong.of(version));
        builds.told(
                new AppKey("LC01", "0", app),
                of,
                new ContextEvent("e" + at, at, "LC01", "0", Optional.of(of), said, "amapi", true));
    }

    private void installed(String app, long at, long version, String signer) {
        tells(
                app,
                at,
                version,
                new ContextEvent.Installed(
                        true,
                        Optional.of(true),
                        "1",
                        "",
                        signer,
                        OptionalLong.empty(),
                        OptionalLong.empty(),
                        Set.of()));
    }

    private static AppTag tag(String app) {
        return new AppTag("LC01", "0", app, DeviceAssurance.NONE, AppAssurance.NONE);
    }

    @Test
    void whatIsLeftOutIsNotTakenBack() {
        installed(A, 1_000, 7, "aa");
        installed(A, 2_000, -1, "");
        assertThat(builds.of(tag(A))).isEqualTo(new Build(7, "aa"));
        installed(A, 3_000, 8, "");
        assertThat(builds.of(tag(A))).isEqualTo(new Build(8, "aa"));
    }

    @Test
    void wordFromBeforeARemovalDoesNotBringItBack() {
        installed(A, 1_000, 7, "aa");
        tells(A, 3_000, -1, new ContextEvent.Removed());
        installed(A, 2_000, 7, "aa");
        assertThat(builds.of(tag(A))).isEqualTo(Build.UNKNOWN);
        installed(A, 4_000, 8, "");
        assertThat(builds.of(tag(A))).as("nothing of what was there before").isEqualTo(new Build(8, ""));
    }

    @Test
    void aFlowFromBeforeAnUpdateSpeaksForNoBuild() {
        installed(A, 1_000, 7, "aa");
        assertThat(builds.at(tag(A), 1_500)).isEqualTo(new Build(7, "aa"));
        installed(A, 2_000, 8, "aa");
        installed(A, 3_000, 8, "aa");
        assertThat(builds.at(tag(A), 1_500)).isEqualTo(Build.UNKNOWN);
        assertThat(builds.at(tag(A), 2_000)).isEqualTo(new Build(8, "aa"));
    }

    @Test
    void packagesThatShareAUserAreNewerWhenOneIs() {
        installed(A, 1_000, 7, "aa");
        assertThat(builds.of(tag(A + "+" + B))).as("of one nothing is told").isEqualTo(Build.UNKNOWN);
        installed(B, 1_000, 3, "aa");
        Build before = builds.of(tag(A + "+" + B));
        assertThat(before.known()).isTrue();
        installed(B, 2_000, 4, "aa");
        assertThat(before.covers(builds.of(tag(A + "+" + B)))).isFalse();
        assertThat(builds.at(tag(A + "+" + B), 1_500)).isEqualTo(Build.UNKNOWN);
    }

    @Test
    void theirVersionHasNoEnd() {
        installed(A, 1_000, Long.MAX_VALUE, "aa");
        installed(B, 1_000, Long.MAX_VALUE, "bb");
        assertThat(builds.of(tag(A + "+" + B))).isEqualTo(new Build(Long.MAX_VALUE, ""));
    }
}

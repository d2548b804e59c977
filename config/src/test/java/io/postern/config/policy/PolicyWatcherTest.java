package io.postern.config.policy;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.postern.config.document.Problem;
import io.postern.config.document.Reading;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PolicyWatcherTest {

    @TempDir
    Path folder;

    private final TestingClock clock = new TestingClock();

    @Test
    void readsAgainOnlyWhatHasChanged() throws IOException {
        write("a.yaml", "service-classes: {x: {files: list}}");
        write("list", "a.example");
        PolicyWatcher watcher = watcher();
        watcher.get();

        Reading<Policy> first = watcher.get();
        assertThat(watcher.get()).isSameAs(first);

        write("list", "b.example and more");
        Reading<Policy> broken = watcher.get();
        assertThat(broken.problems()).hasSize(1);
        assertThat(watcher.get()).isSameAs(broken);

        write("list", "c.example");
        assertThat(watcher.get().value().orElseThrow().serviceClasses()).containsEntry("x", List.of("c.example"));
    }

    @Test
    void aListThatHasNotChangedIsNotBuiltAgain() throws IOException {
        write("a.yaml", "lists: {x: {files: feed}, y: {files: other}}");
        write("feed", "a.example");
        write("other", "b.example");
        PolicyWatcher watcher = watcher();
        watcher.get();
        Policy before = watcher.get().value().orElseThrow();

        write("feed", "c.example");
        Policy after = watcher.get().value().orElseThrow();
        assertThat(after.version()).isNotEqualTo(before.version());
        assertThat(Objects.requireNonNull(after.lists().get("x")).has("c.example"))
                .isTrue();
        assertThat(after.lists().get("y")).isSameAs(before.lists().get("y"));
    }

    @Test
    void aFileThatHasNotChangedIsNotReadAgain() throws IOException {
        write("a.yaml", "rules: [{name: r, when: {app: com.acme.a}, action: block}]");
        write("b.yaml", "exceptions: [{rule: r, owner: o, reason: x, until: 2027-01-31}]");
        PolicyWatcher watcher = watcher();
        Policy before = watcher.get().value().orElseThrow();

        write("b.yaml", "exceptions: [{rule: r, owner: o, reason: other, until: 2027-01-31}]");
        Policy after = watcher.get().value().orElseThrow();
        assertThat(after.rules().get(0)).isSameAs(before.rules().get(0));
        assertThat(after.exceptions().get(0).reason()).isEqualTo("other");
        assertThat(after.version()).isNotEqualTo(before.version());

        // What was taken over is still held against what is new.
        write("a.yaml", "rules: [{name: q, when: {app: com.acme.a}, action: block}]");
        assertThat(watcher.get().problems())
                .singleElement()
                .hasToString(folder + "/b.yaml:1:21: exceptions[0].rule: there is no rule 'r' (did you mean q?)");
        write("a.yaml", "rules: [{name: r, when: {app: com.acme.b}, action: block, stage: 5%}]");
        write("c.yaml", "rules: [{name: r, when: {app: com.acme.b}, action: block}]");
        assertThat(watcher.get().problems())
                .singleElement()
                .asString()
                .endsWith("rule 'r' is given twice, first at " + folder + "/a.yaml:1:16");
        Files.delete(folder.resolve("c.yaml"));
        assertThat(watcher.get().value()).isPresent();
        assertThat(watcher.get()).isEqualTo(PolicyReader.read(List.of("*.yaml"), folder, clock));
    }

    @Test
    void aFileThatWasRefusedIsReadAgain() throws IOException {
        write("a.yaml", "rules: [{name: r, when: {app: 1x}, action: block}]");
        PolicyWatcher watcher = watcher();
        List<Problem> first = watcher.get().problems();

        write("b.yaml", "categories: {c: {}}");
        assertThat(watcher.get().problems()).isEqualTo(first).hasSize(1);
    }

    @Test
    void seesFilesComeAndGo() throws IOException {
        write("a.yaml", "roles: {r: {}}");
        PolicyWatcher watcher = watcher();
        assertThat(watcher.get().value().orElseThrow().roles()).containsOnlyKeys("r");

        write("b.yaml", "roles: {s: {}}");
        assertThat(watcher.get().value().orElseThrow().roles()).containsOnlyKeys("r", "s");

        Files.delete(folder.resolve("a.yaml"));
        assertThat(watcher.get().value().orElseThrow().roles()).containsOnlyKeys("s");
    }

    @Test
    void readsAgainOnANewDay() throws IOException {
        write("a.yaml", "exceptions: [{analytic: AN1770, owner: a, reason: b, until: 2027-01-31}]");
        PolicyWatcher watcher = watcher();
        assertThat(watcher.get().warnings()).isEmpty();

        clock.now = clock.now.plus(Duration.ofDays(1));
        assertThat(watcher.get().warnings()).hasSize(1);
    }

    /** More than are in memory together, in order and out of it: whoever reads them, the policy is in order of their names. */
    @Test
    void helpersReadTheSamePolicy() throws Exception {
        for (int i = 10; i < 50; i++) {
            write(i + ".yaml", "rules: [{name: r" + i + ", action: block}]");
        }
        ExecutorService three = Executors.newFixedThreadPool(3);
        try {
            PolicyWatcher helped = new PolicyWatcher(List.of("*.yaml"), folder, clock, three);
            assertThat(helped.get().value()).isEqualTo(watcher().get().value()).isPresent();
            write("20.yaml", "rules: [{name: r20}]");
            write("40.yaml", "not: known");
            assertThat(helped.get().problems())
                    .isEqualTo(watcher().get().problems())
                    .hasSize(2);
        } finally {
            three.shutdown();
        }
    }

    private PolicyWatcher watcher() {
        return new PolicyWatcher(List.of("*.yaml"), folder, clock);
    }

    /** By renaming, so that a file of the same length in the same instant is another file all the same. */
    private void write(String name, String text) throws IOException {
        Path fresh = Files.writeString(folder.resolve(name + ".new"), text, UTF_8);
        Files.move(fresh, folder.resolve(name), StandardCopyOption.REPLACE_EXISTING);
    }

    private static final class TestingClock extends Clock {
        private Instant now = Instant.parse("2027-01-31T12:00:00Z");

        @Override
        public Instant instant() {
            return now;
        }

        @Override
        public ZoneId getZone() {
            return ZoneOffset.UTC;
        }

        @Override
        public Clock withZone(ZoneId zone) {
            return this;
        }
    }
}

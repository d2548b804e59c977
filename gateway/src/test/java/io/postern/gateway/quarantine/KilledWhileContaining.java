package io.postern.gateway.quarantine;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.postern.config.ResponseSettings;
import io.postern.gateway.quarantine.Quarantines.Wish;
import io.postern.gateway.state.EmbeddedStore;
import io.postern.gateway.state.Store;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.locks.LockSupport;

/**
 * Another process contains and releases as fast as the disk takes it, tells what was acknowledged, and is killed at a moment
 * of chance: whatever it told holds afterwards, over all rounds.
 */
public final class KilledWhileContaining {

    private static final ResponseSettings.Quarantine SETTINGS = new ResponseSettings.Quarantine(
            Duration.ofHours(1), Duration.ofDays(1), 0, 1_000_000, "Ask Bob.", List.of());
    /** Acknowledgements before it is killed, and then microseconds until it is: some three writes. */
    private static final int MOST_WORDS = 40;

    private static final int MOST_MICROS = 5_000;

    private final Path file;
    private final Random random;
    /** By id whether it stands. */
    private final Map<String, Boolean> acknowledged = new HashMap<>();

    public KilledWhileContaining(Path file, long seed) {
        this.file = file;
        this.random = new Random(seed);
    }

    /** One more process, killed. */
    public void round() throws Exception {
        Process child = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-XX:TieredStopAtLevel=1",
                        "-cp",
                        System.getProperty("java.class.path"),
                        Child.class.getName(),
                        file.toString())
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        int words = 1 + random.nextInt(MOST_WORDS);
        int told = 0;
        try (BufferedReader out = child.inputReader(UTF_8)) {
            for (String line = out.readLine(); line != null; line = out.readLine()) {
                acknowledged.put(line.substring(1), line.charAt(0) == '+');
                if (++told == words) {
                    LockSupport.parkNanos(1_000L * random.nextInt(MOST_MICROS));
                    // Through the handle: what it said before stays to be read.
                    child.toHandle().destroyForcibly();
                }
            }
            assertThat(told).isGreaterThanOrEqualTo(words);
        } finally {
            child.destroyForcibly().waitFor();
        }
        holds();
    }

    private void holds() throws IOException {
        try (Store store = EmbeddedStore.open(file);
                Quarantines after = Quarantines.open(SETTINGS, store, Clock.systemUTC(), result -> {})) {
            Map<String, Quarantine> standing = new HashMap<>();
            after.standing().forEach(one -> standing.put(one.id(), one));
            acknowledged.forEach((id, stands) -> {
                // The last release may have been written and not yet told.
                Optional<Quarantine> over = Optional.ofNullable(standing.get(id));
                if (stands) {
                    assertThat(over.isPresent() || after.find(id).isPresent())
                            .as(id)
                            .isTrue();
                } else {
                    assertThat(over).as(id).isEmpty();
                }
            });
            long lost = acknowledged.entrySet().stream()
                    .filter(one -> one.getValue() && !standing.containsKey(one.getKey()))
                    .count();
            assertThat(lost).as("released and not told, once a round at most").isLessThanOrEqualTo(1);
            acknowledged.entrySet().removeIf(one -> one.getValue() && !standing.containsKey(one.getKey()));
        }
    }

    public int acknowledged() {
        return acknowledged.size();
    }

    /** The other process. */
    static final class Child {

        private Child() {}

        public static void main(String[] arguments) throws IOException {
            Store store = EmbeddedStore.open(Path.of(arguments[0]));
            Quarantines all = Quarantines.open(SETTINGS, store, Clock.systemUTC(), result -> {});
            for (int i = all.standing().size(); ; i++) {
                Scope scope =
                        new Scope("LC" + i + "-" + ProcessHandle.current().pid(), Optional.empty(), Optional.empty());
                String id = all.contain(new Wish(scope, "ann", "r", Optional.empty(), true))
                        .orElseThrow()
                        .now()
                        .id();
                System.out.println("+" + id);
                if (i % 3 == 0) {
                    all.release(id, "ann", "harmless");
                    System.out.println("-" + id);
                }
            }
        }
    }
}

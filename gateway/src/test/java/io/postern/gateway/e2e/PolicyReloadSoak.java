package io.postern.gateway.e2e;

import static org.awaitility.Awaitility.await;

import io.postern.config.policy.PolicyWatcher;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A thousand reloads of 10,000 rules and 100,000 exceptions under load, one file changed each time. Takes a quarter of an
 * hour, so it is a command of its own (docs/development.md) and no part of {@code mvn verify}, where
 * {@link PolicyReloadIT} does the same with less policy.
 */
class PolicyReloadSoak {

    private static final String APPLIED = "postern_policy_reloads_total{result=\"applied\"}";
    private static final int RELOADS = Integer.getInteger("postern.reloads", 1_000);
    private static final int RULES = 10_000;
    private static final int EXCEPTIONS = 100_000;
    private static final int PER_FILE = 5_000;

    @TempDir
    Path dir;

    @Test
    void aThousandReloadsOfTheLargestPolicyTakeNoAllowedFlow() throws Exception {
        for (int from = 0; from < RULES; from += PER_FILE) {
            write(from, rules(from));
        }
        for (int from = 0; from < EXCEPTIONS; from += PER_FILE) {
            write(RULES + from, exceptions(from, 0));
        }
        Clock clock = Clock.systemUTC();
        try (TestingGateway gateway = TestingGateway.start(
                        dir, "", "", clock, files -> new PolicyWatcher(List.of("part*.yaml"), dir, clock));
                TestingOrigin origin = new TestingOrigin()) {
            SteadyLoad load = new SteadyLoad(gateway, origin);
            long[] millis = new long[RELOADS];
            for (int i = 0; i < RELOADS; i++) {
                double applied = gateway.metric(APPLIED) + 1;
                int from = i * PER_FILE % EXCEPTIONS;
                long began = System.nanoTime();
                write(RULES + from, exceptions(from, i + 1));
                gateway.gateway().reload();
                await().pollDelay(Duration.ZERO)
                        .pollInterval(Duration.ofMillis(20))
                        .atMost(Duration.ofSeconds(60))
                        .until(() -> gateway.metric(APPLIED) >= applied);
                millis[i] = Duration.ofNanos(System.nanoTime() - began).toMillis();
                if (i % 100 == 99) {
                    System.out.println("reloads: " + (i + 1));
                }
            }
            load.end(RELOADS);
            Arrays.sort(millis);
            System.out.printf(
                    "reloads: %d, median %d ms, p99 %d ms, longest %d ms; short flows meanwhile: %d%n",
                    RELOADS, millis[RELOADS / 2], millis[RELOADS * 99 / 100], millis[RELOADS - 1], load.done());
        }
    }

    private void write(int number, String text) throws IOException {
        Files.writeString(dir.resolve(String.format(Locale.ROOT, "part%06d.yaml", number)), text);
    }

    private static String rules(int from) {
        StringBuilder text = new StringBuilder("rules:\n");
        for (int i = from; i < from + PER_FILE; i++) {
            text.append("  - {name: r" + i + ", when: {destination: ['*.bad" + i
                    + ".example']}, action: block, mode: enforce}\n");
        }
        // What the exceptions are for, and what the flows would meet.
        return from > 0
                ? text.toString()
                : text + "  - {name: odd, when: {protocol: unknown}, action: block, mode: shadow}\n";
    }

    private static String exceptions(int from, int change) {
        StringBuilder text = new StringBuilder("exceptions:\n");
        for (int i = from; i < from + PER_FILE; i++) {
            text.append("  - {rule: odd, app: com.acme.app" + i + "x" + change)
                    .append(", owner: team, reason: asked, until: 2099-12-31}\n");
        }
        return text.toString();
    }
}

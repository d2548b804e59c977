package io.postern.analytics;

import static org.assertj.core.api.Assertions.assertThat;

import io.postern.analytics.attack.FiveAnalytics;
import io.postern.analytics.attack.Knowledge;
import io.postern.analytics.attack.Settings;
import io.postern.analytics.baseline.Baseline;
import io.postern.analytics.detect.Finding;
import io.postern.analytics.detect.Finding.Activity;
import io.postern.analytics.fleet.Fleet;
import io.postern.analytics.fleet.FleetSettings;
import io.postern.analytics.fleet.Happening;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

/**
 * The five as a stream processor runs them: events keyed by device, an operator for each partition, its state by key in
 * checkpoints, watermarks for time, and what is learnt broadcast to all. docs/analytics/library.md shows the same.
 */
class InAStreamTest {

    private static final int DAYS = 8;
    private static final List<String> IMPLANTS =
            List.of("sleep", "tls-odd-port", "cloud-upload", "staged-upload", "dns-fast");
    private static final Fleet FLEET = new Fleet(FleetSettings.of(9, DAYS, 41), IMPLANTS);

    /** One partition. */
    private static final class Operator {

        private static final long EVERY = Duration.ofMinutes(1).toMillis();

        private final FiveAnalytics five = new FiveAnalytics(Settings.DEFAULTS);
        private final Consumer<Finding> out;
        private long watermark;

        Operator(Knowledge broadcast, Consumer<Finding> out) {
            this.out = out;
            five.knows(broadcast);
        }

        void process(Happening one) {
            if (one instanceof Happening.Flowed flowed) {
                five.observe(flowed.event(), out);
            } else if (one instanceof Happening.Told told) {
                five.told(told.event(), out);
            }
            if (one.atMillis() >= watermark) {
                five.reached(one.atMillis(), out);
                watermark = one.atMillis() + EVERY;
            }
        }

        /** The state of each key. */
        Map<String, byte[]> checkpoint() {
            Map<String, byte[]> states = new TreeMap<>();
            for (String device : five.devices()) {
                ByteArrayOutputStream bytes = new ByteArrayOutputStream();
                try {
                    five.write(device, new DataOutputStream(bytes));
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
                states.put(device, bytes.toByteArray());
            }
            return states;
        }

        void restore(String device, byte[] state) {
            try {
                five.read(device, new DataInputStream(new ByteArrayInputStream(state)));
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }

    /** All partitions of a job. */
    private static final class Job {

        private final List<Operator> operators = new ArrayList<>();
        private final Set<String> begun = new TreeSet<>();

        Job(int partitions) {
            Knowledge broadcast = new Knowledge(1, Baseline.EMPTY, false, 0, Fleet.roles());
            for (int i = 0; i < partitions; i++) {
                operators.add(new Operator(broadcast, this::found));
            }
        }

        private void found(Finding finding) {
            if (finding.activity() == Activity.CREATE) {
                begun.add(finding.analytic() + " " + finding.key().device() + " "
                        + finding.key().app() + " " + finding.destination());
            }
        }

        private Operator of(String device) {
            return operators.get(Math.floorMod(device.hashCode(), operators.size()));
        }

        void process(Happening one) {
            of(device(one)).process(one);
        }

        Map<String, byte[]> checkpoint() {
            Map<String, byte[]> states = new TreeMap<>();
            operators.forEach(operator -> states.putAll(operator.checkpoint()));
            return states;
        }

        void restore(Map<String, byte[]> states) {
            states.forEach((device, state) -> of(device).restore(device, state));
        }
    }

    private static String device(Happening one) {
        return one instanceof Happening.Flowed flowed
                ? flowed.event().flow().tag().device()
                : ((Happening.Told) one).event().device();
    }

    @Test
    void whatIsRescaledFromACheckpointFindsWhatOneOperatorFinds() {
        Job one = new Job(1);
        Iterator<Happening> all = FLEET.merged();
        while (all.hasNext()) {
            one.process(all.next());
        }

        Job before = new Job(3);
        Job after = new Job(2);
        long half = FLEET.settings().startMillis() + Duration.ofDays(DAYS).toMillis() / 2;
        boolean rescaled = false;
        Iterator<Happening> again = FLEET.merged();
        while (again.hasNext()) {
            Happening next = again.next();
            if (!rescaled && next.atMillis() >= half) {
                after.restore(before.checkpoint());
                rescaled = true;
            }
            (rescaled ? after : before).process(next);
        }

        assertThat(one.begun).isNotEmpty();
        assertThat(before.begun).isNotEmpty();
        assertThat(after.begun).isNotEmpty().doesNotContainAnyElementsOf(before.begun);
        before.begun.addAll(after.begun);
        assertThat(before.begun).isEqualTo(one.begun);
    }
}

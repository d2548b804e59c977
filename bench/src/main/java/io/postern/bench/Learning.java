package io.postern.bench;

import com.sun.management.ThreadMXBean;
import io.postern.analytics.baseline.Baseline;
import io.postern.analytics.baseline.BaselineSettings;
import io.postern.analytics.baseline.Build;
import io.postern.analytics.baseline.Learner;
import io.postern.analytics.baseline.Sighting;
import io.postern.analytics.baseline.Situation;
import io.postern.analytics.flow.AppAssurance;
import io.postern.analytics.flow.AppTag;
import io.postern.analytics.flow.Basis;
import io.postern.analytics.flow.Destination;
import io.postern.analytics.flow.DeviceAssurance;
import io.postern.analytics.flow.Flow;
import io.postern.analytics.flow.Protocol;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;

/**
 * What it takes to learn a baseline from a flow, and to make the snapshot that detection asks: CPU time and garbage. Flows
 * are made beforehand, each with texts of its own but for its tag's, as the gateway reads them; they come at random.
 */
public final class Learning {

    private static final int FLOWS = 100_000;
    private static final int ROUNDS = 10;
    private static final int APPS = 20;
    private static final int DESTINATIONS = 12;
    private static final long START = 1_795_000_000_000L;
    private static final Build BUILD = new Build(7, "ab".repeat(32));

    private final ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    private final Learner learner = new Learner(BaselineSettings.DEFAULTS);
    private final Random random = new Random(1);

    private Learning() {}

    public static void main(String[] args) {
        new Learning().run("one device, app and destination", 1, 1, 1);
        new Learning()
                .run(
                        "1000 devices, " + APPS + " apps, " + DESTINATIONS + " destinations each",
                        1_000,
                        APPS,
                        DESTINATIONS);
    }

    private void run(String name, int devices, int apps, int destinations) {
        List<AppTag> tags = new ArrayList<>();
        for (int device = 0; device < devices; device++) {
            for (int app = 0; app < apps; app++) {
                tags.add(new AppTag(
                        "LC%05d".formatted(device),
                        "work",
                        "com.example.app" + app,
                        DeviceAssurance.TAG_VERIFIED,
                        AppAssurance.DEVICE_ASSERTED));
            }
        }
        for (int round = 1; round <= ROUNDS; round++) {
            List<Sighting> flows = new ArrayList<>(FLOWS);
            for (int i = 0; i < FLOWS; i++) {
                AppTag tag = tags.get(random.nextInt(tags.size()));
                flows.add(sighting(tag, random.nextInt(destinations), START + (round * (long) FLOWS + i) * 500));
            }
            long allocated = threads.getCurrentThreadAllocatedBytes();
            long began = threads.getCurrentThreadCpuTime();
            flows.forEach(learner::learn);
            long took = threads.getCurrentThreadCpuTime() - began;
            long garbage = threads.getCurrentThreadAllocatedBytes() - allocated;
            if (round == 1 || round == ROUNDS) {
                System.out.printf(
                        "%s, %s: %.0f ns of CPU and %.0f bytes a flow%n",
                        name, round == 1 ? "first" : "warm", (double) took / FLOWS, (double) garbage / FLOWS);
            }
        }
        snapshot("whole", START);
        learner.learn(sighting(tags.get(0), 0, START + ROUNDS * (long) FLOWS * 500));
        snapshot("after one flow more", START);
    }

    private void snapshot(String name, long atMillis) {
        long allocated = threads.getCurrentThreadAllocatedBytes();
        long began = threads.getCurrentThreadCpuTime();
        Baseline made = learner.snapshot(atMillis);
        long took = threads.getCurrentThreadCpuTime() - began;
        long garbage = threads.getCurrentThreadAllocatedBytes() - allocated;
        System.out.printf(
                "snapshot %s of %d entries: %.0f µs of CPU, %d KB; knows %s%n",
                name,
                learner.size(),
                took / 1e3,
                garbage >> 10,
                made.app("com.example.app0").devices());
    }

    private static Sighting sighting(AppTag tag, int destination, long atMillis) {
        String domain = "example" + destination + ".com";
        Flow flow = new Flow(
                "f" + atMillis,
                tag,
                atMillis,
                Flow.Transport.TCP,
                new Destination("api." + domain, domain, "192.0.2." + destination, 443),
                Protocol.TLS,
                Basis.BYTES,
                Set.of("generic-https"),
                Optional.of(new Flow.TlsShape(
                        "api." + domain, false, "h" + 2, "t13d1516h2_8daaf6152771_02713d6af86" + destination % 3)),
                Optional.empty());
        return new Sighting(flow, "mail", BUILD, Situation.BACKGROUND, 400 + destination * 400L, 90_000, false);
    }
}

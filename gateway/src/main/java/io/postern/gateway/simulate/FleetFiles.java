package io.postern.gateway.simulate;

import io.postern.analytics.fleet.Fleet;
import io.postern.analytics.fleet.FleetSettings;
import io.postern.analytics.fleet.Happening;
import io.postern.analytics.flow.FlowEvent;
import io.postern.gateway.facts.NativeEventWriter;
import io.postern.gateway.records.OcsfFlow;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.Writer;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Iterator;
import java.util.Map;
import java.util.function.IntConsumer;

/**
 * Writes a fleet into a folder: {@code flows.ndjson} in order of when lines would be written, {@code facts.ndjson} in order of
 * when they would arrive, {@code tags.csv}, {@code labels.csv} and {@code labels.ndjson}.
 */
public final class FleetFiles {

    private static final int BUFFER = 256 * 1024;
    private static final long DAY = Duration.ofDays(1).toMillis();
    private static final int FIRST_PORT = 32_768;
    private static final int PORTS = 28_000;

    /** What was written. */
    public record Summary(int devices, int days, long seed, long flows, long lines, long facts, int implants) {}

    private final FleetSettings settings;
    private final OcsfFlow ocsf;
    private final Map<String, SimulatedFlow> living = new HashMap<>();
    private final Map<String, InetAddress> addresses = new HashMap<>();
    private long flows;
    private long lines;
    private long facts;

    /** @param version of the product, as its records name it */
    public FleetFiles(FleetSettings settings, String version) {
        this.settings = settings;
        this.ocsf = new OcsfFlow(version);
    }

    /**
     * Writes them all.
     *
     * @param out a folder, made if need be
     * @param day told of each day that begins
     */
    public Summary write(Path out, IntConsumer day) throws IOException {
        Files.createDirectories(out);
        try (Writer tags = Files.newBufferedWriter(out.resolve("tags.csv"))) {
            tags(tags);
        }
        try (OutputStream flowLines = buffered(out.resolve("flows.ndjson"));
                OutputStream factLines = buffered(out.resolve("facts.ndjson"));
                Writer labelLines = Files.newBufferedWriter(out.resolve("labels.csv"));
                Writer implantLines = Files.newBufferedWriter(out.resolve("labels.ndjson"))) {
            NativeEventWriter told = new NativeEventWriter(factLines);
            Labels labels = new Labels(labelLines);
            int today = 0;
            for (Iterator<Happening> fleet = new Fleet(settings).merged(); fleet.hasNext(); ) {
                Happening happening = fleet.next();
                int now = (int) ((happening.atMillis() - settings.startMillis()) / DAY);
                if (now > today) {
                    today = now;
                    day.accept(Math.min(today, settings.days()));
                }
                if (happening instanceof Happening.Told fact) {
                    told.write(fact.event());
                    facts++;
                } else if (happening instanceof Happening.Flowed flowed) {
                    labels.note(flowed.event(), flowed.cause());
                    flow(flowed.event(), flowLines);
                }
            }
            told.flush();
            labels.implants(implantLines);
            return new Summary(
                    settings.devices(), settings.days(), settings.seed(), flows, lines, facts, labels.count());
        }
    }

    private static OutputStream buffered(Path file) throws IOException {
        return new BufferedOutputStream(Files.newOutputStream(file), BUFFER);
    }

    private void tags(Writer tags) throws IOException {
        tags.write("address,device,profile,app\n");
        for (int i = 0; i < settings.devices(); i++) {
            InetAddress address =
                    InetAddress.getByAddress(new byte[] {10, (byte) (1 + (i >> 16)), (byte) (i >> 8), (byte) i});
            addresses.put(Fleet.deviceId(i), address);
            tags.write(address.getHostAddress() + ',' + Fleet.deviceId(i) + ",work,-\n");
        }
    }

    private void flow(FlowEvent event, OutputStream out) {
        String uid = event.flow().uid();
        if (event instanceof FlowEvent.Opened opened) {
            living.put(uid, new SimulatedFlow(opened.flow(), client(opened)));
            flows++;
            return;
        }
        SimulatedFlow flow = living.get(uid);
        if (flow == null) {
            throw new IllegalStateException("flow " + uid + " never began");
        }
        if (event instanceof FlowEvent.Exchanged exchanged) {
            flow.moved(exchanged).ifPresent(line -> {
                ocsf.write(line, out);
                lines++;
            });
        } else if (event instanceof FlowEvent.Asked asked) {
            flow.asked(asked);
        } else if (event instanceof FlowEvent.Closed closed) {
            ocsf.write(flow.closed(closed), out);
            lines++;
            living.remove(uid);
        }
    }

    private InetSocketAddress client(FlowEvent.Opened opened) {
        InetAddress address = addresses.get(opened.flow().tag().device());
        if (address == null) {
            throw new IllegalStateException(
                    "no such device: " + opened.flow().tag().device());
        }
        return new InetSocketAddress(address, FIRST_PORT + (int) (flows % PORTS));
    }
}

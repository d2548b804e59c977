package io.postern.gateway.demo;

import io.postern.analytics.fleet.Happening;
import io.postern.analytics.flow.AppTag;
import io.postern.analytics.flow.Flow;
import io.postern.analytics.flow.FlowEvent;
import io.postern.gateway.identity.CompactTag;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.BiFunction;
import java.util.function.LongConsumer;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;

/**
 * Plays the fleet's weeks: sets the clock to when something happens, has it happen on real sockets, and waits until the gateway
 * has seen it before time goes on. So every flow begins, speaks and ends when the simulator says, whatever the machine is.
 */
final class FleetPlayer implements AutoCloseable {

    private static final long HOUR = Duration.ofHours(1).toMillis();
    /** Of one burst; a nightly backup would else be most of what the demo does. As much as an implant's. */
    private static final long MOST = 262_144;

    private final PlayedGateway gateway;
    private final InetSocketAddress http;
    private final InetSocketAddress socks;
    private final FactClient facts;
    private final BiFunction<String, String, CompactTag> tags;
    private final Hellos hellos;
    private final Map<String, FleetFlow> open = new HashMap<>();
    private final Map<AppTag, CompactTag> signed = new HashMap<>();
    private final Set<FleetFlow> greeted = new HashSet<>();
    private long flows;
    private long hour;

    /** @param tags of a device and an app */
    FleetPlayer(PlayedGateway gateway, String factToken, BiFunction<String, String, CompactTag> tags, SSLContext tls)
            throws IOException {
        this.gateway = gateway;
        this.http = gateway.address("apps");
        this.socks = gateway.address("socks");
        this.facts = new FactClient(gateway.address("context"), factToken);
        this.tags = tags;
        this.hellos = new Hellos(tls);
    }

    /**
     * Plays until the end, or until the time is up.
     *
     * @param untilNanos of {@link System#nanoTime}
     * @param hourly told of device time once an hour of it
     * @return whether it came to the end
     */
    boolean play(List<Happening> happenings, long untilNanos, LongConsumer hourly) throws IOException {
        for (Happening next : happenings) {
            gateway.reach(next.atMillis());
            if (next.atMillis() / HOUR != hour) {
                hour = next.atMillis() / HOUR;
                facts.flush();
                gateway.catchUp();
                hourly.accept(next.atMillis());
                if (System.nanoTime() - untilNanos >= 0) {
                    return false;
                }
            }
            if (next instanceof Happening.Told told) {
                facts.tell(told.event());
            } else if (next instanceof Happening.Flowed flowed) {
                facts.reached(next.atMillis());
                play(flowed.event());
            }
        }
        facts.flush();
        gateway.catchUp();
        return true;
    }

    private void play(FlowEvent event) throws IOException {
        Flow flow = event.flow();
        if (event instanceof FlowEvent.Opened) {
            begin(flow);
        } else if (event instanceof FlowEvent.Exchanged exchanged) {
            @Nullable FleetFlow speaking = open.get(flow.uid());
            if (speaking != null) {
                speak(speaking, exchanged);
            }
        } else if (event instanceof FlowEvent.Closed) {
            end(flow);
        }
    }

    /** Every other device has SOCKS. */
    private void begin(Flow flow) throws IOException {
        FleetFlow made = new FleetFlow();
        CompactTag tag = signed.computeIfAbsent(flow.tag(), app -> tags.apply(app.device(), app.app()));
        FleetScenario.Place to = FleetScenario.Place.of(flow);
        if (flow.tag().device().hashCode() % 2 == 0) {
            made.connect(http, to, tag.user(), tag.password());
        } else {
            made.associate(socks, to, tag.user(), tag.password());
        }
        open.put(flow.uid(), made);
        flows++;
    }

    private void speak(FleetFlow speaking, FlowEvent.Exchanged exchanged) throws IOException {
        if (greeted.add(speaking)) {
            int answer = (int) Math.max(FleetOrigin.SHORTEST, exchanged.bytesIn());
            speaking.exchange(hellos.of(exchanged.flow(), answer), answer);
        } else {
            speaking.exchange(Math.min(MOST, exchanged.bytesOut()), Math.min(MOST, exchanged.bytesIn()));
        }
    }

    private void end(Flow flow) throws IOException {
        @Nullable FleetFlow ended = open.remove(flow.uid());
        if (ended == null) {
            return;
        }
        greeted.remove(ended);
        ended.close();
        gateway.awaitFlows(open.size());
    }

    /** Flows that went over sockets. */
    long flows() {
        return flows;
    }

    long facts() {
        return facts.told();
    }

    @Override
    public void close() throws IOException {
        for (FleetFlow each : open.values()) {
            each.close();
        }
        facts.close();
    }
}

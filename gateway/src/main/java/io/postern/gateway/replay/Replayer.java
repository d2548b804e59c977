package io.postern.gateway.replay;

import io.postern.analytics.flow.AppAssurance;
import io.postern.analytics.flow.AppTag;
import io.postern.gateway.flows.MemoryBudget;
import io.postern.gateway.recognise.DatagramSniffers;
import io.postern.gateway.recognise.Sniffers;
import io.postern.gateway.recognise.StreamHearing;
import io.postern.gateway.recognise.Taps;
import io.postern.gateway.records.CloseReason;
import io.postern.gateway.records.Origin;
import io.postern.wire.capture.Owner;
import io.postern.wire.packet.Packet;
import io.postern.wire.packet.PacketSink;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.BiConsumer;

/**
 * Makes flows of packets, by the time written in them. One for all inputs of a replay, in their order.
 *
 * <p>A flow ends when another begins between the same ends, when it has been silent for as long as its {@link Life} allows,
 * when more flows live at once than are held, or with the inputs: one that goes on in the next input, as captures that are
 * rotated do, stays one. For one thread.
 */
final class Replayer implements PacketSink {

    /** Flows that live at once. */
    static final int MOST_FLOWS = 500_000;

    /** How much later than the last packet of an input the next input may begin, and how much earlier. */
    private static final long ROTATION = TimeUnit.MINUTES.toMicros(1);

    private static final long OVERLAP = TimeUnit.SECONDS.toMicros(1);
    private static final int SWEEP_EVERY = 4096;
    private static final int LOWEST_DYNAMIC_PORT = 1024;

    /** What recognises. */
    record Parts(Sniffers sniffers, DatagramSniffers datagrams, Taps taps, MemoryBudget memory) {}

    private final Parts parts;
    private final Tags tags;
    private final BiConsumer<ReplayFlow, Optional<CloseReason>> lines;
    private final FlowTable flows;

    private Origin input = Origin.input("-");
    private boolean begun;
    private long latest = Long.MIN_VALUE;
    private CloseReason leaving = CloseReason.INPUT_ENDED;
    private int untilSweep = SWEEP_EVERY;
    private long packets;

    /** @param lines told of a flow when it ends, and each hour before, then without a reason */
    Replayer(Parts parts, Tags tags, BiConsumer<ReplayFlow, Optional<CloseReason>> lines) {
        this.parts = parts;
        this.tags = tags;
        this.lines = lines;
        this.flows = new FlowTable(MOST_FLOWS, this::gone);
    }

    /** The packets that follow are of this input. */
    void begin(String name) {
        input = Origin.input(name);
        begun = false;
    }

    /** No packets follow. */
    void end() {
        endAll();
    }

    long packets() {
        return packets;
    }

    int alive() {
        return flows.size();
    }

    @Override
    public void tcp(Packet packet) {
        packet(packet);
    }

    @Override
    public void udp(Packet packet) {
        packet(packet);
    }

    private void packet(Packet packet) {
        packets++;
        long now = packet.micros();
        if (!begun) {
            begun = true;
            if (now < latest - OVERLAP || now > latest + ROTATION) {
                endAll();
                latest = now;
            }
        }
        latest = Math.max(latest, now);
        if (--untilSweep == 0) {
            untilSweep = SWEEP_EVERY;
            sweep(now);
        }
        int hash = packet.flowHash();
        ReplayFlow flow = flows.find(packet, hash);
        if (flow != null && now - flow.lastMicros() > flow.life.micros) {
            leave(flow, CloseReason.IDLE);
            flow = null;
        }
        if (flow == null) {
            flow = open(packet, hash);
        }
        if (take(flow, packet) == Talk.Taken.BEGINS_ANOTHER) {
            leave(flow, flow.talk().end());
            flow = open(packet, hash);
            take(flow, packet);
        }
    }

    private Talk.Taken take(ReplayFlow flow, Packet packet) {
        long before = flow.lastMicros();
        flow.seen(packet.micros());
        Talk.Taken taken = flow.talk().packet(packet, flow.ends.sentByClient(packet));
        if (taken == Talk.Taken.BEGINS_ANOTHER) {
            flow.unseen(before);
            return taken;
        }
        flows.touch(flow);
        Owner owner = packet.owner();
        if (owner != null && !owner.packageName().isEmpty()) {
            owned(flow, owner.packageName());
        }
        if (flow.lineDue()) {
            lines.accept(flow, Optional.empty());
        }
        if (flow.life != Life.ENDED && flow.talk().over()) {
            flows.turn(flow, Life.ENDED);
        }
        return taken;
    }

    private static void owned(ReplayFlow flow, String app) {
        if (!flow.tag().app().equals(app)) {
            // The phone's own capture says so, which is an agent's word.
            flow.owned(flow.tag().of(app, AppAssurance.AGENT_REPORTED));
        }
    }

    private ReplayFlow open(Packet packet, int hash) {
        Ends ends = Ends.from(packet);
        Optional<AppTag> tag = tags.find(ends.client());
        if (tag.isEmpty() || packet.has(Packet.SYN | Packet.ACK)) {
            Optional<AppTag> other = tags.find(ends.server());
            if (answers(packet, other.isPresent())) {
                ends = ends.turned();
                tag = other;
            }
        }
        ReplayFlow flow = new ReplayFlow(ends, input, tag.orElse(AppTag.UNATTRIBUTED), hash, packet.micros());
        flow.begin(
                packet.tcp()
                        ? new TcpTalk(
                                flow, new StreamHearing(parts.sniffers, parts.taps, parts.memory, flow), parts.memory)
                        : new UdpTalk(flow, parts.datagrams));
        flows.add(flow);
        return flow;
    }

    /**
     * Whether the first packet seen of a flow was sent by its server: the handshake tells; else a device that is known has
     * begun it; else whoever has the port of a service is the server.
     */
    private static boolean answers(Packet packet, boolean knownDevice) {
        if (packet.has(Packet.SYN)) {
            return packet.has(Packet.ACK);
        }
        return knownDevice
                || (packet.sourcePort() < LOWEST_DYNAMIC_PORT && packet.destinationPort() >= LOWEST_DYNAMIC_PORT);
    }

    /** By the packet's own time: one that is dated wrong does no more harm than once. */
    private void sweep(long now) {
        leaving = CloseReason.IDLE;
        flows.removeSilent(now);
        leaving = CloseReason.INPUT_ENDED;
    }

    private void endAll() {
        flows.removeAll();
    }

    private void leave(ReplayFlow flow, CloseReason why) {
        leaving = why;
        flows.remove(flow);
        leaving = CloseReason.INPUT_ENDED;
    }

    private void gone(ReplayFlow flow) {
        CloseReason end = flow.talk().end();
        flow.talk().close();
        lines.accept(flow, Optional.of(end == CloseReason.INPUT_ENDED ? leaving : end));
    }
}

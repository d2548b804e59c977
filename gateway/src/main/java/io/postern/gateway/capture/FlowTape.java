package io.postern.gateway.capture;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.postern.gateway.flows.LiveFlow;
import io.postern.gateway.flows.Recorder;
import io.postern.gateway.records.Transport;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Clock;
import java.time.Instant;
import java.util.Arrays;
import java.util.concurrent.atomic.LongAdder;

/** One flow as it is captured; on its loop, but for what it hands to the writer. */
final class FlowTape implements Recorder {

    private final Armed one;
    private final CaptureWriter writer;
    private final Clock clock;
    private final LongAdder written;
    private final Segments outwards;
    private final Segments inwards;
    /** The writer's. */
    private int number = -1;

    private int sent = 1;
    private int received = 1;

    /**
     * @param device what it is called
     * @param written counts bytes of packets
     */
    FlowTape(
            Armed one,
            LiveFlow flow,
            String device,
            InetSocketAddress remote,
            CaptureWriter writer,
            Clock clock,
            LongAdder written) {
        this.one = one;
        this.writer = writer;
        this.clock = clock;
        this.written = written;
        this.outwards = Segments.of(
                flow.transport() == Transport.UDP,
                flow.client().getAddress(),
                flow.client().getPort(),
                remote.getAddress(),
                remote.getPort());
        this.inwards = outwards.back();
        String words = "device=" + device + " profile=" + flow.tag().profile() + " app="
                + flow.tag().app();
        String name = flow.id();
        long at = nanos();
        writer.offer(one, 0, file -> {
            number = file.flow(name, words);
            if (!outwards.udp()) {
                put(file, at, true, outwards.packet(Segments.SYN, 0, 0, new byte[0]), "flow=" + name + " " + words);
                put(file, at, false, inwards.packet(Segments.SYN | Segments.ACK, 0, 1, new byte[0]), "");
                put(file, at, true, outwards.packet(Segments.ACK, 1, 1, new byte[0]), "");
            }
        });
    }

    @Override
    public void moved(boolean out, ByteBuf bytes) {
        long at = nanos();
        if (at / 1_000_000 >= one.untilMillis()) {
            return;
        }
        byte[] copy = ByteBufUtil.getBytes(bytes);
        int sequence = out ? sent : received;
        int acknowledged = out ? received : sent;
        writer.offer(one, copy.length, file -> packets(file, at, out, copy, sequence, acknowledged));
        if (out) {
            sent += copy.length;
        } else {
            received += copy.length;
        }
    }

    private void packets(CaptureFile file, long at, boolean out, byte[] bytes, int sequence, int acknowledged)
            throws IOException {
        Segments way = out ? outwards : inwards;
        // A datagram is one packet, whose length fits what it came in.
        int step = way.udp() ? bytes.length : Segments.MOST;
        for (int from = 0; from < bytes.length; from += step) {
            byte[] part = Arrays.copyOfRange(bytes, from, Math.min(bytes.length, from + step));
            put(file, at, out, way.packet(Segments.PSH | Segments.ACK, sequence + from, acknowledged, part), "");
        }
    }

    @Override
    public void ended() {
        long at = nanos();
        int mine = sent;
        int theirs = received;
        if (!outwards.udp()) {
            int fin = Segments.FIN | Segments.ACK;
            writer.offer(one, 0, file -> {
                put(file, at, true, outwards.packet(fin, mine, theirs, new byte[0]), "");
                put(file, at, false, inwards.packet(fin, theirs, mine + 1, new byte[0]), "");
            });
        }
    }

    private void put(CaptureFile file, long at, boolean out, byte[] packet, String comment) throws IOException {
        if (number >= 0 && file.packet(number, at, out, packet, comment)) {
            written.add(packet.length);
        }
    }

    private long nanos() {
        Instant now = clock.instant();
        return now.getEpochSecond() * 1_000_000_000L + now.getNano();
    }
}

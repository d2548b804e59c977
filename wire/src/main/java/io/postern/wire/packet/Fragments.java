package io.postern.wire.packet;

import java.nio.ByteBuffer;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Consumer;

/**
 * Puts datagrams together from their fragments, RFC 791 section 3.2 and RFC 8200 section 4.5. Of bytes that come twice the
 * first count: RFC 5722 would drop such a datagram of IPv6, but whoever received it may not have. The oldest datagrams go
 * when time or room is up. For one thread.
 */
final class Fragments {

    private final PacketLimits limits;
    private final PacketCounts counts;
    private final Consumer<Datagram> heads;
    private final Map<Key, Datagram> waiting = new LinkedHashMap<>();
    private int held;

    private record Key(
            long sourceHigh, long sourceLow, long destinationHigh, long destinationLow, int id, int protocol) {}

    /** @param heads takes datagrams that are given up, for the bytes they begin with */
    Fragments(PacketLimits limits, PacketCounts counts, Consumer<Datagram> heads) {
        this.limits = limits;
        this.counts = counts;
        this.heads = heads;
    }

    /**
     * Takes the fragment that is left of a packet.
     *
     * @return whether it completes a datagram, which is then what is left; also if it is the first fragment and the capture
     *     kept too little of it, so that the datagram never will be complete: then the beginning is left
     */
    boolean put(Walk walk, int id, int offset, boolean more) {
        if (walk.missing > 0) {
            walk.head = offset == 0;
            return walk.head;
        }
        expire(walk.micros);
        Key key =
                new Key(walk.sourceHigh, walk.sourceLow, walk.destinationHigh, walk.destinationLow, id, walk.protocol);
        Datagram datagram = waiting.computeIfAbsent(key, unseen -> new Datagram(walk));
        int before = datagram.held();
        if (datagram.put(walk, offset, more)) {
            counts.add(PacketCount.OVERLAP);
        }
        held += datagram.held() - before;
        if (datagram.whole()) {
            waiting.remove(key);
            held -= datagram.held();
            counts.add(PacketCount.REASSEMBLED);
            walk.bytes = ByteBuffer.wrap(datagram.bytes());
            walk.from = 0;
            walk.to = datagram.beginning();
            return true;
        }
        while (waiting.size() > limits.datagrams() || held > limits.bytes()) {
            giveUpOldest();
        }
        return false;
    }

    void giveUpAll() {
        while (!waiting.isEmpty()) {
            giveUpOldest();
        }
    }

    private void expire(long micros) {
        while (!waiting.isEmpty() && micros - waiting.values().iterator().next().since() > limits.patienceMicros()) {
            giveUpOldest();
        }
    }

    private void giveUpOldest() {
        Iterator<Datagram> oldest = waiting.values().iterator();
        Datagram datagram = oldest.next();
        oldest.remove();
        held -= datagram.held();
        counts.add(PacketCount.GIVEN_UP);
        if (datagram.beginning() > 0) {
            heads.accept(datagram);
        }
    }
}

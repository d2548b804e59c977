package io.postern.wire.packet;

import java.util.EnumMap;
import java.util.Map;

/** How often what became of frames and fragments. For one thread. */
final class PacketCounts {

    private final Map<PacketCount, Tally> tallies = new EnumMap<>(PacketCount.class);

    private static final class Tally {
        long count;
    }

    PacketCounts() {
        for (PacketCount what : PacketCount.values()) {
            tallies.put(what, new Tally());
        }
    }

    void add(PacketCount what) {
        tally(what).count++;
    }

    long of(PacketCount what) {
        return tally(what).count;
    }

    private Tally tally(PacketCount what) {
        Tally tally = tallies.get(what);
        if (tally == null) {
            throw new AssertionError("no tally of " + what);
        }
        return tally;
    }
}

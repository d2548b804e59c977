package io.postern.analytics.sketch;

import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * On how many devices is a destination spoken to, by one app and by any? Bounded: when there is no more room, what was on
 * one or two devices goes first, of which nothing to remember says the same. Not for several threads; whoever reads beside
 * takes a {@link #snapshot}.
 */
public final class Prevalence {

    private static final int VERSION = 1;
    private static final int RARE = 2;
    private static final int TRIES = 8;
    /** Between app and destination; neither has it. */
    private static final char BETWEEN = '\n';

    private final int most;
    private final Distinct devices = new Distinct();
    private Map<String, Distinct> seen = new LinkedHashMap<>();
    private long evicted;

    /** @param most destinations, and pairs of app and destination, together */
    public Prevalence(int most) {
        if (most < TRIES) {
            throw new IllegalArgumentException("room is for " + most + ", must be " + TRIES + " at least");
        }
        this.most = most;
    }

    /** That device spoke to that destination by that app. */
    public void seen(String device, String app, String destination) {
        devices.add(device);
        of(destination).add(device);
        of(app + BETWEEN + destination).add(device);
    }

    private Distinct of(String key) {
        @Nullable Distinct found = seen.get(key);
        if (found == null) {
            if (seen.size() >= most) {
                makeRoom();
            }
            found = new Distinct();
            seen.put(key, found);
        }
        return found;
    }

    /** The eldest go round again if they are on several devices; after a few tries the eldest goes whatever it is. */
    private void makeRoom() {
        for (int tries = 0; ; tries++) {
            Iterator<Map.Entry<String, Distinct>> eldest = seen.entrySet().iterator();
            Map.Entry<String, Distinct> one = eldest.next();
            eldest.remove();
            if (one.getValue().count() <= RARE || tries == TRIES) {
                evicted++;
                return;
            }
            seen.put(one.getKey(), one.getValue());
        }
    }

    /** Destinations, and pairs of app and destination, that are remembered. */
    public int size() {
        return seen.size();
    }

    /** Devices that spoke to anything. */
    public long devices() {
        return devices.count();
    }

    /** Devices that spoke to it by any app; 0 where it is not remembered. */
    public long devices(String destination) {
        @Nullable Distinct found = seen.get(destination);
        return found == null ? 0 : found.count();
    }

    /** Devices that spoke to it by that app. */
    public long devices(String app, String destination) {
        return devices(app + BETWEEN + destination);
    }

    /** What had to go for want of room. */
    public long evicted() {
        return evicted;
    }

    /** As it is now, and for ever. */
    public Snapshot snapshot() {
        Map<String, Long> counts = new LinkedHashMap<>(2 * seen.size());
        seen.forEach((key, distinct) -> {
            if (distinct.count() > RARE) {
                counts.put(key, distinct.count());
            }
        });
        return new Snapshot(devices.count(), Map.copyOf(counts));
    }

    /** On how many devices each destination was at one time. What was on one or two is not in it. */
    public static final class Snapshot {

        public static final Snapshot EMPTY = new Snapshot(0, Map.of());

        private final long devices;
        private final Map<String, Long> counts;

        private Snapshot(long devices, Map<String, Long> counts) {
            this.devices = devices;
            this.counts = counts;
        }

        public long devices() {
            return devices;
        }

        /** Share of devices that spoke to it by any app, 0 to 1. */
        public double share(String destination) {
            long on = counts.getOrDefault(destination, 0L);
            return devices == 0 ? 0 : Math.min(1, (double) on / devices);
        }

        /** Share of devices that spoke to it by that app, 0 to 1. */
        public double share(String app, String destination) {
            return share(app + BETWEEN + destination);
        }
    }

    public void join(Prevalence other) {
        devices.join(other.devices);
        other.seen.forEach((key, distinct) -> of(key).join(distinct));
        evicted = Math.max(evicted, other.evicted);
    }

    public void writeTo(DataOutput out) throws IOException {
        out.writeByte(VERSION);
        out.writeLong(evicted);
        devices.writeTo(out);
        out.writeInt(seen.size());
        for (Map.Entry<String, Distinct> one : seen.entrySet()) {
            out.writeUTF(one.getKey());
            one.getValue().writeTo(out);
        }
    }

    /** @throws IOException also of what was not written by {@link #writeTo}, or is more than there is room for */
    public static Prevalence readFrom(DataInput in, int most) throws IOException {
        int version = in.readUnsignedByte();
        if (version != VERSION) {
            throw new IOException("a prevalence of version " + version + ", must be " + VERSION);
        }
        Prevalence prevalence = new Prevalence(most);
        prevalence.evicted = in.readLong();
        prevalence.devices.join(Distinct.readFrom(in));
        int size = in.readInt();
        if (size < 0 || size > most) {
            throw new IOException("a prevalence of " + size + ", must be at most " + most);
        }
        for (int i = 0; i < size; i++) {
            prevalence.seen.put(in.readUTF(), Distinct.readFrom(in));
        }
        return prevalence;
    }
}

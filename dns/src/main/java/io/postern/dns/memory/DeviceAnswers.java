package io.postern.dns.memory;

import java.net.InetAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.UnaryOperator;

/** What one device was told. Thread-safe. */
final class DeviceAnswers {

    /** Below it a device may have asked here by chance: a captive portal, a probe. */
    static final int LEAST_ANSWERS = 16;

    private static final long LEAST_RUN = Duration.ofHours(1).toMillis();
    /** In a longer silence it may have been elsewhere, and bring addresses from there. */
    private static final long LONGEST_GAP = Duration.ofMinutes(30).toMillis();

    private static final long ELSEWHERE = Duration.ofDays(1).toMillis();

    /** @param until when it is forgotten, Unix milliseconds */
    private record Told(String name, long until) {}

    /** Told longest ago first. */
    private final Map<InetAddress, List<Told>> addresses = new LinkedHashMap<>();

    private long runBegan;
    private long lastTold = Long.MIN_VALUE / 2;
    private int answers;
    private long elsewhereUntil = Long.MIN_VALUE;
    private volatile int size;

    int size() {
        return size;
    }

    /** @return how many addresses went for want of room */
    synchronized int told(String name, List<InetAddress> told, long now, long until, int most) {
        // A clock that was set back says nothing of what was before.
        if (now - lastTold > LONGEST_GAP || now < lastTold) {
            begin(now);
        }
        lastTold = now;
        answers++;
        for (InetAddress address : told) {
            List<Told> names = addresses.remove(address);
            addresses.put(address, with(new Told(name, until), names == null ? List.of() : names, now));
        }
        int gone = makeRoom(now, most);
        if (gone > 0) {
            begin(now);
        }
        size = addresses.size();
        return gone;
    }

    /** The latest first. */
    private static List<Told> with(Told latest, List<Told> before, long now) {
        List<Told> names = new ArrayList<>(1);
        names.add(latest);
        for (Told one : before) {
            if (one.until > now && !one.name.equals(latest.name) && names.size() < Remembered.MOST_NAMES) {
                names.add(one);
            }
        }
        return names;
    }

    private void begin(long now) {
        runBegan = now;
        answers = 0;
    }

    private int makeRoom(long now, int most) {
        int gone = 0;
        Iterator<List<Told>> eldest = addresses.values().iterator();
        while (eldest.hasNext()) {
            boolean good = good(eldest.next(), now);
            if (good && addresses.size() <= most) {
                break;
            }
            eldest.remove();
            gone += good ? 1 : 0;
        }
        return gone;
    }

    private static boolean good(List<Told> names, long now) {
        for (Told one : names) {
            if (one.until > now) {
                return true;
            }
        }
        return false;
    }

    synchronized void asksElsewhere(long now) {
        elsewhereUntil = now + ELSEWHERE;
    }

    synchronized Remembered of(InetAddress address, long now, UnaryOperator<String> registrable) {
        boolean seen = seen(now);
        List<String> good = addresses.getOrDefault(address, List.of()).stream()
                .filter(one -> one.until > now)
                .map(Told::name)
                .toList();
        if (good.isEmpty()) {
            return seen ? new Remembered(List.of(), Optional.empty(), true) : Remembered.NOTHING;
        }
        return new Remembered(good, one(good, registrable), seen);
    }

    private boolean seen(long now) {
        return answers >= LEAST_ANSWERS
                && now - runBegan >= LEAST_RUN
                && now - lastTold <= LONGEST_GAP
                && now >= lastTold
                && now >= elsewhereUntil;
    }

    private static Optional<String> one(List<String> names, UnaryOperator<String> registrable) {
        String latest = names.get(0);
        if (names.size() == 1) {
            return Optional.of(latest);
        }
        String owner = registrable.apply(latest);
        boolean same = !owner.isEmpty()
                && names.stream().allMatch(name -> registrable.apply(name).equals(owner));
        return same ? Optional.of(latest) : Optional.empty();
    }
}

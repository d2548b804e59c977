package io.postern.analytics.baseline;

import java.util.Arrays;
import java.util.Optional;
import java.util.Set;
import java.util.function.LongPredicate;
import org.jspecify.annotations.Nullable;

/** One thing learnt of a subject, while it is being learnt. */
final class Entry {

    /** What it was seen with is told apart up to so many destinations; what is seen with more is not one destination's. */
    static final int DESTINATIONS = 8;

    private static final long[] MANY = new long[0];

    /** What is learnt, and in which situation. */
    record Key(Trait trait, String text, Situation situation) {}

    final Key key;
    final DeviceCount devices;
    Days days = Days.NONE;
    long flows;
    long firstMillis;
    long lastMillis;
    boolean tainted;

    @Nullable
    Decision decision;

    /** Hashes of the destinations it was seen with; {@link #MANY} when they are too many. */
    private long[] with;

    Entry(Key key) {
        this(key, new DeviceCount(), new long[] {});
    }

    Entry(Key key, DeviceCount devices, long[] with) {
        this.key = key;
        this.devices = devices;
        this.with = with;
    }

    /** @return whether that tells more than how often and how lately */
    boolean see(Seen seen) {
        boolean more = flows == 0 || seen.atMillis() < firstMillis;
        firstMillis = more ? seen.atMillis() : firstMillis;
        lastMillis = Math.max(lastMillis, seen.atMillis());
        flows++;
        more |= !days.has(seen.day());
        days = days.with(seen.day());
        seenWith(seen.destination());
        return devices.add(seen.device()) || more;
    }

    private void seenWith(long destination) {
        if (with == MANY) {
            return;
        }
        for (long one : with) {
            if (one == destination) {
                return;
            }
        }
        if (with.length == DESTINATIONS) {
            // Tainted, it was seen with tainted ones only: as long as those it has are, it is theirs.
            with = tainted ? with : MANY;
            return;
        }
        with = Arrays.copyOf(with, with.length + 1);
        with[with.length - 1] = destination;
    }

    /** Whether it was seen with these destinations only. */
    boolean only(LongPredicate destinations) {
        return with.length > 0 && Arrays.stream(with).allMatch(destinations);
    }

    /** Those it was seen with; empty when they are too many. */
    Optional<long[]> with() {
        return with == MANY ? Optional.empty() : Optional.of(with.clone());
    }

    /** As read from what {@link #with()} gave. */
    static long[] with(Optional<long[]> stored) {
        return stored.orElse(MANY);
    }

    /** Also what another gateway has seen; counting it twice changes only the number of flows. */
    void add(Entry other) {
        firstMillis = flows == 0 ? other.firstMillis : Math.min(firstMillis, other.firstMillis);
        lastMillis = Math.max(lastMillis, other.lastMillis);
        devices.add(other.devices);
        days = days.with(other.days);
        tainted |= other.tainted;
        if (other.with == MANY) {
            with = MANY;
        } else {
            for (long destination : other.with) {
                seenWith(destination);
            }
        }
        flows += other.flows;
        if (other.decision != null && (decision == null || other.decision.atMillis() > decision.atMillis())) {
            decision = other.decision;
        }
    }

    /** @param overrun whether nothing of the subject may be proposed */
    Standing standing(BaselineSettings settings, Build build, boolean overrun, long nowMillis) {
        if (decision != null) {
            Standing standing = decided(decision, settings, build, nowMillis);
            // What speaks against it came since: an old approval is not renewed without a look at that.
            boolean open = standing == Standing.PROVISIONAL || standing == Standing.EXPIRED;
            return open && tainted ? Standing.TAINTED : standing;
        }
        if (tainted || overrun) {
            return Standing.TAINTED;
        }
        boolean enough = devices.count() >= settings.minDevices() && days.count() >= settings.minDays();
        return enough ? Standing.PROPOSED : Standing.LEARNING;
    }

    private Standing decided(Decision made, BaselineSettings settings, Build build, long nowMillis) {
        if (!made.approved()) {
            return Standing.REJECTED;
        }
        boolean overdue = made.reviewByMillis() > 0 && nowMillis >= made.reviewByMillis();
        if (overdue || unseen(settings, Math.max(made.atMillis(), lastMillis), nowMillis)) {
            return Standing.EXPIRED;
        }
        return made.build().covers(build) ? Standing.APPROVED : Standing.PROVISIONAL;
    }

    /** Whether it may be let go of. */
    boolean forgettable(BaselineSettings settings, long nowMillis) {
        return decision == null && !tainted && unseen(settings, lastMillis, nowMillis);
    }

    private static boolean unseen(BaselineSettings settings, long lastMillis, long nowMillis) {
        return nowMillis - lastMillis > settings.unseen().toMillis();
    }

    Known known(Standing standing) {
        return new Known(
                key.trait(),
                key.text(),
                key.situation(),
                standing,
                devices.count(),
                days.count(),
                flows,
                firstMillis,
                lastMillis,
                Optional.ofNullable(decision));
    }

    /** Which of two goes first when there is no room: the one that fewer devices, then fewer days, then less lately show. */
    static int byWorth(Entry one, Entry other) {
        int byDevices = Integer.compare(one.devices.count(), other.devices.count());
        if (byDevices != 0) {
            return byDevices;
        }
        int byDays = Integer.compare(one.days.count(), other.days.count());
        return byDays != 0 ? byDays : Long.compare(one.lastMillis, other.lastMillis);
    }

    /** Whether its destination is one of these, or all of those it was seen with are. */
    boolean of(Set<String> destinations, LongPredicate hashes) {
        return key.trait() == Trait.DESTINATION ? destinations.contains(key.text()) : only(hashes);
    }
}

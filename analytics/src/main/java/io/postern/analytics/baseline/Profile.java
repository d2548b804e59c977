package io.postern.analytics.baseline;

import io.postern.analytics.flow.Protocol;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What is known of one subject, for detection to ask: immutable, and an answer makes no garbage. How often something was
 * seen, and when last, is up to a day old in it; all else is as of the snapshot.
 *
 * <p>Asked of a situation, what was decided of that situation answers; where nothing was, that or what was seen while nobody
 * reported the situation, whichever stands better. Asked without one ({@link Situation#UNKNOWN}), whatever stands best in any of them.
 */
public final class Profile {

    /** Of what nothing was learnt. */
    public static final Profile EMPTY = new Profile(List.of(), 0, 0, Map.of(), 0);

    private final List<Known> all;
    private final int devices;
    private final int learntDays;
    private final Map<Build, Long> since;
    private final long madeMillis;
    private final boolean approved;
    /** At most half full, so a probe always ends. */
    private final @Nullable Slot[] slots;

    /** One thing known, and who has shown it. */
    record Part(Known known, DeviceCount devices) {}

    private static final class Slot {
        final int at;
        final long code;
        final Map<Situation, Known> bySituation = new EnumMap<>(Situation.class);
        Known best = Known.ABSENT;
        int devices;
        /** While the profile is made: afterwards it may grow. */
        private @Nullable DeviceCount seenOn;

        Slot(int at, long code) {
            this.at = at;
            this.code = code;
        }

        void add(DeviceCount more) {
            if (seenOn == null) {
                seenOn = more;
            } else {
                DeviceCount union = DeviceCount.of(seenOn.hashes());
                union.add(more);
                seenOn = union;
            }
        }

        void made() {
            devices = seenOn == null ? 0 : seenOn.count();
            seenOn = null;
        }
    }

    Profile(List<Part> parts, int devices, int learntDays, Map<Build, Long> since, long madeMillis) {
        this.all = parts.stream().map(Part::known).toList();
        this.devices = devices;
        this.learntDays = learntDays;
        this.since = Map.copyOf(since);
        this.madeMillis = madeMillis;
        this.approved = all.stream().anyMatch(known -> known.standing().approved());
        slots = new @Nullable Slot[Integer.highestOneBit(Math.max(1, all.size())) * 4];
        parts.forEach(part -> file(part.known).add(part.devices));
        for (@Nullable Slot slot : slots) {
            if (slot != null) {
                slot.made();
            }
        }
    }

    private Slot file(Known known) {
        long code = code(known.trait(), known.text());
        int at = (int) code & (slots.length - 1);
        @Nullable Slot slot = slots[at];
        while (slot != null && !(slot.code == code && same(slot.best, known.trait(), known.text()))) {
            at = (at + 1) & (slots.length - 1);
            slot = slots[at];
        }
        if (slot == null) {
            slot = new Slot(at, code);
            slots[at] = slot;
        }
        slot.bySituation.put(known.situation(), known);
        if (known.standing().compareTo(slot.best.standing()) > 0) {
            slot.best = known;
        }
        return slot;
    }

    private static long code(Trait trait, String text) {
        int split = trait == Trait.PORT ? text.lastIndexOf(':') : trait == Trait.REQUEST ? text.indexOf(' ') : -1;
        if (split < 0) {
            return code(trait, Hash.of(text));
        }
        String head = text.substring(0, split);
        String tail = text.substring(split + 1);
        return code(trait, trait == Trait.PORT ? Hash.of(head, Integer.parseInt(tail)) : Hash.of(head, tail));
    }

    private static long code(Trait trait, long value) {
        return Hash.spread(value + trait.code());
    }

    private static boolean same(Known known, Trait trait, String text) {
        return known.trait() == trait && known.text().equals(text);
    }

    /** @param text as {@link Known#text}; of ports and requests {@link #port} and {@link #request} need none */
    public Known find(Trait trait, String text, Situation situation) {
        @Nullable Slot slot = slot(trait, text);
        return slot == null ? Known.ABSENT : answer(slot, situation);
    }

    /**
     * Distinct devices on which something was seen, in whatever situation; to be held against {@link #devices()}.
     *
     * @param text as {@link Known#text}
     */
    public int devices(Trait trait, String text) {
        @Nullable Slot slot = slot(trait, text);
        return slot == null ? 0 : slot.devices;
    }

    private @Nullable Slot slot(Trait trait, String text) {
        long code = code(trait, text);
        @Nullable Slot slot = first(code);
        while (slot != null && !same(slot.best, trait, text)) {
            slot = after(slot);
        }
        return slot;
    }

    public Known port(Protocol protocol, int port, Situation situation) {
        long code = code(Trait.PORT, Hash.of(protocol.label(), port));
        for (@Nullable Slot slot = first(code); slot != null; slot = after(slot)) {
            if (slot.best.trait() == Trait.PORT && isPort(slot.best.text(), protocol.label(), port)) {
                return answer(slot, situation);
            }
        }
        return Known.ABSENT;
    }

    private static boolean isPort(String text, String protocol, int port) {
        int colon = protocol.length();
        return text.length() > colon + 1
                && text.startsWith(protocol)
                && text.charAt(colon) == ':'
                && Integer.parseInt(text, colon + 1, text.length(), 10) == port;
    }

    /** @param pathClass empty when not visible */
    public Known request(String method, String pathClass, Situation situation) {
        long code = code(Trait.REQUEST, Hash.of(method, pathClass));
        for (@Nullable Slot slot = first(code); slot != null; slot = after(slot)) {
            if (slot.best.trait() == Trait.REQUEST && Bands.isRequest(slot.best.text(), method, pathClass)) {
                return answer(slot, situation);
            }
        }
        return Known.ABSENT;
    }

    private @Nullable Slot first(long code) {
        return next((int) code & (slots.length - 1), code);
    }

    private @Nullable Slot after(Slot slot) {
        return next((slot.at + 1) & (slots.length - 1), slot.code);
    }

    private @Nullable Slot next(int from, long code) {
        int at = from;
        @Nullable Slot slot = slots[at];
        while (slot != null && slot.code != code) {
            at = (at + 1) & (slots.length - 1);
            slot = slots[at];
        }
        return slot;
    }

    private static Known answer(Slot slot, Situation situation) {
        if (situation == Situation.UNKNOWN) {
            return slot.best;
        }
        Known exact = slot.bySituation.getOrDefault(situation, Known.ABSENT);
        Known unreported = slot.bySituation.getOrDefault(Situation.UNKNOWN, Known.ABSENT);
        boolean decided = exact.decision().isPresent();
        return !decided && unreported.standing().compareTo(exact.standing()) > 0 ? unreported : exact;
    }

    public Known bytesUp(long count, Situation situation) {
        return find(Trait.BYTES_UP, Bands.bytes(count), situation);
    }

    public Known bytesDown(long count, Situation situation) {
        return find(Trait.BYTES_DOWN, Bands.bytes(count), situation);
    }

    /** @param anHour flows to one destination, one at least */
    public Known rate(int anHour, Situation situation) {
        return find(Trait.RATE, Bands.rate(anHour), situation);
    }

    /** @param seconds between flows to one destination */
    public Known cadence(long seconds, Situation situation) {
        return find(Trait.CADENCE, Bands.cadence(seconds), situation);
    }

    public Known hours(long atMillis, Situation situation) {
        return find(Trait.HOURS, Bands.hours(atMillis), situation);
    }

    /** Whether somebody has approved anything of it: without that nothing is a violation. */
    public boolean approved() {
        return approved;
    }

    /** All of it, in no order. */
    public List<Known> all() {
        return all;
    }

    /** Devices of the entry of a trait and a situation that most devices have. */
    public int mostDevices(Trait trait, Situation situation) {
        int most = 0;
        for (Known known : all) {
            boolean asked = known.trait() == trait && known.situation() == situation;
            most = asked ? Math.max(most, known.devices()) : most;
        }
        return most;
    }

    /**
     * Devices that connect to one destination so often, or more often, in a situation; of each band the entry that most devices
     * have.
     *
     * @param anHour one at least
     */
    public int devicesAsOften(int anHour, Situation situation) {
        int most = 0;
        for (String band : Bands.ratesFrom(anHour)) {
            most = Math.max(most, exact(Trait.RATE, band, situation).devices());
        }
        return most;
    }

    private Known exact(Trait trait, String text, Situation situation) {
        @Nullable Slot slot = slot(trait, text);
        return slot == null ? Known.ABSENT : slot.bySituation.getOrDefault(situation, Known.ABSENT);
    }

    /** Distinct devices on which the subject was seen at all, see {@link DeviceCount}. */
    public int devices() {
        return devices;
    }

    /** Distinct days of the last 64 on which the subject was seen. */
    public int learntDays() {
        return learntDays;
    }

    /** Since when a build is about, Unix time; empty if it was not seen. */
    public Optional<Long> since(Build build) {
        return Optional.ofNullable(since.get(build));
    }

    boolean sameDay(long millis) {
        return Days.of(millis) == Days.of(madeMillis);
    }
}

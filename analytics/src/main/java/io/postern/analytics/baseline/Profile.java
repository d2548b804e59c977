package io.postern.analytics.baseline;

import io.postern.analytics.flow.Protocol;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What is known of one subject, for detection to ask: immutable, and an answer makes no garbage.
 *
 * <p>Asked of a situation, what was decided of that situation answers; where nothing was, that or what was seen while nobody
 * reported the situation, whichever stands better. Asked without one ({@link Situation#UNKNOWN}), whatever stands best in any of them.
 */
public final class Profile {

    /** Of what nothing was learnt. */
    public static final Profile EMPTY = new Profile(List.of(), Map.of(), 0);

    private final List<Known> all;
    private final Map<Build, Long> since;
    private final long madeMillis;
    /** At most half full, so a probe always ends. */
    private final @Nullable Slot[] slots;

    private static final class Slot {
        final int at;
        final long code;
        final Map<Situation, Known> bySituation = new EnumMap<>(Situation.class);
        Known best = Known.ABSENT;

        Slot(int at, long code) {
            this.at = at;
            this.code = code;
        }
    }

    Profile(List<Known> all, Map<Build, Long> since, long madeMillis) {
        this.all = all;
        this.since = Map.copyOf(since);
        this.madeMillis = madeMillis;
        slots = new @Nullable Slot[Integer.highestOneBit(Math.max(1, all.size())) * 4];
        all.forEach(this::file);
    }

    private void file(Known known) {
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
        long code = code(trait, text);
        for (@Nullable Slot slot = first(code); slot != null; slot = after(slot)) {
            if (same(slot.best, trait, text)) {
                return answer(slot, situation);
            }
        }
        return Known.ABSENT;
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
            if (slot.best.trait() == Trait.REQUEST && isRequest(slot.best.text(), method, pathClass)) {
                return answer(slot, situation);
            }
        }
        return Known.ABSENT;
    }

    private static boolean isRequest(String text, String method, String pathClass) {
        return text.length() == method.length() + 1 + pathClass.length()
                && text.startsWith(method)
                && text.charAt(method.length()) == ' '
                && text.endsWith(pathClass);
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
        return all.stream().anyMatch(known -> known.standing().approved());
    }

    /** All of it, in no order. */
    public List<Known> all() {
        return all;
    }

    /** Since when a build is about, Unix time; empty if it was not seen. */
    public Optional<Long> since(Build build) {
        return Optional.ofNullable(since.get(build));
    }

    boolean sameDay(long millis) {
        return Days.of(millis) == Days.of(madeMillis);
    }
}

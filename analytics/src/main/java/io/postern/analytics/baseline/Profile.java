package io.postern.analytics.baseline;

import io.postern.analytics.flow.Protocol;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
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
    public static final Profile EMPTY = new Profile(List.of(), Set.of(), 0, 0, List.of(), 1, 0);

    /** A build of one device is common nowhere, not even of an app that no other device has. */
    private static final int SOME = 2;

    private final List<Known> all;
    private final Set<String> confirmed;
    private final int devices;
    private final int learntDays;
    private final Map<Build, Long> since;
    /** Of builds that enough devices have: one that is old proves that older ones are. */
    private final Map<Build, Long> common;

    private final long madeMillis;
    private final Versions versions;
    private final boolean approved;
    /** For the build that it has now. */
    private final boolean decided;
    /** Builds that something is approved of; seldom more than a few. */
    private final Build[] decidedOf;
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
        /** With which versions it came; seldom any. */
        List<Build> brought = List.of();
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

        long firstMillis() {
            long first = Long.MAX_VALUE;
            for (Known known : bySituation.values()) {
                first = Math.min(first, known.firstMillis());
            }
            return first;
        }

        void made(Versions versions) {
            devices = seenOn == null ? 0 : seenOn.count();
            if (seenOn != null && (best.trait() == Trait.DESTINATION || best.trait() == Trait.PORT)) {
                brought = versions.brought(code, firstMillis(), seenOn);
            }
            seenOn = null;
        }
    }

    /**
     * @param confirmed destinations of findings that somebody found to be what they said
     * @param enough devices that must have a build for it to be the fleet's
     */
    Profile(
            List<Part> parts,
            Set<String> confirmed,
            int devices,
            int learntDays,
            List<Release> releases,
            int enough,
            long madeMillis) {
        this.confirmed = confirmed;
        this.all = parts.stream().map(Part::known).toList();
        this.devices = devices;
        this.learntDays = learntDays;
        this.since = releases.stream().collect(Collectors.toUnmodifiableMap(one -> one.build, one -> one.firstMillis));
        this.common = releases.stream()
                .filter(one -> one.devices.count() >= Math.max(SOME, enough))
                .collect(Collectors.toUnmodifiableMap(one -> one.build, one -> one.firstMillis));
        this.madeMillis = madeMillis;
        this.approved = all.stream().anyMatch(known -> known.standing().approved());
        this.decided = all.stream().anyMatch(known -> known.standing() == Standing.APPROVED);
        this.decidedOf = all.stream()
                .filter(known -> known.standing().approved())
                .flatMap(known -> known.decision().stream())
                .map(Decision::build)
                .distinct()
                .toArray(Build[]::new);
        slots = new @Nullable Slot[Integer.highestOneBit(Math.max(1, all.size())) * 4];
        parts.forEach(part -> file(part.known).add(part.devices));
        versions = releases.size() < 2 ? Versions.NONE : new Versions(releases);
        for (@Nullable Slot slot : slots) {
            if (slot != null) {
                slot.made(versions);
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

    /** @param text as {@link Known#text}; of ports and requests {@link #port} and {@link #devicesAsking} need none */
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

    /**
     * Whether somebody answered of a finding of the app there that it was what it said: on any device.
     *
     * @param destination as {@link Known#text}
     */
    public boolean confirmed(String destination) {
        return !confirmed.isEmpty() && confirmed.contains(destination);
    }

    /** Whether the app has had a new version: else nothing came with one. */
    public boolean upgraded() {
        return !versions.none();
    }

    /**
     * Whether a destination came with a version of the app.
     *
     * @param build that a device has: one of another signer, or one before that version, has nothing of it
     * @param destination as {@link Known#text}
     */
    public Arrival arrival(Build build, String destination) {
        return arrival(build, slot(Trait.DESTINATION, destination));
    }

    /** The same of a protocol on a port. */
    public Arrival arrival(Build build, Protocol protocol, int port) {
        return arrival(build, slot(protocol, port));
    }

    private Arrival arrival(Build build, @Nullable Slot slot) {
        if (slot != null) {
            for (Build one : slot.brought) {
                if (build.follows(one)) {
                    return Arrival.BROUGHT;
                }
            }
        }
        boolean early = versions.mayBring(build, slot == null ? madeMillis : slot.firstMillis(), madeMillis);
        return early ? Arrival.EARLY : Arrival.NONE;
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
        @Nullable Slot slot = slot(protocol, port);
        return slot == null ? Known.ABSENT : answer(slot, situation);
    }

    private @Nullable Slot slot(Protocol protocol, int port) {
        @Nullable Slot slot = first(code(Trait.PORT, Hash.of(protocol.label(), port)));
        while (slot != null && !(slot.best.trait() == Trait.PORT && isPort(slot.best.text(), protocol.label(), port))) {
            slot = after(slot);
        }
        return slot;
    }

    private static boolean isPort(String text, String protocol, int port) {
        int colon = protocol.length();
        return text.length() > colon + 1
                && text.startsWith(protocol)
                && text.charAt(colon) == ':'
                && Integer.parseInt(text, colon + 1, text.length(), 10) == port;
    }

    /** Distinct devices on which it was seen, in whatever situation. */
    public int devicesOnPort(Protocol protocol, int port) {
        @Nullable Slot slot = slot(protocol, port);
        return slot == null ? 0 : slot.devices;
    }

    private @Nullable Slot slot(String method, String pathClass) {
        long code = code(Trait.REQUEST, Hash.of(method, pathClass));
        @Nullable Slot slot = first(code);
        while (slot != null
                && !(slot.best.trait() == Trait.REQUEST && Bands.isRequest(slot.best.text(), method, pathClass))) {
            slot = after(slot);
        }
        return slot;
    }

    /**
     * Distinct devices on which it was asked for, in whatever situation.
     *
     * @param pathClass empty when not visible
     */
    public int devicesAsking(String method, String pathClass) {
        @Nullable Slot slot = slot(method, pathClass);
        return slot == null ? 0 : slot.devices;
    }

    /** Distinct devices on which about so many bytes went up in a flow, in whatever situation. */
    public int devicesSending(long bytesUp) {
        return devices(Trait.BYTES_UP, Bands.bytes(bytesUp));
    }

    /** Distinct devices on which about so many came down in one. */
    public int devicesSent(long bytesDown) {
        return devices(Trait.BYTES_DOWN, Bands.bytes(bytesDown));
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

    /** @param seconds between flows to one destination */
    public Known cadence(long seconds, Situation situation) {
        return find(Trait.CADENCE, Bands.cadence(seconds), situation);
    }

    /** Distinct devices on which it was seen in those four hours of the week. */
    public int devicesAtHour(long atMillis) {
        return devices(Trait.HOURS, Bands.hours(atMillis));
    }

    /** Whether somebody has approved anything of it: without that nothing is a violation. */
    public boolean approved() {
        return approved;
    }

    /**
     * Whether anything of it is approved for that build, by a decision of it or of a newer one.
     *
     * @param build of one device; unknown where nobody tells it, then of the build that the subject is known to have
     */
    public boolean approvedFor(Build build) {
        if (!build.known()) {
            return decided;
        }
        for (Build one : decidedOf) {
            if (one.covers(build)) {
                return true;
            }
        }
        return false;
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

    /**
     * Since when a build is about, Unix time, or one of the same signer that is newer and that enough devices have: a few builds are
     * kept, and whoever had a newer one first had this one before. Empty if neither was seen.
     */
    public Optional<Long> since(Build build) {
        Optional<Long> newer = common(build).min(Long::compare);
        @Nullable Long own = since.get(build);
        return own == null ? newer : Optional.of(Math.min(own, newer.orElse(own)));
    }

    /** Whether enough devices have a build, or one that is newer and of the same signer. */
    public boolean isCommon(Build build) {
        return common(build).findAny().isPresent();
    }

    private Stream<Long> common(Build build) {
        return common.entrySet().stream()
                .filter(one -> build.version() >= 0
                        && one.getKey().version() >= build.version()
                        && one.getKey().signer().equals(build.signer()))
                .map(Map.Entry::getValue);
    }

    boolean sameDay(long millis) {
        return Days.of(millis) == Days.of(madeMillis);
    }
}

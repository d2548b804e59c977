package io.postern.analytics.fleet;

import io.postern.analytics.attack.AppRole;
import io.postern.analytics.context.Truth;
import io.postern.analytics.flow.AppTag;
import java.time.Duration;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Optional;
import java.util.PriorityQueue;
import java.util.Set;
import java.util.function.Function;
import java.util.function.IntFunction;

/** A simulated fleet. The same settings give the same fleet, whichever of its devices are asked for and in which order. */
public final class Fleet {

    private final FleetSettings settings;
    private final IntFunction<Phone> phones;

    public Fleet(FleetSettings settings) {
        this.settings = settings;
        this.phones = index -> new Phone(settings, index);
    }

    /**
     * One whose first devices carry an implant of these kinds each, and the others none, whatever the settings say of shares.
     *
     * @param kinds see {@link Implant#kind}; an unknown one is refused
     */
    public Fleet(FleetSettings settings, List<String> kinds) {
        this.settings = settings;
        List<Implants.Kind> planted = kinds.stream().map(Implants.Kind::of).toList();
        this.phones = index ->
                new Phone(settings, index, index < planted.size() ? Optional.of(planted.get(index)) : Optional.empty());
    }

    /**
     * One with implants on as many devices as the settings say, spread evenly, their kinds by turns: each is there as often as
     * any other, so that what is said of a kind rests on as many.
     */
    public static Fleet byTurns(FleetSettings settings) {
        return new Fleet(settings, index -> new Phone(settings, index, turn(settings, index)));
    }

    private Fleet(FleetSettings settings, IntFunction<Phone> phones) {
        this.settings = settings;
        this.phones = phones;
    }

    private static Optional<Implants.Kind> turn(FleetSettings settings, int index) {
        long before = (long) (index * settings.implantShare());
        boolean planted = (long) ((index + 1) * settings.implantShare()) > before;
        Implants.Kind[] kinds = Implants.Kind.values();
        return planted
                ? Optional.of(kinds[(int) Math.floorMod(before + settings.seed(), (long) kinds.length)])
                : Optional.empty();
    }

    public FleetSettings settings() {
        return settings;
    }

    /** What happens on one device, in order of time; one of its days is held at a time. */
    public Iterator<Happening> device(int index) {
        return phones.apply(index);
    }

    /** What is hidden on this device. */
    public Optional<Implant> implant(int index) {
        return phones.apply(index).implant();
    }

    /**
     * What the fleet's enterprise has written down of the apps it manages before it knew any of their traffic: what kind they
     * are, that they are approved and may work in the background, and who declares which poll. Of other apps nothing.
     */
    public static Function<AppTag, AppRole> roles() {
        Map<String, AppRole> roles = new HashMap<>();
        for (App app : Catalogue.APPS) {
            if (app.managed()) {
                roles.put(app.name(), role(app));
            }
        }
        return tag -> roles.getOrDefault(tag.app(), AppRole.NONE);
    }

    private static AppRole role(App app) {
        Duration poll = Duration.ZERO;
        boolean push = false;
        for (Behaviour each : app.behaviours()) {
            poll = each instanceof Polls polls ? polls.period() : poll;
            push |= each instanceof Pushed || each instanceof PushService;
        }
        return new AppRole(
                app.category().name().toLowerCase(Locale.ROOT),
                true,
                Set.of(),
                false,
                destination -> false,
                Set.of(),
                (protocol, port) -> true,
                app.category() == Category.BROWSER ? Truth.UNKNOWN : Truth.TRUE,
                poll,
                push,
                Truth.UNKNOWN,
                0);
    }

    public static String deviceId(int index) {
        return "sim" + (10_000 + index);
    }

    /** What happens on all devices, in order of time; a day of each is held, some 200 KB a device. */
    public Iterator<Happening> merged() {
        PriorityQueue<Ahead> queue = new PriorityQueue<>();
        for (int i = 0; i < settings.devices(); i++) {
            Iterator<Happening> device = device(i);
            if (device.hasNext()) {
                queue.add(new Ahead(i, device));
            }
        }
        return new Merged(queue);
    }

    /** A device and what happens on it next. */
    private static final class Ahead implements Comparable<Ahead> {
        private final int device;
        private final Iterator<Happening> rest;
        private Happening next;
        private long atMillis;

        Ahead(int device, Iterator<Happening> rest) {
            this.device = device;
            this.rest = rest;
            this.next = rest.next();
            this.atMillis = next.atMillis();
        }

        void turn() {
            next = rest.next();
            atMillis = next.atMillis();
        }

        @Override
        public int compareTo(Ahead other) {
            int order = Long.compare(atMillis, other.atMillis);
            return order == 0 ? Integer.compare(device, other.device) : order;
        }
    }

    private record Merged(PriorityQueue<Ahead> queue) implements Iterator<Happening> {
        @Override
        public boolean hasNext() {
            return !queue.isEmpty();
        }

        @Override
        public Happening next() {
            Ahead first = queue.poll();
            if (first == null) {
                throw new NoSuchElementException();
            }
            Happening happening = first.next;
            if (first.rest.hasNext()) {
                first.turn();
                queue.add(first);
            }
            return happening;
        }
    }
}

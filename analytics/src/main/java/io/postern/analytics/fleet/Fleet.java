package io.postern.analytics.fleet;

import io.postern.analytics.attack.AppRole;
import io.postern.analytics.flow.AppTag;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.IntFunction;
import java.util.stream.IntStream;

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
     * What the fleet's enterprise has written down of the apps it manages before it knew any of their traffic, and has not touched
     * since: what kind they are, that they are approved, who declares which poll; of some also destinations, service classes,
     * ports and a limit of uplink. Of other apps nothing.
     */
    public static Function<AppTag, AppRole> roles() {
        return Roles.all();
    }

    public static String deviceId(int index) {
        return "sim" + (10_000 + index);
    }

    /** What happens on all devices, in order of time, of one time by device; a day of each is held, some 200 KB a device. */
    public Iterator<Happening> merged() {
        return new Merged(
                IntStream.range(0, settings.devices()).mapToObj(phones).toList());
    }
}

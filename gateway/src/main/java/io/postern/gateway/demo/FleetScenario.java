package io.postern.gateway.demo;

import io.postern.analytics.context.ContextEvent;
import io.postern.analytics.context.ContextEvent.Interacted;
import io.postern.analytics.fleet.Fleet;
import io.postern.analytics.fleet.FleetSettings;
import io.postern.analytics.fleet.Happening;
import io.postern.analytics.fleet.Implant;
import io.postern.analytics.flow.Destination;
import io.postern.analytics.flow.Flow;
import io.postern.analytics.flow.FlowEvent;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Two weeks of a small fleet: what the simulator has of it, thinned out so that it can be played over real sockets in half a
 * minute. Whole apps are left out, never single flows of one: a rhythm with holes would be another rhythm. The same seed
 * gives the same weeks.
 */
public final class FleetScenario {

    static final int DEVICES = 12;
    static final int DAYS = 14;

    /** One for each of the five at least, and one that asks inside a connection that it keeps. */
    private static final List<String> KINDS =
            List.of("sleep", "cloud-upload", "tls-odd-port", "staged-upload", "dead-drop-paste", "websocket");

    /** With those that look most like an implant: one asks by the clock, one uploads at night to a cloud storage. */
    private static final Set<String> APPS = Set.of(
            "com.acme.mail",
            "com.google.android.apps.work.clouddpc",
            "example.bank.mobile",
            "example.cloud.backup",
            "example.password.safe",
            "example.weather.widget");

    /** Somebody who uses a device does so every few seconds. */
    private static final long INTERACTED = Duration.ofMinutes(5).toMillis();

    /** What they would have said to the system's resolver goes with the names they ask the gateway for. */
    private static final String RESOLVER = "netd";

    /** Where an address without a name is dialled in the demo, and so what its records say. */
    private static final String LOOPBACK = "127.0.0.1";

    /**
     * An implant as the labels have it.
     *
     * @param destinations what it speaks to, as detection names them
     */
    public record Planted(String device, Implant implant, Set<String> destinations) {

        /** Whether a finding speaks of it. */
        public boolean is(String otherDevice, String app, String destination) {
            return is(otherDevice, app) && destinations.contains(destination);
        }

        boolean is(String otherDevice, String app) {
            return device.equals(otherDevice) && implant.app().equals(app);
        }
    }

    private final Fleet fleet;
    private final List<Planted> planted;
    private final Map<String, Long> interacted = new HashMap<>();
    private final List<Happening> happenings = new ArrayList<>();

    FleetScenario(long seed) {
        this(seed, DEVICES, DAYS);
    }

    FleetScenario(long seed, int devices, int days) {
        fleet = new Fleet(FleetSettings.of(devices, days, seed), KINDS);
        Map<Integer, Implant> implants = new LinkedHashMap<>();
        for (int i = 0; i < devices; i++) {
            int device = i;
            fleet.implant(device).ifPresent(implant -> implants.put(device, implant));
        }
        planted = implants.entrySet().stream()
                .map(each -> new Planted(Fleet.deviceId(each.getKey()), each.getValue(), new LinkedHashSet<>()))
                .toList();
        fleet.merged().forEachRemaining(each -> {
            if (plays(each)) {
                happenings.add(each);
                label(each);
            }
        });
    }

    public List<Planted> planted() {
        return planted;
    }

    int devices() {
        return fleet.settings().devices();
    }

    int days() {
        return fleet.settings().days();
    }

    long beginMillis() {
        return happenings.isEmpty()
                ? fleet.settings().startMillis()
                : happenings.get(0).atMillis();
    }

    /** What is played, in order of time. */
    List<Happening> happenings() {
        return happenings;
    }

    private void label(Happening what) {
        if (what instanceof Happening.Flowed flowed && flowed.cause().implant().isPresent()) {
            Flow flow = flowed.event().flow();
            Destination to = flow.destination();
            planted.stream()
                    .filter(each -> each.is(flow.tag().device(), flow.tag().app()))
                    .forEach(each -> each.destinations.addAll(
                            to.hasName() ? List.of(to.name(), "*." + to.domain()) : List.of(LOOPBACK)));
        }
    }

    private boolean plays(Happening what) {
        return what instanceof Happening.Flowed flowed
                ? plays(flowed.event().flow())
                : what instanceof Happening.Told told && plays(told.event());
    }

    private boolean plays(Flow flow) {
        return !flow.tag().app().equals(RESOLVER)
                && runs(flow.tag().device(), flow.tag().app());
    }

    private boolean plays(ContextEvent fact) {
        if (fact.said() instanceof Interacted) {
            long last = interacted.getOrDefault(fact.device(), Long.MIN_VALUE / 2);
            if (fact.timeMillis() - last < INTERACTED) {
                return false;
            }
            interacted.put(fact.device(), fact.timeMillis());
        }
        return fact.app().isEmpty() || runs(fact.device(), fact.app().get().name());
    }

    private boolean runs(String device, String app) {
        return APPS.contains(app) || planted.stream().anyMatch(each -> each.is(device, app));
    }

    /** Where the apps go. */
    Set<Place> places() {
        Set<Place> places = new LinkedHashSet<>();
        for (Happening each : happenings) {
            if (each instanceof Happening.Flowed flowed && flowed.event() instanceof FlowEvent.Opened opened) {
                places.add(Place.of(opened.flow()));
            }
        }
        return places;
    }

    /** Whom a flow is to. */
    record Place(String host, int port) {
        static Place of(Flow flow) {
            Destination to = flow.destination();
            return new Place(to.hasName() ? to.host() : to.address(), to.port());
        }
    }
}

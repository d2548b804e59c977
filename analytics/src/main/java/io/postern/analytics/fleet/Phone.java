package io.postern.analytics.fleet;

import static io.postern.analytics.fleet.Times.DAY;
import static io.postern.analytics.fleet.Times.HOUR;

import io.postern.analytics.context.ContextEvent;
import io.postern.analytics.flow.AppAssurance;
import io.postern.analytics.flow.AppTag;
import io.postern.analytics.flow.DeviceAssurance;
import io.postern.analytics.flow.FlowEvent;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * One device, day by day: what happens on it, in order of time. Holds one day at a time, some 300 KB. Its user and its apps
 * do what they do whether it has an implant or not, unless the app that hides it is one of the catalogue's that was not there.
 */
final class Phone implements Iterator<Happening> {

    static final String PROFILE = "work";

    /** Room for the index of a happening of one day beside its time. */
    private static final int INDEX_BITS = 22;

    private static final long INDEX = (1L << INDEX_BITS) - 1;
    private static final int PLANS = 3;
    /** Of what management did not install; ours. */
    private static final double SIDELOADED = 0.02;

    private final FleetSettings fleet;
    private final int index;
    private final String id;
    private final long seed;
    private final Person person;
    private final List<Resident> apps = new ArrayList<>();
    private final List<Resident> implanted = new ArrayList<>();
    private final List<Scene> scenes = new ArrayList<>();
    private final Optional<Implant> implant;
    private final double[] appeal;
    private final Agent agent;
    private final Sender sender;

    /** When Play services brought an app a message today. */
    private final List<Long> pushes = new ArrayList<>();

    private final List<Plan> plans = new ArrayList<>(PLANS);
    private @Nullable Today today;
    private int nextDay;

    /** As they were made; those of the day that is played, and of the one before what reached into it. */
    private List<Happening> happenings = new ArrayList<>();

    /** In order: time since {@link #epoch}, and index in {@link #happenings}. */
    private long[] order = new long[0];

    private long epoch;
    private int at;
    private int ready;

    /** With an implant or none, as the settings' share and the seed have it. */
    Phone(FleetSettings fleet, int index) {
        this(
                fleet,
                index,
                dice -> dice.chance(fleet.implantShare()) ? Optional.of(Implants.kind(dice)) : Optional.empty());
    }

    /** With this implant, or none. */
    Phone(FleetSettings fleet, int index, Optional<Implants.Kind> planted) {
        this(fleet, index, dice -> planted);
    }

    private Phone(FleetSettings fleet, int index, Function<Dice, Optional<Implants.Kind>> planted) {
        this.fleet = fleet;
        this.index = index;
        this.id = "sim" + (10_000 + index);
        this.seed = Dice.seed(fleet.seed(), index);
        Dice dice = new Dice(seed);
        this.person = Person.of(dice);
        AppTag device =
                new AppTag(id, PROFILE, AppTag.NOBODY, DeviceAssurance.TAG_VERIFIED, AppAssurance.DEVICE_ASSERTED);
        for (App app : Catalogue.APPS) {
            if (dice.chance(app.share())) {
                install(app, device, 0, dice);
            }
        }
        Dice chosen = new Dice(Dice.seed(seed, 4));
        this.implant = planted.apply(chosen).map(kind -> implant(kind, device, chosen));
        // It brings what the others were sent.
        scenes.sort(Comparator.comparing(scene -> scene.behaviour instanceof PushService));
        this.appeal = apps.stream().mapToDouble(each -> each.app.appeal()).toArray();
        for (int i = 1; i < appeal.length; i++) {
            appeal[i] += appeal[i - 1];
        }
        this.agent = new Agent(this, fleet.context(), Dice.seed(seed, 1));
        this.sender = new Sender(this, device, fleet.unattributedShare(), Dice.seed(seed, 2));
    }

    private Resident install(App app, AppTag device, int fromDay, Dice dice) {
        Resident installed = new Resident(
                app,
                apps.size(),
                device,
                fromDay,
                sideloaded(app),
                new Releases(fleet.seed(), app.name(), dice.uniform()));
        apps.add(installed);
        for (Behaviour behaviour : app.behaviours()) {
            Cause cause = Cause.benign(app.name(), behaviour.label());
            scenes.add(new Scene(this, installed, behaviour, cause, Dice.seed(seed, 3, scenes.size())));
        }
        return installed;
    }

    /** Whatever hides in it: where an app came from must not tell the label. */
    private boolean sideloaded(App app) {
        return !app.managed() && new Dice(Dice.seed(seed, 8, app.name().hashCode())).chance(SIDELOADED);
    }

    private Implant implant(Implants.Kind kind, AppTag device, Dice dice) {
        Implants.Planted planted = Implants.plant(kind, id, dice, fleet.days());
        Resident host = apps.stream()
                .filter(each -> each.app.name().equals(planted.app().name()))
                .findFirst()
                .orElseGet(() -> install(planted.app(), device, planted.fromDay(), dice));
        implanted.add(host);
        Cause cause = new Cause(host.app.name(), planted.label().kind(), Optional.of(planted.label()));
        for (Behaviour behaviour : planted.behaviours()) {
            scenes.add(new Scene(this, host, behaviour, cause, Dice.seed(seed, 5, scenes.size())));
        }
        return planted.label();
    }

    Optional<Implant> implant() {
        return implant;
    }

    String id() {
        return id;
    }

    int index() {
        return index;
    }

    List<Resident> apps() {
        return apps;
    }

    /** Apps that an implant is in: none or one. */
    List<Resident> implanted() {
        return implanted;
    }

    Agent agent() {
        return agent;
    }

    Sender sender() {
        return sender;
    }

    List<Long> pushes() {
        return pushes;
    }

    Today today() {
        if (today == null) {
            throw new IllegalStateException("no day has begun");
        }
        return today;
    }

    void happens(FlowEvent event, Cause cause) {
        happenings.add(new Happening.Flowed(event, cause));
    }

    void happens(ContextEvent event, long arrives) {
        happenings.add(new Happening.Told(event, Math.max(arrives, today().from)));
    }

    @Override
    public boolean hasNext() {
        while (at == ready) {
            if (nextDay > fleet.days()) {
                return false;
            }
            turn();
        }
        return true;
    }

    @Override
    public Happening next() {
        if (!hasNext()) {
            throw new NoSuchElementException();
        }
        return happenings.get((int) (order[at++] & INDEX));
    }

    /** When what comes next does; only where there is something. */
    long nextMillis() {
        return epoch + (order[at] >> INDEX_BITS);
    }

    /** Plays a day, after what of the one before reached into it; after the last day only that. */
    private void turn() {
        List<Happening> left = new ArrayList<>(happenings.size());
        for (int i = ready; i < order.length; i++) {
            left.add(happenings.get((int) (order[i] & INDEX)));
        }
        happenings = left;
        at = 0;
        if (nextDay == fleet.days()) {
            order(epoch);
            ready = order.length;
            nextDay++;
            return;
        }
        Today playing = begin(nextDay++);
        today = playing;
        pushes.clear();
        agent.play(playing);
        inventory(playing);
        scenes.forEach(scene -> scene.play(playing.day));
        apps.forEach(each -> each.sawDay(playing));
        order(playing.from);
        ready = order.length;
        while (ready > 0 && epoch + (order[ready - 1] >> INDEX_BITS) >= playing.to) {
            ready--;
        }
    }

    /** Those of one time as they were made: by numbers, which takes a third of sorting the things. */
    private void order(long from) {
        epoch = from;
        order = new long[happenings.size()];
        for (int i = 0; i < order.length; i++) {
            order[i] = (happenings.get(i).atMillis() - from) << INDEX_BITS | i;
        }
        Arrays.sort(order);
    }

    private Today begin(int day) {
        if (plans.isEmpty()) {
            plans.add(plan(day - 1));
            plans.add(plan(day));
        } else {
            plans.remove(0);
        }
        plans.add(plan(day + 1));
        long midnight = midnight(day) - person.zone();
        return new Today(day, midnight, weekend(day), plans, apps.size(), Dice.seed(seed, 6));
    }

    private Plan plan(int day) {
        return person.plan(midnight(day), weekend(day), new Dice(Dice.seed(seed, 7, day)), this::pick);
    }

    private int pick(Dice dice) {
        double point = dice.uniform() * appeal[appeal.length - 1];
        for (int app = 0; app < appeal.length; app++) {
            if (point < appeal[app]) {
                return app;
            }
        }
        return appeal.length - 1;
    }

    private void inventory(Today playing) {
        for (Resident app : apps) {
            long installed = midnight(app.fromDay) - (app.fromDay == 0 ? 200 : 0) * DAY + 9 * HOUR;
            if (playing.day == 0 && app.fromDay == 0) {
                long updated = playing.from + (app.updatedOn(0) - playing.day) * DAY;
                agent.installed(app, playing.from, installed, Math.min(updated, playing.from));
            } else if (playing.day == app.fromDay) {
                agent.installed(app, playing.from + HOUR, playing.from + HOUR, playing.from + HOUR);
            } else if (app.updated(playing.day)) {
                agent.installed(app, playing.from, installed, playing.from);
            }
        }
    }

    private long midnight(int day) {
        return fleet.startMillis() + day * DAY;
    }

    /** The Unix epoch was a Thursday. */
    private boolean weekend(int day) {
        return Math.floorMod(midnight(day) / DAY + 3, 7L) >= 5;
    }
}

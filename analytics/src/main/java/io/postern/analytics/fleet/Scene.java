package io.postern.analytics.fleet;

import static io.postern.analytics.fleet.Times.HOUR;

import io.postern.analytics.context.ContextEvent.StartedInBackground.Trigger;
import io.postern.analytics.flow.AppTag;
import java.util.List;

/** Where a behaviour plays: one app of one device on one day, and what it remembers of the days before. */
final class Scene {

    final Phone phone;
    final Resident app;
    final Behaviour behaviour;
    final Cause cause;

    /** When it last did what it does; the behaviour's own. */
    long last = Long.MIN_VALUE;

    /** How often it did; the behaviour's own. */
    int count;

    private final long seed;
    private Dice dice;

    Scene(Phone phone, Resident app, Behaviour behaviour, Cause cause, long seed) {
        this.phone = phone;
        this.app = app;
        this.behaviour = behaviour;
        this.cause = cause;
        this.seed = seed;
        this.dice = new Dice(seed);
    }

    void play(int day) {
        if (day >= app.fromDay) {
            dice = new Dice(Dice.seed(seed, day));
            behaviour.play(this);
        }
    }

    Today today() {
        return phone.today();
    }

    Dice dice() {
        return dice;
    }

    Talk talk() {
        return phone.sender().talk();
    }

    Agent agent() {
        return phone.agent();
    }

    List<Stretch> looks() {
        return today().of(app.index);
    }

    int version() {
        return app.version(today().day);
    }

    /** Sends it unless the device is offline, and says whether. */
    boolean send(Peer peer, long at, Talk talk) {
        return phone.sender().send(cause, app.tag, peer, version(), at, talk);
    }

    /** The same, carried by another app of the device. */
    boolean sendBy(AppTag carrier, Peer peer, long at, Talk talk) {
        return phone.sender().send(cause, carrier, peer, version(), at, talk);
    }

    void startedBy(Trigger trigger, long at) {
        agent().started(app, trigger, at);
    }

    /**
     * What Android's standby buckets put between two jobs of an app that nobody looks at, on battery. What has no screen is
     * excused: system services are, management's agents are, and implants ask for it.
     */
    long standby(long at) {
        if (app.app.appeal() == 0 || today().charging.contains(at)) {
            return 0;
        }
        long unused = app.unused(today(), at);
        if (unused < 12 * HOUR) {
            return 0;
        }
        if (unused < 48 * HOUR) {
            return 2 * HOUR;
        }
        return unused < 96 * HOUR ? 8 * HOUR : 24 * HOUR;
    }
}

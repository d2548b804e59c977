package io.postern.analytics.attack;

import io.postern.analytics.Tracked;
import io.postern.analytics.Tracked.Stream;
import io.postern.analytics.baseline.Known;
import io.postern.analytics.baseline.Learner;
import io.postern.analytics.baseline.Profile;
import io.postern.analytics.baseline.Situation;
import io.postern.analytics.baseline.Trait;
import io.postern.analytics.flow.Destination;
import io.postern.analytics.flow.Flow;
import io.postern.analytics.flow.Protocol;
import org.jspecify.annotations.Nullable;

/** What was learnt and approved of the app that is looked at, on all devices, and of its category. */
final class Habits {

    private static final double NEIGHBOUR = 1.4;
    private static final double HOUR_MILLIS = 3_600_000;
    /** Of the devices that have an app. */
    private static final double FEW_SHARE = 0.02;

    private final Tracked seen;
    private Knowledge knowledge = Knowledge.NONE;
    private Profile app = Profile.EMPTY;
    private Profile category = Profile.EMPTY;
    private Situation situation = Situation.UNKNOWN;
    private Protocol protocol = Protocol.UNKNOWN;
    private Destination to = new Destination("", "", "::", 0);
    private @Nullable Known destination;

    Habits(Tracked seen) {
        this.seen = seen;
    }

    void look(Knowledge known, String whose, String ofCategory, Situation when, Protocol speaks, Destination where) {
        knowledge = known;
        app = known.baseline().app(whose);
        category = ofCategory.isEmpty() ? Profile.EMPTY : known.baseline().category(ofCategory);
        situation = when;
        protocol = speaks;
        to = where;
        destination = null;
    }

    /** Whether enough was learnt, of enough devices, that what is not known is news. */
    boolean tellsRare() {
        return knowledge.tellsRare();
    }

    /** Whether the first days of learning are not over, however many devices there are. */
    boolean learning() {
        return !knowledge.learnt();
    }

    /** How the destination stands in the app's baseline, in this situation. */
    Known destination() {
        Known known = destination;
        if (known == null) {
            known = app.find(Trait.DESTINATION, Learner.name(to), situation);
            destination = known;
        }
        return known;
    }

    /** How it stands in that of all apps of the category. */
    Known destinationOfCategory() {
        return category.find(Trait.DESTINATION, Learner.name(to), situation);
    }

    /** On how many devices the app uses a service class. */
    int devicesOfClass(String name) {
        return app.devices(Trait.SERVICE_CLASS, name);
    }

    /** How a service class stands. */
    Known serviceClass(String name) {
        return app.find(Trait.SERVICE_CLASS, name, Situation.UNKNOWN);
    }

    /** How what it speaks on this port stands. */
    Known port() {
        return app.port(protocol, to.port(), situation);
    }

    /** How the time between its check-ins unseen stands. */
    Known backgroundRhythm() {
        double period = seen.periodMillis(Stream.QUIET_CONNECTS) / 1_000;
        Known rhythm = app.cadence((long) period, Situation.BACKGROUND);
        // A rhythm at the edge of its band is also its neighbour's.
        Known faster = app.cadence((long) (period / NEIGHBOUR), Situation.BACKGROUND);
        Known slower = app.cadence((long) (period * NEIGHBOUR), Situation.BACKGROUND);
        rhythm = faster.devices() > rhythm.devices() ? faster : rhythm;
        return slower.devices() > rhythm.devices() ? slower : rhythm;
    }

    /** On how many devices the app connects to one destination as often as here, unseen. */
    int devicesAsOften() {
        double period = seen.periodMillis(Stream.QUIET_CONNECTS);
        return period <= 0 ? 0 : app.devicesAsOften((int) Math.max(1, HOUR_MILLIS / period), Situation.BACKGROUND);
    }

    /** On how many devices the app has the rhythm that most have, unseen. */
    int devicesOfBackgroundRhythms() {
        return app.mostDevices(Trait.CADENCE, Situation.BACKGROUND);
    }

    /**
     * What no more devices show than these may be implants': {@value Whereabouts#FEW} in a small fleet, and in a larger one a share
     * of those that have the app, since an implant that comes with an app comes to more of them there.
     */
    int few() {
        return Math.max(Whereabouts.FEW, (int) (FEW_SHARE * devicesOfApp()));
    }

    /** Whether hardly any other device has the app ask like that, and no other app of its category does. */
    boolean requestIsNew(Flow.HttpShape http) {
        Known known = app.request(http.method(), http.pathClass(), Situation.UNKNOWN);
        return known.devices() <= few() && devicesOfApp() > few() && devicesOfCategoryAsking(http) <= Whereabouts.FEW;
    }

    /** Whether of an app that hardly any device has, what it asks is nothing that its category is known for. */
    boolean requestIsUnlikeCategory(Flow.HttpShape http) {
        return devicesOfApp() <= few()
                && category.devices() > Whereabouts.FEW
                && devicesOfCategoryAsking(http) <= Whereabouts.FEW;
    }

    private int devicesOfCategoryAsking(Flow.HttpShape http) {
        return category.request(http.method(), http.pathClass(), Situation.UNKNOWN)
                .devices();
    }

    /** Whether the app is known to send and be sent about as much at a time, wherever it goes. */
    boolean sizesOfApp() {
        return app.bytesUp((long) seen.usualUp(), Situation.UNKNOWN).devices() > few()
                && app.bytesDown((long) seen.usualDown(), Situation.UNKNOWN).devices() > few();
    }

    /** Whether no other device has the app say hello like that. */
    boolean helloIsNew(Flow.TlsShape tls) {
        return !tls.ja4().isEmpty() && app.devices(Trait.JA4, tls.ja4()) <= few() && devicesOfApp() > few();
    }

    /** Whether anything of the app is approved, so that what is not is a violation. */
    boolean baselineApproved() {
        return app.approved();
    }

    /** On how many devices that baselines have learnt from the app is. */
    int devicesOfApp() {
        return app.devices();
    }

    /** On how many devices the app goes there, whatever the situation. */
    int devicesGoingThere() {
        return app.devices(Trait.DESTINATION, Learner.name(to));
    }
}

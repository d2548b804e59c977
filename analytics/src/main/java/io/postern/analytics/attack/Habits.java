package io.postern.analytics.attack;

import io.postern.analytics.Tracked;
import io.postern.analytics.Tracked.Stream;
import io.postern.analytics.baseline.Arrival;
import io.postern.analytics.baseline.Build;
import io.postern.analytics.baseline.Known;
import io.postern.analytics.baseline.Learner;
import io.postern.analytics.baseline.Profile;
import io.postern.analytics.baseline.Situation;
import io.postern.analytics.baseline.Trait;
import io.postern.analytics.flow.AppTag;
import io.postern.analytics.flow.Destination;
import io.postern.analytics.flow.Flow;
import io.postern.analytics.flow.Protocol;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/** What was learnt and approved of the app that is looked at, on all devices, and of its category. */
final class Habits {

    private static final double NEIGHBOUR = 1.4;
    private static final double HOUR_MILLIS = 3_600_000;
    /** Of the devices that have an app. */
    private static final double FEW_SHARE = 0.02;
    /** Days on which an app was seen before an hour of the week that it was not seen in says anything: each came twice. */
    private static final int TWO_WEEKS = 14;

    private final Tracked seen;
    private Knowledge knowledge = Knowledge.NONE;
    private AppTag tag = AppTag.UNATTRIBUTED;
    private Profile app = Profile.EMPTY;
    private Profile category = Profile.EMPTY;
    private Situation situation = Situation.UNKNOWN;
    private Protocol protocol = Protocol.UNKNOWN;
    private Destination to = new Destination("", "", "::", 0);
    private @Nullable Known destination;
    /** Asked of the inventory at most once of a flow. */
    private @Nullable Build build;

    Habits(Tracked seen) {
        this.seen = seen;
    }

    void look(Knowledge known, AppTag whose, String ofCategory, Situation when, Protocol speaks, Destination where) {
        knowledge = known;
        tag = whose;
        app = known.baseline().app(whose.app());
        category = ofCategory.isEmpty() ? Profile.EMPTY : known.baseline().category(ofCategory);
        situation = when;
        protocol = speaks;
        to = where;
        destination = null;
        build = null;
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

    /** On how many devices the app speaks it on this port, whatever the situation. */
    int devicesOnPort() {
        return app.devicesOnPort(protocol, to.port());
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
        return few(devicesOfApp());
    }

    /** The same of devices that are known to have the app connect unseen: of others nobody reported whether they do. */
    int fewOfBackgroundRhythms() {
        return few(devicesOfBackgroundRhythms());
    }

    /** The same of all apps of the category. */
    private int fewOfCategory() {
        return few(category.devices());
    }

    private static int few(int devices) {
        return Math.max(Whereabouts.FEW, (int) (FEW_SHARE * devices));
    }

    /** Whether hardly any other device has the app ask like that, and no other app of its category does. */
    boolean requestIsNew(Flow.HttpShape http) {
        return app.devicesAsking(http.method(), http.pathClass()) <= few()
                && devicesOfApp() > few()
                && devicesOfCategoryAsking(http) <= fewOfCategory();
    }

    /** Whether of an app that hardly any device has, what it asks is nothing that its category is known for. */
    boolean requestIsUnlikeCategory(Flow.HttpShape http) {
        return devicesOfApp() <= few()
                && category.devices() > fewOfCategory()
                && devicesOfCategoryAsking(http) <= fewOfCategory();
    }

    private int devicesOfCategoryAsking(Flow.HttpShape http) {
        return category.devicesAsking(http.method(), http.pathClass());
    }

    /** Whether the app is known to send and be sent about as much at a time, wherever it goes. */
    boolean sizesOfApp() {
        return app.devicesSending((long) seen.usualUp()) > few() && app.devicesSent((long) seen.usualDown()) > few();
    }

    /** Whether no other device has the app say hello like that. */
    boolean helloIsNew(Flow.TlsShape tls) {
        return isNew(Trait.JA4, tls.ja4());
    }

    /** Whether no other device has the app put its headers in that order. */
    boolean headersAreNew(Flow.HttpShape http) {
        return isNew(Trait.HEADERS, http.headerOrder());
    }

    /** Whether no other device has the app offer that protocol first. */
    boolean alpnIsNew(Flow.TlsShape tls) {
        return isNew(Trait.ALPN, tls.alpn());
    }

    private boolean isNew(Trait trait, String text) {
        return !text.isEmpty() && app.devices(trait, text) <= few() && devicesOfApp() > few();
    }

    /** Whether no other device has the app speak at that time of the week, though it was seen for two weeks. */
    boolean hourIsNew(long atMillis) {
        return app.learntDays() >= TWO_WEEKS && app.devicesAtHour(atMillis) <= few() && devicesOfApp() > few();
    }

    /** Whether anything of the app is approved, so that what is not is a violation. */
    boolean baselineApproved() {
        return app.approved();
    }

    /**
     * Whether what is approved of the app was approved of the build that the device has, or of a newer one: a newer version, or
     * another signer, reopens the question, and what it does beside that violates nothing yet. Where nobody tells the device's
     * build, by the one that the fleet has.
     */
    boolean decidedOfBuild() {
        return app.approvedFor(build());
    }

    /** Whether somebody answered of a finding of the app there, on any device, that it was what it said. */
    boolean confirmed() {
        return app.confirmed(Learner.name(to));
    }

    /** Whether the destination came with a version of the app that the device has. */
    Arrival destinationArrival() {
        return mayArrive() && !confirmed() ? app.arrival(build(), Learner.name(to)) : Arrival.NONE;
    }

    /** Whether that it speaks this on this port did. */
    Arrival portArrival() {
        return mayArrive() && !confirmed() ? app.arrival(build(), protocol, to.port()) : Arrival.NONE;
    }

    /** An app that hardly any device has may be an implant whole, which has new versions of itself. */
    private boolean mayArrive() {
        return app.upgraded() && devicesOfApp() > few();
    }

    private Build build() {
        Build known = build;
        if (known == null) {
            known = knowledge.builds().apply(tag);
            build = known;
        }
        return known;
    }

    /** Since when baselines have seen the build that the device has, Unix time; empty where nobody tells which that is. */
    OptionalLong buildSince() {
        Build known = build();
        return known.known() ? OptionalLong.of(app.since(known).orElse(Long.MAX_VALUE)) : OptionalLong.empty();
    }

    /** Whether enough devices have the build that the device has, or a newer one; not where nobody tells which that is. */
    boolean buildIsCommon() {
        return app.isCommon(build());
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

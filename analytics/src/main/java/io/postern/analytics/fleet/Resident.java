package io.postern.analytics.fleet;

import static io.postern.analytics.fleet.Times.DAY;

import io.postern.analytics.flow.AppTag;

/** An app on a device. */
final class Resident {

    final App app;
    final int index;
    final AppTag tag;

    /** The first day it is there. */
    final int fromDay;

    /** Whether it came from no store. */
    final boolean sideloaded;

    private final Releases releases;
    private long lastUsed;

    Resident(App app, int index, AppTag device, int fromDay, boolean sideloaded, Releases releases) {
        this.app = app;
        this.index = index;
        this.tag = device.of(app.name());
        this.fromDay = fromDay;
        this.sideloaded = sideloaded;
        this.releases = releases;
        this.lastUsed = Long.MIN_VALUE / 2;
    }

    int version(int day) {
        return releases.version(day);
    }

    /** The day before whose morning it got the version that it has on that day, be it before the fleet began. */
    int updatedOn(int day) {
        return releases.came(version(day));
    }

    /** Whether the night before this day brought a new version. */
    boolean updated(int day) {
        return day > fromDay && version(day) != version(day - 1);
    }

    /** What happened by then is known from now on. */
    void sawDay(Today today) {
        for (Stretch stretch : today.of(index)) {
            lastUsed = stretch.to();
        }
    }

    /** How long it has not been looked at; many days if never. */
    long unused(Today today, long at) {
        long last = lastUsed;
        for (Stretch stretch : today.of(index)) {
            if (stretch.from() > at) {
                break;
            }
            last = Math.min(at, stretch.to());
        }
        return Math.min(at - last, 1_000 * DAY);
    }
}

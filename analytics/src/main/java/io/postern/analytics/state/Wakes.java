package io.postern.analytics.state;

import java.util.Arrays;

/**
 * Does a check-in come when the device wakes for many, or by a clock of its own? What Doze and WorkManager hold back is let
 * go for all apps at once: check-ins within a few seconds of each other, of at least three apps, are a common wake. A
 * window is judged when it is over; until then its check-ins wait here, a bounded number of them.
 */
public final class Wakes {

    private static final long WINDOW_MILLIS = 10_000;
    private static final int APPS = 3;
    private static final int MOST = 24;

    private long[] waiting = new long[0];
    private int size;
    private long beganMillis;
    /** How many of the check-ins of all apps came in common wakes, of 65,535. */
    private double usualShare;

    private long judged;

    /** Is told of each check-in once it is known. */
    public interface Judged {
        void judged(int slot, int hash, boolean common);
    }

    /** A check-in; those of a window that is over are told. */
    public void checkIn(int slot, int hash, int app, long timeMillis, Judged judged) {
        if (size > 0 && Math.abs(timeMillis - beganMillis) > WINDOW_MILLIS) {
            end(judged);
        }
        if (size == 0) {
            beganMillis = timeMillis;
        }
        if (size == MOST) {
            judge(judged, slot, hash, apps() >= APPS);
            return;
        }
        if (2 * size == waiting.length) {
            waiting = Arrays.copyOf(waiting, Math.min(2 * MOST, Math.max(8, 2 * waiting.length)));
        }
        waiting[2 * size] = ((long) app << 32) | slot;
        waiting[2 * size + 1] = hash;
        size++;
    }

    private void end(Judged judged) {
        boolean common = apps() >= APPS;
        for (int i = 0; i < size; i++) {
            judge(judged, (int) waiting[2 * i], (int) waiting[2 * i + 1], common);
        }
        size = 0;
    }

    private void judge(Judged to, int slot, int hash, boolean common) {
        judged++;
        usualShare += ((common ? 1 : 0) - usualShare) * Math.max(1.0 / judged, 0.002);
        to.judged(slot, hash, common);
    }

    private int apps() {
        int apps = 0;
        for (int i = 0; i < size; i++) {
            apps += firstOfItsApp(i) ? 1 : 0;
        }
        return apps;
    }

    private boolean firstOfItsApp(int i) {
        for (int before = 0; before < i; before++) {
            if (waiting[2 * before] >>> 32 == waiting[2 * i] >>> 32) {
                return false;
            }
        }
        return true;
    }

    /** Share of this device's check-ins that come in common wakes, of about the last 500. */
    public double usualShare() {
        return usualShare;
    }

    public long bytes() {
        return 16L + 8L * waiting.length;
    }
}

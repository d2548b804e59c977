package io.postern.analytics.evaluate;

import java.util.ArrayList;
import java.util.List;

/** What trials came to; those of several devices are added up in any order, their lists in that order. */
public final class Tally {

    final List<Case> cases = new ArrayList<>();
    final List<Alarm> alarms = new ArrayList<>();
    long deviceDays;
    long approvedDeviceDays;
    long flowEvents;
    long contextEvents;

    public void add(Tally other) {
        cases.addAll(other.cases);
        alarms.addAll(other.alarms);
        deviceDays += other.deviceDays;
        approvedDeviceDays += other.approvedDeviceDays;
        flowEvents += other.flowEvents;
        contextEvents += other.contextEvents;
    }

    public long deviceDays() {
        return deviceDays;
    }

    /** Those of them after baselines were approved. */
    public long approvedDeviceDays() {
        return approvedDeviceDays;
    }

    public long flowEvents() {
        return flowEvents;
    }

    public long contextEvents() {
        return contextEvents;
    }

    public List<Case> cases() {
        return List.copyOf(cases);
    }

    public List<Alarm> alarms() {
        return List.copyOf(alarms);
    }
}

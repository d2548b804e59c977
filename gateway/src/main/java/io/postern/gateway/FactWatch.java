package io.postern.gateway;

import io.postern.analytics.context.ContextEvent;
import io.postern.gateway.flows.Flows;
import io.postern.gateway.judge.Verdicts;
import io.postern.gateway.rules.Judges;
import java.time.Clock;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Has live flows judged again when what is known of their device changes, if any rule asks for it: once for all that was
 * told between two looks. Time changes facts too (nobody touches the device, a source is silent, an app is new no
 * longer), so every {@value #ALL_EACH}th look is at all flows.
 */
final class FactWatch {

    /** In looks, which are a second apart. */
    static final int ALL_EACH = 10;

    /** Devices that wait; when there are more, all flows are judged again, which costs no more. */
    static final int MOST = 65_536;

    private final Judges judges;
    private final Clock clock;
    /** By device when what was told counts: a clock may run ahead, and nothing told for later counts now. */
    private final Map<String, Long> changed = new ConcurrentHashMap<>();

    private volatile boolean all;
    private int looks;

    FactWatch(Judges judges, Clock clock) {
        this.judges = judges;
        this.clock = clock;
    }

    /** On the thread that tells, once what is told is known. */
    void told(ContextEvent event) {
        if (!changesState(event.said()) || !judges.rules().asksFacts()) {
            return;
        }
        if (changed.size() < MOST) {
            changed.merge(event.device(), event.timeMillis(), Math::max);
        } else {
            all = true;
        }
    }

    private static boolean changesState(ContextEvent.Said said) {
        return said instanceof ContextEvent.Locked
                || said instanceof ContextEvent.Lifecycle
                || said instanceof ContextEvent.Installed
                || said instanceof ContextEvent.Removed
                || said instanceof ContextEvent.Health;
    }

    /** Not for an event loop: flows are judged by their own. */
    void look(Flows flows, Verdicts verdicts) {
        looks++;
        Set<String> devices = due();
        if (!judges.rules().asksFacts()) {
            return;
        }
        devices.forEach(judges::changed);
        if (all || looks % ALL_EACH == 0) {
            if (all) {
                judges.changed();
            }
            all = false;
            flows.each(flow -> {
                if (flow.tag().attributed()) {
                    verdicts.again(flow);
                }
            });
        } else if (!devices.isEmpty()) {
            flows.each(flow -> {
                if (devices.contains(flow.tag().device())) {
                    verdicts.again(flow);
                }
            });
        }
    }

    private Set<String> due() {
        long now = clock.millis();
        Set<String> due = new HashSet<>();
        changed.forEach((device, atMillis) -> {
            if (atMillis <= now && changed.remove(device, atMillis)) {
                due.add(device);
            }
        });
        return due;
    }
}

package io.postern.analytics.fleet;

import static io.postern.analytics.fleet.Times.SECOND;

import io.postern.analytics.context.ContextEvent.StartedInBackground.Trigger;
import java.time.Duration;

/**
 * Periodic work as WorkManager lets it run: never sooner than its period after the last time, which is at least a quarter of
 * an hour, then when the device is awake and online and the app's standby bucket allows, in the same window as everybody
 * else's.
 *
 * @param flex by how much it may come later
 * @param requests over one connection
 */
record Jobs(Peer peer, Duration period, Duration flex, Sizes sizes, int requests) implements Behaviour {

    static final Duration LEAST = Duration.ofMinutes(15);

    Jobs {
        if (period.compareTo(LEAST) < 0) {
            throw new IllegalArgumentException("period is " + period + ", must be at least " + LEAST);
        }
    }

    @Override
    public void play(Scene scene) {
        Dice dice = scene.dice();
        Today today = scene.today();
        if (scene.last == Long.MIN_VALUE) {
            scene.last = today.from - dice.between(0, period.toMillis());
        }
        while (true) {
            long at = next(scene);
            if (at >= today.to) {
                return;
            }
            scene.last = at;
            run(scene, at);
        }
    }

    private long next(Scene scene) {
        Dice dice = scene.dice();
        long due = scene.last + period.toMillis() + (long) (flex.toMillis() * dice.uniform());
        due = Math.max(due, scene.last + scene.standby(Math.max(due, scene.today().from)));
        due = Math.max(due, scene.today().from);
        long let = scene.today().whenLet(due);
        return let == due ? let : scene.today().turn(let, dice);
    }

    private void run(Scene scene, long at) {
        Dice dice = scene.dice();
        scene.startedBy(Trigger.JOB, at - Math.min(300, at - scene.today().from));
        Talk talk = scene.talk();
        long offset = 0;
        if (peer.handshakes()) {
            talk.handshake(dice);
            offset = 80;
        }
        for (int i = 0; i < requests; i++) {
            talk.exchange(offset, sizes.up(dice), sizes.down(dice));
            offset += 80 + dice.upTo(400);
        }
        scene.send(peer, at, talk.ends(offset + SECOND));
    }
}

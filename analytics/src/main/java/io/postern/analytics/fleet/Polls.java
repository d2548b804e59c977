package io.postern.analytics.fleet;

import static io.postern.analytics.fleet.Times.SECOND;

import java.time.Duration;

/**
 * Asks by its own clock, which Doze does not stop: what management declares of its agents and of sync.
 *
 * @param late the most by which a poll is late
 */
record Polls(Peer peer, Duration period, Duration late, Sizes sizes) implements Behaviour {
    @Override
    public void play(Scene scene) {
        Dice dice = scene.dice();
        Today today = scene.today();
        if (scene.last == Long.MIN_VALUE) {
            scene.last = today.from - dice.between(0, period.toMillis());
        }
        while (scene.last + period.toMillis() < today.to) {
            scene.last += period.toMillis();
            long at = scene.last + dice.between(0, Math.max(1, late.toMillis()));
            if (at >= today.from && at < today.to) {
                Talk talk = scene.talk();
                talk.handshake(dice).exchange(70, sizes.up(dice), sizes.down(dice));
                scene.send(peer, at, talk.ends(SECOND));
            }
        }
    }
}

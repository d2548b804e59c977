package io.postern.analytics.fleet;

import static io.postern.analytics.fleet.Times.HOUR;
import static io.postern.analytics.fleet.Times.MINUTE;
import static io.postern.analytics.fleet.Times.SECOND;

import io.postern.analytics.context.ContextEvent.StartedInBackground.Trigger;
import io.postern.analytics.context.ContextEvent.UsedResource.Resource;

/**
 * Talks to people: addresses found by STUN, then media over DTLS, reported on every fifteen seconds.
 *
 * @param perDay on work days, on average
 */
record Calls(Peer stun, Peer media, double perDay) implements Behaviour {

    private static final long REPORT = 15 * SECOND;

    @Override
    public void play(Scene scene) {
        Today today = scene.today();
        if (today.weekend || scene.looks().isEmpty()) {
            return;
        }
        Dice dice = scene.dice();
        for (int i = 0; i < today.used.count(); i++) {
            long at = today.used.from(i) + 2 * SECOND;
            if (today.holds(at) && dice.chance(perDay / today.used.count())) {
                call(scene, at, (long) Math.min(HOUR, dice.spread(8.0 * MINUTE, 1)));
            }
        }
    }

    private void call(Scene scene, long at, long length) {
        Dice dice = scene.dice();
        scene.startedBy(Trigger.FOREGROUND_SERVICE, at);
        scene.agent().used(scene.app, Resource.MICROPHONE, at + 500);
        Talk asking = scene.talk();
        scene.send(stun, at, asking.exchange(0, 48, 88).exchange(500, 48, 88).ends(30 * SECOND));
        Talk talk = scene.talk();
        talk.handshake(dice);
        for (long offset = SECOND; offset < length; offset += REPORT) {
            talk.exchange(offset, 60_000 + dice.upTo(20_000), 60_000 + dice.upTo(20_000));
        }
        scene.send(media, at + SECOND, talk.ends(length));
    }
}

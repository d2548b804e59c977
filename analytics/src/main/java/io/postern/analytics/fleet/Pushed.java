package io.postern.analytics.fleet;

import static io.postern.analytics.fleet.Times.DAY;
import static io.postern.analytics.fleet.Times.HOUR;
import static io.postern.analytics.fleet.Times.SECOND;

import io.postern.analytics.context.ContextEvent.StartedInBackground.Trigger;

/**
 * A message by push wakes the app, which fetches what it is about. Most come by day.
 *
 * @param perDay on average
 * @param urgent whether Doze lets it through
 */
record Pushed(Peer peer, double perDay, Sizes sizes, boolean urgent) implements Behaviour {
    @Override
    public void play(Scene scene) {
        Dice dice = scene.dice();
        Today today = scene.today();
        double gap = DAY / perDay;
        for (long at = today.from + (long) dice.exponential(gap); at < today.to; at += (long) dice.exponential(gap)) {
            boolean night = today.used.next(at) - at > 2 * HOUR;
            if (night && dice.chance(0.8)) {
                continue;
            }
            long let = urgent ? today.offline.after(at) : today.whenLet(at);
            if (let >= today.to) {
                return;
            }
            fetch(scene, let + 200 + dice.upTo(2_500), let);
        }
    }

    private void fetch(Scene scene, long at, long pushed) {
        Dice dice = scene.dice();
        scene.phone.pushes().add(pushed);
        scene.startedBy(Trigger.PUSH, pushed + 100);
        Talk talk = scene.talk();
        talk.handshake(dice).exchange(70, sizes.up(dice), sizes.down(dice));
        scene.send(peer, at, talk.ends(SECOND + dice.upTo(30_000)));
    }
}

package io.postern.analytics.fleet;

import static io.postern.analytics.fleet.Times.DAY;
import static io.postern.analytics.fleet.Times.SECOND;

import io.postern.analytics.context.ContextEvent.StartedInBackground.Trigger;

/** Commands come by push, which Play services carry; within seconds of each goes a small uplink. */
record AnswersPush(Peer peer, double perDay, Sizes sizes) implements Behaviour {
    @Override
    public void play(Scene scene) {
        Dice dice = scene.dice();
        Today today = scene.today();
        double gap = DAY / perDay;
        for (long at = today.from + (long) dice.exponential(gap); at < today.to; at += (long) dice.exponential(gap)) {
            long pushed = today.offline.after(at);
            if (pushed + 10 * SECOND >= today.to) {
                return;
            }
            scene.phone.pushes().add(pushed);
            scene.startedBy(Trigger.PUSH, pushed + 100);
            Talk talk = scene.talk();
            talk.handshake(dice).exchange(80, sizes.up(dice), sizes.down(dice));
            scene.send(peer, pushed + 500 + dice.upTo(3_500), talk.ends(3 * SECOND));
        }
    }
}

package io.postern.analytics.fleet;

import static io.postern.analytics.fleet.Times.HOUR;
import static io.postern.analytics.fleet.Times.MINUTE;
import static io.postern.analytics.fleet.Times.SECOND;

import io.postern.analytics.context.ContextEvent.StartedInBackground.Trigger;

/**
 * Once a night, charging and on Wi-Fi: gathers, encrypts and uploads what has changed, in pieces.
 *
 * @param pieces median of a night
 * @param encrypts whether the app does that itself and an agent would tell
 */
record Nightly(Peer peer, double pieces, Sizes piece, boolean encrypts) implements Behaviour {

    private static final int MOST = 120;
    private static final long LONG_CHARGE = 3 * HOUR;

    @Override
    public void play(Scene scene) {
        Dice dice = scene.dice();
        Today today = scene.today();
        for (int i = 0; i < today.charging.count(); i++) {
            long from = today.charging.from(i);
            if (today.holds(from) && today.charging.to(i) - from > LONG_CHARGE) {
                long at = today.offline.after(from + dice.between(10 * MINUTE, 90 * MINUTE));
                if (at < today.to && !today.away.contains(at)) {
                    upload(scene, at, dice);
                }
            }
        }
    }

    private void upload(Scene scene, long at, Dice dice) {
        int count = (int) Math.max(1, Math.min(MOST, dice.spread(pieces, 0.7)));
        scene.startedBy(Trigger.JOB, at - SECOND);
        if (encrypts) {
            scene.agent().staged(scene.app, count * piece.up(), at - 900);
            scene.agent().encrypted(scene.app, count * piece.up(), at - 600);
        }
        Talk talk = scene.talk();
        talk.handshake(dice);
        long offset = 100;
        for (int i = 0; i < count; i++) {
            talk.exchange(offset, piece.up(dice), piece.down(dice));
            offset += 400 + dice.upTo(3_000);
        }
        scene.send(peer, at, talk.ends(offset));
    }
}

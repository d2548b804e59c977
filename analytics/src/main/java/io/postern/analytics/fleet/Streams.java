package io.postern.analytics.fleet;

import static io.postern.analytics.fleet.Times.MINUTE;

import io.postern.analytics.context.ContextEvent.StartedInBackground.Trigger;
import io.postern.analytics.flow.AppTag;
import java.time.Duration;

/**
 * Video or music comes in pieces over one connection, while somebody looks, or with the screen off for a while after.
 *
 * @param carrier package that carries it; empty for the app itself
 * @param chance that a look at the app begins one
 * @param goesOn how long on average after the look; zero for what ends with it
 */
record Streams(Peer peer, String carrier, double chance, Duration pieces, Sizes piece, Duration goesOn)
        implements Behaviour {

    private static final int MOST = 400;

    @Override
    public void play(Scene scene) {
        Dice dice = scene.dice();
        AppTag tag = carrier.isEmpty() ? scene.app.tag : scene.app.tag.of(carrier);
        for (Stretch stretch : scene.looks()) {
            if (!dice.chance(chance)) {
                continue;
            }
            long from = stretch.from() + 1_000;
            long to = stretch.to();
            if (!goesOn.isZero()) {
                scene.startedBy(Trigger.FOREGROUND_SERVICE, from);
                to += (long) Math.min(dice.exponential((double) goesOn.toMillis()), 90.0 * MINUTE);
            }
            Talk talk = scene.talk();
            talk.handshake(dice);
            for (long at = from + 100; at < to && talk.count() < MOST; ) {
                talk.exchange(at - from, piece.up(dice), piece.down(dice));
                at += (long) dice.spread((double) pieces.toMillis(), 0.2);
            }
            scene.sendBy(tag, peer, from, talk.ends(to - from));
        }
    }
}

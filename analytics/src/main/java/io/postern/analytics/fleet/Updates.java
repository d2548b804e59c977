package io.postern.analytics.fleet;

import static io.postern.analytics.fleet.Times.HOUR;
import static io.postern.analytics.fleet.Times.MINUTE;
import static io.postern.analytics.fleet.Times.SECOND;

/**
 * The store asks for updates about once a day and brings them at night: charging, on Wi-Fi, by the download service. What did not
 * come from it stays as it is.
 */
record Updates(Peer store, Peer packages, String carrier) implements Behaviour {

    private static final long PIECE = 8_000_000;

    @Override
    public void play(Scene scene) {
        Today today = scene.today();
        Dice dice = scene.dice();
        long at = today.whenLet(today.from + dice.between(0, 3 * HOUR));
        if (at >= today.to) {
            return;
        }
        Talk asks = scene.talk();
        asks.handshake(dice).exchange(80, 4_000 + dice.upTo(3_000), 20_000 + dice.upTo(30_000));
        scene.send(store, at, asks.ends(10 * SECOND));
        for (Resident app : scene.phone.apps()) {
            if (app.app.share() > 0 && app.updated(today.day)) {
                at = today.offline.after(at + dice.between(MINUTE, 8 * MINUTE));
                fetch(scene, at, 1 + dice.below(10), dice);
            }
        }
    }

    private void fetch(Scene scene, long at, int pieces, Dice dice) {
        Talk talk = scene.talk();
        talk.handshake(dice);
        for (int i = 0; i < pieces; i++) {
            talk.exchange(100 + i * 2_000L, 600 + dice.upTo(50), PIECE + dice.upTo(100_000));
        }
        scene.sendBy(scene.app.tag.of(carrier), packages, at, talk.ends(pieces * 2_000L + SECOND));
    }
}

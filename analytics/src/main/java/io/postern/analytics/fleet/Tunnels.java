package io.postern.analytics.fleet;

import static io.postern.analytics.fleet.Times.HOUR;
import static io.postern.analytics.fleet.Times.SECOND;

/** A tunnel of the company for some hours of a work day, with a packet every 25 seconds to keep it open. */
record Tunnels(Peer peer) implements Behaviour {

    private static final long KEEPALIVE = 25 * SECOND;

    @Override
    public void play(Scene scene) {
        Today today = scene.today();
        Dice dice = scene.dice();
        if (today.weekend || !dice.chance(0.6)) {
            return;
        }
        long at = today.offline.after(today.from + dice.between(5 * HOUR, 10 * HOUR));
        long length = dice.between(HOUR / 2, 3 * HOUR);
        Talk talk = scene.talk().exchange(0, 148, 92);
        for (long offset = SECOND; offset < length; offset += KEEPALIVE) {
            boolean busy = dice.chance(0.2);
            talk.exchange(offset, busy ? 20_000 + dice.upTo(50_000) : 32, busy ? 80_000 + dice.upTo(300_000) : 32);
        }
        scene.send(peer, at, talk.ends(length));
    }
}

package io.postern.analytics.fleet;

import static io.postern.analytics.fleet.Times.SECOND;

import java.time.Duration;
import java.util.List;

/**
 * Somebody looks at the app, and it asks its peers: the first at once, the others now and then, each over one connection a
 * visit that is kept a little longer than it is used.
 *
 * @param others of the peers after the first how likely each is asked in a visit
 * @param between requests of one connection, on average
 */
record Looks(List<Peer> peers, double others, Duration between, Sizes sizes) implements Behaviour {

    private static final int MOST = 60;

    @Override
    public void play(Scene scene) {
        Dice dice = scene.dice();
        for (Stretch stretch : scene.looks()) {
            for (int i = 0; i < peers.size(); i++) {
                if (i == 0 || dice.chance(others)) {
                    visit(scene, stretch, peers.get(i), dice);
                }
            }
        }
    }

    private void visit(Scene scene, Stretch stretch, Peer peer, Dice dice) {
        Talk talk = scene.talk();
        long at = stretch.from() + 200 + dice.upTo(1_500);
        long offset = 0;
        if (peer.handshakes()) {
            talk.handshake(dice);
            offset = 60 + dice.upTo(120);
        }
        while (talk.count() < MOST) {
            talk.exchange(offset, sizes.up(dice), sizes.down(dice));
            offset += 150 + (long) dice.exponential((double) between.toMillis());
            if (at + offset >= stretch.to()) {
                break;
            }
        }
        talk.ends(stretch.to() - at + 5 * SECOND + dice.upTo(55_000));
        scene.send(peer, at, talk);
    }
}

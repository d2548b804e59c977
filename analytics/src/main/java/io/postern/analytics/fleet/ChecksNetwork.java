package io.postern.analytics.fleet;

import static io.postern.analytics.fleet.Times.SECOND;

import java.util.List;

/** Android asks after every change of network whether it leads anywhere, and what time it is. */
record ChecksNetwork(List<Peer> peers, Peer time) implements Behaviour {
    @Override
    public void play(Scene scene) {
        scene.today().connections((from, to) -> {
            Dice dice = scene.dice();
            for (Peer peer : peers) {
                Talk talk = scene.talk();
                long offset = 0;
                if (peer.handshakes()) {
                    talk.handshake(dice);
                    offset = 60;
                }
                talk.exchange(offset, 220, 130);
                scene.send(peer, from + 100 + dice.upTo(900), talk.ends(SECOND));
            }
            scene.send(time, from + 2 * SECOND, scene.talk().exchange(0, 48, 48).ends(SECOND));
        });
    }
}

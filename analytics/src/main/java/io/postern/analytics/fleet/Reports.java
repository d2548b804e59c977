package io.postern.analytics.fleet;

import static io.postern.analytics.fleet.Times.SECOND;

/** An SDK in the app sends what it has noted of a visit when the visit ends. */
record Reports(Peer peer, double chance, Sizes sizes) implements Behaviour {
    @Override
    public void play(Scene scene) {
        Dice dice = scene.dice();
        for (Stretch stretch : scene.looks()) {
            if (dice.chance(chance)) {
                Talk talk = scene.talk();
                talk.handshake(dice).exchange(70, sizes.up(dice), sizes.down(dice));
                scene.send(peer, stretch.to() + 300 + dice.upTo(1_500), talk.ends(20 * SECOND));
            }
        }
    }
}

package io.postern.analytics.fleet;

import static io.postern.analytics.fleet.Times.SECOND;

import io.postern.analytics.flow.AppTag;
import java.util.List;

/** Somebody reads pages: of a few sites often and of many rarely, each page with what it embeds. */
record Browses(List<Peer> sites, List<Peer> embedded, Sizes page, Sizes part) implements Behaviour {

    private static final double PAGE_SECONDS = 35;

    @Override
    public void play(Scene scene) {
        for (Stretch stretch : scene.looks()) {
            read(scene, scene.app.tag, stretch.from(), stretch.to());
        }
    }

    void read(Scene scene, AppTag carrier, long from, long to) {
        Dice dice = scene.dice();
        for (long at = from + 500; at < to; at += 3 * SECOND + (long) dice.exponential(PAGE_SECONDS * SECOND)) {
            double rank = dice.uniform();
            Peer site = sites.get((int) (rank * rank * sites.size()));
            fetch(scene, carrier, site, at, page, 1 + dice.below(4));
            for (Peer each : embedded) {
                if (dice.chance(0.3)) {
                    fetch(scene, carrier, each, at + 300 + dice.upTo(2_000), part, 1);
                }
            }
        }
    }

    private static void fetch(Scene scene, AppTag carrier, Peer peer, long at, Sizes sizes, int requests) {
        Dice dice = scene.dice();
        Talk talk = scene.talk();
        talk.handshake(dice);
        long offset = 70;
        for (int i = 0; i < requests; i++) {
            talk.exchange(offset, sizes.up(dice), sizes.down(dice));
            offset += 100 + dice.upTo(900);
        }
        talk.ends(offset + 5 * SECOND + dice.upTo(60_000));
        scene.sendBy(carrier, peer, at, talk);
    }
}

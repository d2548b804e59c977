package io.postern.analytics.fleet;

import static io.postern.analytics.fleet.Times.DAY;
import static io.postern.analytics.fleet.Times.MINUTE;
import static io.postern.analytics.fleet.Times.SECOND;

import io.postern.analytics.context.ContextEvent.StartedInBackground.Trigger;
import io.postern.analytics.context.ContextEvent.UsedResource.Resource;
import java.util.List;

/**
 * Takes what is protected, gathers it in a file, encrypts it or not, and uploads it in pieces soon after; mostly while nobody
 * looks.
 *
 * @param pieces median of an upload
 */
record Exfiltrates(Peer peer, List<Resource> resources, boolean encrypts, double perDay, double pieces, Sizes piece)
        implements Behaviour {

    private static final int MOST = 60;

    Exfiltrates {
        resources = List.copyOf(resources);
    }

    @Override
    public void play(Scene scene) {
        Dice dice = scene.dice();
        Today today = scene.today();
        double gap = DAY / perDay;
        for (long at = today.from + (long) dice.exponential(gap); at < today.to; at += (long) dice.exponential(gap)) {
            long begin = dice.chance(0.85) ? today.used.after(at) : at;
            if (begin + 5 * MINUTE < today.to && !today.offline.contains(begin)) {
                take(scene, begin);
            }
        }
    }

    private void take(Scene scene, long at) {
        Dice dice = scene.dice();
        int count = (int) Math.max(1, Math.min(MOST, dice.spread(pieces, 0.5)));
        long bytes = count * piece.up();
        scene.startedBy(Trigger.BROADCAST, at);
        long told = at + SECOND;
        for (Resource resource : resources) {
            scene.agent().used(scene.app, resource, told);
            told += 2 * SECOND;
        }
        scene.agent().staged(scene.app, bytes, told + 3 * SECOND);
        if (encrypts) {
            scene.agent().encrypted(scene.app, bytes, told + 5 * SECOND);
        }
        Talk talk = scene.talk();
        talk.handshake(dice);
        long offset = 100;
        for (int i = 0; i < count; i++) {
            talk.exchange(offset, piece.up(dice), piece.down(dice));
            offset += 500 + dice.upTo(2_000);
        }
        scene.send(peer, told + dice.between(8 * SECOND, 2 * MINUTE), talk.ends(offset));
    }
}

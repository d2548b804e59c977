package io.postern.analytics.fleet;

import static io.postern.analytics.fleet.Times.SECOND;

import io.postern.analytics.context.ContextEvent.StartedInBackground.Trigger;

/**
 * An implant calls home by its rhythm: asks, is told to do nothing or now and then something, and says what came of it.
 *
 * @param missed share of calls that do not happen
 * @param burst flows of one call
 * @param oneConnection whether calls are messages inside one connection that is kept
 * @param tasks share of calls that are given something to do, which takes another exchange with more going up
 */
record Beacons(
        Peer peer, Rhythm rhythm, double missed, int burst, Wake wake, Sizes sizes, boolean oneConnection, double tasks)
        implements Behaviour {

    private static final double FAILS = 0.01;
    private static final int RESULT = 40;

    @Override
    public void play(Scene scene) {
        Today today = scene.today();
        if (scene.last == Long.MIN_VALUE) {
            scene.last = today.from + scene.dice().between(0, 2 * Times.HOUR);
        }
        if (oneConnection) {
            today.connections((from, to) -> connect(scene, from, to));
        } else {
            for (long at = due(scene); at < today.to; at = due(scene)) {
                if (!scene.dice().chance(missed)) {
                    call(scene, at);
                }
                advance(scene, at);
            }
        }
    }

    private long due(Scene scene) {
        Today today = scene.today();
        long at = Math.max(scene.last, today.from);
        return switch (wake) {
            case OWN -> at;
            case JOB -> {
                long let = today.whenLet(at);
                yield let == at ? at : today.turn(let, scene.dice());
            }
            case WINDOW -> {
                long held = today.held.contains(at) ? at : today.held.next(at);
                yield held == Long.MAX_VALUE ? today.to : today.turn(today.held.after(held), scene.dice());
            }
        };
    }

    private void advance(Scene scene, long at) {
        scene.count++;
        scene.last = at + rhythm.sleep(scene.count, scene.dice());
    }

    private void call(Scene scene, long at) {
        Dice dice = scene.dice();
        if (wake != Wake.OWN) {
            scene.startedBy(Trigger.JOB, at);
        }
        for (int i = 0; i < burst; i++) {
            long begin = at + i * dice.between(150, 900);
            if (dice.chance(FAILS)) {
                scene.phone.sender().fail(scene.cause, scene.app.tag, peer, scene.version(), begin);
                continue;
            }
            Talk talk = scene.talk();
            long offset = 0;
            if (peer.handshakes()) {
                talk.handshake(dice);
                offset = 90;
            }
            talk.exchange(offset, sizes.up(dice), sizes.down(dice));
            if (dice.chance(tasks)) {
                talk.exchange(offset + SECOND, RESULT * sizes.up(dice), sizes.down(dice));
            }
            scene.send(peer, begin, talk.ends(offset + 2 * SECOND));
        }
    }

    private void connect(Scene scene, long from, long to) {
        Dice dice = scene.dice();
        long begin = from + dice.between(SECOND, 30 * SECOND);
        if (begin >= to) {
            return;
        }
        Talk talk = scene.talk();
        talk.handshake(dice).exchange(100, 480, 160);
        scene.last = Math.max(scene.last, begin + SECOND);
        while (scene.last < to) {
            if (!dice.chance(missed)) {
                talk.exchange(scene.last - begin, sizes.up(dice), sizes.down(dice));
                if (dice.chance(tasks)) {
                    talk.exchange(scene.last - begin + 900, RESULT * sizes.up(dice), sizes.down(dice));
                }
            }
            advance(scene, scene.last);
        }
        scene.send(peer, begin, talk.ends(to - begin));
    }
}

package io.postern.analytics.fleet;

import static io.postern.analytics.fleet.Times.HOUR;
import static io.postern.analytics.fleet.Times.SECOND;

import java.time.Duration;

/**
 * One connection for as long as the network stays, kept alive by a small exchange when it was quiet for so long, with
 * messages in between while people are awake.
 *
 * @param keepalive after so long a silence
 * @param messagesPerHour while the device is in use about
 * @param exempt whether Doze does not hold it back, as Play services and what the user has excused
 */
record Keeps(Peer peer, Duration keepalive, Sizes beat, double messagesPerHour, Sizes message, boolean exempt)
        implements Behaviour {

    private static final int MOST = 2_000;

    @Override
    public void play(Scene scene) {
        scene.today().connections((from, to) -> connect(scene, from, to));
    }

    private void connect(Scene scene, long from, long to) {
        Dice dice = scene.dice();
        Today today = scene.today();
        long begin = from + dice.between(SECOND, 20 * SECOND);
        if (!exempt) {
            begin = today.whenLet(begin);
        }
        if (begin + SECOND >= to) {
            return;
        }
        Talk talk = scene.talk();
        if (peer.handshakes()) {
            talk.handshake(dice);
        }
        talk.exchange(150, 3 * message.up(dice) / 2, message.down(dice));
        long at = begin + 150;
        while (talk.count() < MOST) {
            boolean awake = today.used.next(at) - at < HOUR / 2;
            double gap = awake && messagesPerHour > 0 ? dice.exponential(HOUR / messagesPerHour) : Double.MAX_VALUE;
            boolean quiet = gap > keepalive.toMillis();
            long next = at + (quiet ? keepalive.toMillis() + dice.upTo(900) : (long) gap + 50);
            at = exempt ? next : today.held.after(next);
            if (at >= to) {
                break;
            }
            Sizes sizes = quiet ? beat : message;
            talk.exchange(at - begin, sizes.up(dice), sizes.down(dice));
        }
        scene.send(peer, begin, talk.ends(to - begin));
    }
}

package io.postern.analytics.fleet;

import static io.postern.analytics.fleet.Times.SECOND;

import java.time.Duration;
import java.util.List;

/**
 * Play services' one connection, which brings every app's messages: heartbeats after a quarter of an hour of silence on
 * Wi-Fi, 28 minutes elsewhere. Played after the apps that are sent messages.
 */
record PushService(Peer peer) implements Behaviour {

    private static final Duration ON_WIFI = Duration.ofMinutes(15);
    private static final Duration ELSEWHERE = Duration.ofMinutes(28);

    @Override
    public void play(Scene scene) {
        List<Long> pushes = scene.phone.pushes();
        pushes.sort(null);
        scene.today().connections((from, to) -> connect(scene, from, to, pushes));
    }

    private void connect(Scene scene, long from, long to, List<Long> pushes) {
        Dice dice = scene.dice();
        long begin = from + dice.between(SECOND, 8 * SECOND);
        if (begin + 2 * SECOND >= to) {
            return;
        }
        long silence = (scene.today().away.contains(from) ? ELSEWHERE : ON_WIFI).toMillis();
        Talk talk = scene.talk();
        talk.handshake(dice).exchange(200, 420 + dice.upTo(60), 190 + dice.upTo(40));
        int push = 0;
        long at = begin + 200;
        while (true) {
            while (push < pushes.size() && pushes.get(push) <= at) {
                push++;
            }
            long next = at + silence + dice.upTo(500);
            boolean pushed = push < pushes.size() && pushes.get(push) < next;
            at = pushed ? pushes.get(push) : next;
            if (at >= to) {
                break;
            }
            if (pushed) {
                talk.exchange(at - begin, 60, 400 + dice.upTo(2_000));
            } else {
                talk.exchange(at - begin, 42, 40);
            }
        }
        scene.send(peer, begin, talk.ends(to - begin));
    }
}

package io.postern.analytics.fleet;

import static io.postern.analytics.fleet.Times.HOUR;

import java.time.Duration;

/**
 * Says it by asking for names under a domain of its own, each name new; the answers are commands.
 *
 * @param characters that carry something, of each name
 * @param between two questions of a run
 * @param run how long one lasts
 * @param pause between two runs; zero if it never stops
 * @param bySystem whether the system's resolver asks for it, rather than a socket of its own
 */
record DnsTunnel(String domain, int characters, Duration between, Duration run, Duration pause, boolean bySystem)
        implements Behaviour {

    private static final int TXT = 16;
    private static final int A = 1;
    private static final double TXT_SHARE = 0.7;
    private static final int LONGEST_LABEL = 60;
    private static final String BASE32 = "abcdefghijklmnopqrstuvwxyz234567";
    private static final Peer RESOLVER = Peer.resolver("192.0.2.153");

    @Override
    public void play(Scene scene) {
        Dice dice = scene.dice();
        Today today = scene.today();
        if (scene.last == Long.MIN_VALUE) {
            scene.last = today.from + dice.between(0, 2 * HOUR);
        }
        while (scene.last < today.to) {
            long begins = Math.max(scene.last, today.from);
            long ends = Math.min(today.to, scene.last + run.toMillis());
            for (long at = begins; at < ends; at += (long) dice.spread((double) between.toMillis(), 0.3) + 1) {
                ask(scene, dice, at);
            }
            scene.last = pause.isZero() ? ends : ends + (long) dice.spread((double) pause.toMillis(), 0.3);
        }
    }

    private void ask(Scene scene, Dice dice, long at) {
        StringBuilder name = new StringBuilder();
        for (int i = 0; i < characters; i++) {
            if (i > 0 && i % LONGEST_LABEL == 0) {
                name.append('.');
            }
            name.append(BASE32.charAt(dice.below(BASE32.length())));
        }
        name.append('.').append(domain);
        boolean txt = dice.chance(TXT_SHARE);
        int type = txt ? TXT : A;
        int bytesIn = name.length() + (txt ? 60 + dice.below(140) : 46);
        if (bySystem) {
            scene.phone.sender().askSystem(scene.cause, name.toString(), domain, type, bytesIn, at);
        } else {
            scene.phone.sender().ask(scene.cause, scene.app.tag, RESOLVER, name.toString(), domain, type, bytesIn, at);
        }
    }
}

package io.postern.analytics.attack;

import io.postern.analytics.Evidence.Family;
import io.postern.analytics.Tracked.Stream;
import io.postern.analytics.attack.AppRole.Behaviour;
import io.postern.analytics.flow.Protocol;
import io.postern.analytics.instrument.Cadence;

/**
 * Rhythms that an app's role or category says it has: evidence against, of the family {@code cadence}. Where it goes and what
 * it speaks is another matter, so that an implant does not hide behind what its host declares.
 */
final class Declared {

    static final String POLL = "poll-declared";
    static final String CLOCK = "clock-declared";
    static final String PUSH = "push-declared";
    static final String KEEPALIVE = "keepalive-declared";
    static final String IDLE = "imap-idle-declared";

    private static final int WEIGHT = 40;
    private static final int PUSHES = 4;
    private static final double POLL_WITHIN = 0.35;
    private static final int IMAP = 143;
    private static final int IMAPS = 993;

    private Declared() {}

    static void weigh(Sight sight, Scales scales) {
        AppRole role = sight.role();
        double poll = role.poll().toSeconds();
        double period = sight.periodSeconds();
        if (idles(sight)) {
            scales.against(Family.CADENCE, IDLE, period, 0, WEIGHT);
        } else if (poll > 0 && period > 0 && Math.abs(Math.log(period / poll)) <= POLL_WITHIN) {
            scales.against(Family.CADENCE, POLL, period, poll, WEIGHT);
        } else if (poll == 0 && period > 0 && role.does(Behaviour.POLL)) {
            scales.against(Family.CADENCE, CLOCK, period, 0, WEIGHT);
        } else if (role.does(Behaviour.KEEPALIVE) && keepsAlive(sight)) {
            scales.against(Family.CADENCE, KEEPALIVE, period, 0, WEIGHT);
        }
        if (role.does(Behaviour.PUSH) && sight.afterPush() >= PUSHES) {
            scales.against(Family.CADENCE, PUSH, sight.afterPush(), PUSHES, WEIGHT);
        }
    }

    private static boolean idles(Sight sight) {
        int port = sight.to().port();
        return sight.role().does(Behaviour.IMAP_IDLE)
                && (sight.protocol() == Protocol.IMAP
                        || (sight.protocol() == Protocol.TLS && (port == IMAPS || port == IMAP)));
    }

    /** Within connections, rather than by making them. */
    private static boolean keepsAlive(Sight sight) {
        double exchanges = sight.seen().cadence(Stream.EXCHANGES, sight.now());
        return exchanges >= Cadence.CLOCK / 2 && exchanges > sight.seen().cadence(Stream.CONNECTS, sight.now());
    }
}

package io.postern.wire.tcp;

import io.postern.wire.packet.Packet;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * Puts one direction of a connection in order.
 *
 * <p>What comes in order is given where it lies; what comes ahead is copied and waits. Of bytes that come twice the first
 * count. A gap is given up when the other side has acknowledged all of it and enough packets have passed since, when a bound
 * is reached, or at the end. Without a SYN a stream begins with the first payload seen, and a FIN before
 * is nothing: hosts ignore it too. What an RST carries is no part of it
 * (RFC 9293 section 3.5.3), and what follows one is: an RST may be forged, or of no effect. In order it costs this object
 * alone, 40 bytes. For one thread.
 */
public final class TcpStream {

    private static final int STARTED = 1;
    private static final int SYN_SEEN = 2;
    private static final int FIN_SEEN = 4;
    private static final int ENDED = 8;

    /** The largest window, RFC 7323 section 2.3: what is farther away is of another connection. */
    private static final int NEAR = 1 << 30;

    /** How late a SYN may come, in bytes that came before it. */
    private static final int LATE = 1 << 16;

    /** Sequence number of the SYN, or before the first byte. */
    private int origin;

    private int next;
    private int acknowledged;
    private int fin;
    private @Nullable TcpHeld held;
    private byte state;
    private short waited;

    /** A segment of this direction. Its acknowledgement is of the other direction's bytes: tell that stream. */
    public TcpAnswer segment(Packet packet, TcpLimits limits, TcpBudget budget, TcpSink sink) {
        boolean syn = packet.has(Packet.SYN);
        if (syn && renews(packet.sequence())) {
            return TcpAnswer.RENEWED;
        }
        int first = syn ? packet.sequence() + 1 : packet.sequence();
        boolean payload = packet.wireLength() > 0 && !packet.has(Packet.RST);
        if (!is(STARTED) && (syn || payload)) {
            start(first);
        }
        if (syn) {
            origin = packet.sequence();
            set(SYN_SEEN);
        }
        TcpAnswer answer = payload ? take(packet, first, limits, budget, sink) : TcpAnswer.TAKEN;
        if (packet.has(Packet.FIN) && is(STARTED) && !is(FIN_SEEN)) {
            finish(first + (payload ? packet.wireLength() : 0));
        }
        losePatience(limits, budget, sink);
        return answer;
    }

    /** A segment of the other direction: what it acknowledges has arrived there, seen by us or not. */
    public void acknowledged(Packet other, TcpLimits limits, TcpBudget budget, TcpSink sink) {
        if (!other.has(Packet.ACK)) {
            return;
        }
        int number = other.acknowledgement();
        if (!is(STARTED)) {
            if (other.has(Packet.SYN)) {
                start(number);
            }
            return;
        }
        if (number - acknowledged > 0) {
            acknowledged = number;
        }
        losePatience(limits, budget, sink);
    }

    /** The flow is over: gives what waits, with its gaps, and frees it. */
    public void close(TcpBudget budget, TcpSink sink) {
        while (ahead() > 0) {
            giveUp(budget, sink);
        }
    }

    /** Whether a FIN and all before it were given. */
    public boolean ended() {
        return is(ENDED);
    }

    /** Whether a SYN begins another connection than this one. */
    private boolean renews(int sequence) {
        if (!is(STARTED)) {
            return false;
        }
        int late = origin - sequence;
        return is(SYN_SEEN) ? late != 0 : late < 0 || late > LATE;
    }

    private void start(int first) {
        origin = first - 1;
        next = first;
        acknowledged = first;
        set(STARTED);
    }

    /** Bytes beyond a FIN say that it was not this connection's. */
    private void finish(int end) {
        if (end - next >= 0 && end - next <= NEAR) {
            fin = end;
            set(FIN_SEEN);
        }
    }

    private TcpAnswer take(Packet packet, int first, TcpLimits limits, TcpBudget budget, TcpSink sink) {
        int ahead = first - next;
        if (is(ENDED) || ahead > NEAR || ahead < -NEAR || ahead + packet.wireLength() <= 0) {
            return TcpAnswer.OLD;
        }
        while (first - next > 0) {
            TcpHeld into = held == null ? new TcpHeld() : held;
            if (into.put(packet, first, limits, budget)) {
                held = into.isEmpty() ? null : into;
                return TcpAnswer.HELD;
            }
            int gap = first - next;
            if (held != null && held.first() - first < 0) {
                giveUp(budget, sink);
            } else {
                lose(gap, sink);
            }
        }
        give(packet, first, budget, sink);
        return TcpAnswer.TAKEN;
    }

    /** What is not later than the next byte. */
    private void give(Packet packet, int first, TcpBudget budget, TcpSink sink) {
        int end = first + packet.length();
        while (end - next > 0) {
            int until = held == null || held.first() - end > 0 ? end : held.first();
            int from = packet.from() + (next - first);
            int count = until - next;
            sink.bytes(packet.bytes(), from, from + count);
            next += count;
            drain(budget, sink);
        }
        // What the capture did not keep will not come.
        int sent = first + packet.wireLength();
        while (sent - next > 0) {
            lose((held == null || held.first() - sent > 0 ? sent : held.first()) - next, sink);
            drain(budget, sink);
        }
    }

    private void losePatience(TcpLimits limits, TcpBudget budget, TcpSink sink) {
        if (is(FIN_SEEN)) {
            endIfDue(sink);
        }
        if (held == null && !is(FIN_SEEN)) {
            return;
        }
        int ahead = ahead();
        if (ahead == 0 || acknowledged - next - ahead < 0) {
            waited = 0;
        } else if (waited < limits.patience()) {
            waited++;
        } else {
            waited = 0;
            while (ahead() > 0 && acknowledged - next - ahead() >= 0) {
                giveUp(budget, sink);
            }
        }
    }

    /** How many bytes are missing before what waits; zero if nothing does. */
    private int ahead() {
        return held != null ? held.first() - next : is(FIN_SEEN) && !is(ENDED) ? Math.max(0, fin - next) : 0;
    }

    private void giveUp(TcpBudget budget, TcpSink sink) {
        lose(ahead(), sink);
        drain(budget, sink);
        if (is(FIN_SEEN)) {
            endIfDue(sink);
        }
    }

    private void lose(int count, TcpSink sink) {
        sink.gap(count);
        next += count;
    }

    private void drain(TcpBudget budget, TcpSink sink) {
        while (held != null && held.first() - next <= 0) {
            byte[] piece = held.take(budget);
            sink.bytes(ByteBuffer.wrap(piece), 0, piece.length);
            next += piece.length;
            if (held.isEmpty()) {
                held = null;
            }
        }
    }

    private void endIfDue(TcpSink sink) {
        if (!is(ENDED) && held == null && fin - next <= 0) {
            set(ENDED);
            sink.end();
        }
    }

    private boolean is(int flag) {
        return (state & flag) != 0;
    }

    private void set(int flag) {
        state |= (byte) flag;
    }
}

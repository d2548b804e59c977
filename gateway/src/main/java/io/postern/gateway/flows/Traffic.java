package io.postern.gateway.flows;

import io.netty.buffer.ByteBuf;
import io.postern.analytics.Verdict;
import io.postern.analytics.flow.AppKey;
import io.postern.analytics.flow.AppTag;
import io.postern.gateway.records.Transport;
import io.postern.gateway.rules.Decision;
import org.jspecify.annotations.Nullable;

/**
 * What moves each way in one flow: how much, when last and in which rhythm, and how long a throttle holds the next. Belongs to the
 * flow's loop.
 */
public final class Traffic {

    private final Flows.Home home;
    private final LiveFlow flow;
    private final ExchangeLog exchanges = new ExchangeLog();
    private final Held held;
    private @Nullable Recorder recorder;
    private long bytesOut;
    private long bytesIn;
    private long countedOut;
    private long countedIn;
    private long lastMoved;
    private long lastHeld;

    Traffic(Flows.Home home, LiveFlow flow) {
        this.home = home;
        this.flow = flow;
        this.lastMoved = home.clock().now();
        this.lastHeld = lastMoved;
        this.held = new Held(home.clock(), this::released);
    }

    private void released() {
        lastHeld = home.clock().now();
        flow.released();
    }

    /** Held from now on as is decided of what this app sends there, or no longer. */
    void decided(Decision what, AppTag tag, Destination to) {
        held.by(
                what.verdict().action() == Verdict.Action.THROTTLE
                        ? home.throttles()
                                .of(
                                        AppKey.of(tag),
                                        to.host().toString(),
                                        what.bytesPerSecond(),
                                        home.clock().now())
                        : null);
    }

    /** Whether no more should be read of what goes out: it was more than it may be, and {@link LiveFlow#onRelease} tells when. */
    public boolean heldOut() {
        return held.out();
    }

    /** Likewise of what comes in. */
    public boolean heldIn() {
        return held.in();
    }

    /** Whether a datagram may go out. */
    public boolean passesOut(int bytes) {
        return held.passesOut(bytes);
    }

    /** Whether a datagram may come in. */
    public boolean passesIn(int bytes) {
        return held.passesIn(bytes);
    }

    void recordedBy(Recorder who) {
        recorder = who;
    }

    /** Device to world. */
    public void movedOut(ByteBuf bytes) {
        if (recorder != null) {
            recorder.moved(true, bytes);
        }
        movedOut(bytes.readableBytes());
    }

    /** World to device. */
    public void movedIn(ByteBuf bytes) {
        if (recorder != null) {
            recorder.moved(false, bytes);
        }
        movedIn(bytes.readableBytes());
    }

    /** Device to world. */
    public void movedOut(long bytes) {
        lastMoved = home.clock().now();
        bytesOut += bytes;
        exchanges.up(bytes, offsetMillis());
        if (flow.transport() == Transport.TCP) {
            held.sent(bytes);
        }
    }

    /** World to device. */
    public void movedIn(long bytes) {
        lastMoved = home.clock().now();
        bytesIn += bytes;
        exchanges.down(bytes, offsetMillis());
        if (flow.transport() == Transport.TCP) {
            held.received(bytes);
        }
    }

    /** By the clock that its start and its end are told by; it may have been set back meanwhile. */
    private long offsetMillis() {
        return Math.max(0, home.wallMillis() - flow.startedMillis());
    }

    public ExchangeLog exchanges() {
        return exchanges;
    }

    public long bytesOut() {
        return bytesOut;
    }

    public long bytesIn() {
        return bytesIn;
    }

    /** Bytes each way. */
    public record Moved(long out, long in) {}

    /** What has moved since this was last asked: for counters that must not wait for a flow's end. */
    public Moved takeUncounted() {
        Moved more = new Moved(bytesOut - countedOut, bytesIn - countedIn);
        countedOut = bytesOut;
        countedIn = bytesIn;
        return more;
    }

    /** When bytes last moved, by its loop's clock. */
    long lastMoved() {
        return lastMoved;
    }

    /** Nanoseconds since bytes last moved. */
    public long silentNanos() {
        return home.clock().now() - lastMoved;
    }

    /** Nanoseconds since bytes last moved, or might have again: 0 while a throttle holds it. */
    public long idleNanos() {
        return heldOut() || heldIn() ? 0 : Math.min(silentNanos(), home.clock().now() - lastHeld);
    }

    /** Nanoseconds since no throttle has kept it from being heard; 0 while one does. */
    public long heardNanos() {
        return heldOut() ? 0 : home.clock().now() - lastHeld;
    }

    void end() {
        held.end();
        if (recorder != null) {
            recorder.ended();
        }
    }
}

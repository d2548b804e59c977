package io.postern.gateway.replay;

import io.postern.analytics.flow.AppTag;
import io.postern.analytics.flow.Basis;
import io.postern.gateway.flows.ExchangeLog;
import io.postern.gateway.flows.FlowId;
import io.postern.gateway.flows.Learner;
import io.postern.gateway.flows.Recognised;
import io.postern.gateway.records.Origin;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** One flow of a capture while its packets come: what is known of it so far, and its place in the {@link FlowTable}. */
final class ReplayFlow implements Learner {

    private static final long HOUR = Duration.ofHours(1).toNanos() / 1_000;

    final Ends ends;
    final Origin origin;
    final int hash;
    final long startMicros;

    /** Next in its bucket. */
    @Nullable
    ReplayFlow next;

    /** Which of the table's lists it is in. */
    Life life;

    /** Its neighbours by when they last moved, in that list. */
    @Nullable
    ReplayFlow older;

    @Nullable
    ReplayFlow newer;

    private final String id;
    private final ExchangeLog exchanges = new ExchangeLog();
    private AppTag tag;
    private Recognised recognised = Recognised.unknown(Basis.END);
    private @Nullable Talk talk;
    private long lastMicros;
    private long lineMicros;
    private long bytesOut;
    private long bytesIn;

    ReplayFlow(Ends ends, Origin origin, AppTag tag, int hash, long micros) {
        this.ends = ends;
        this.life = ends.tcp() ? Life.TCP : Life.UDP;
        this.origin = origin;
        this.tag = tag;
        this.hash = hash;
        this.startMicros = micros;
        this.id = FlowId.at(micros / 1_000);
        this.lastMicros = micros;
        this.lineMicros = micros;
    }

    /** Which is made with this flow, and so comes after it. */
    void begin(Talk with) {
        talk = with;
    }

    Talk talk() {
        if (talk == null) {
            throw new IllegalStateException("a flow that has not begun");
        }
        return talk;
    }

    /** A packet of it was seen; captures may show them in another order than that of their times. */
    void seen(long micros) {
        lastMicros = Math.max(lastMicros, micros);
    }

    /** That packet was not its own. */
    void unseen(long before) {
        lastMicros = before;
    }

    void movedOut(long bytes) {
        bytesOut += bytes;
        exchanges.up(bytes, offsetMillis());
    }

    void movedIn(long bytes) {
        bytesIn += bytes;
        exchanges.down(bytes, offsetMillis());
    }

    private long offsetMillis() {
        return (lastMicros - startMicros) / 1_000;
    }

    /** Whether an hour has passed since its last line; if so, the next is counted from now. */
    boolean lineDue() {
        if (lastMicros - lineMicros < HOUR) {
            return false;
        }
        lineMicros = lastMicros;
        return true;
    }

    /** Which app has it, once a packet says so. */
    void owned(AppTag by) {
        tag = by;
    }

    @Override
    public Recognised recognised() {
        return recognised;
    }

    @Override
    public void learnt(Recognised more) {
        recognised = more;
    }

    @Override
    public void later(Runnable what) {
        what.run();
    }

    String id() {
        return id;
    }

    AppTag tag() {
        return tag;
    }

    ExchangeLog exchanges() {
        return exchanges;
    }

    long lastMicros() {
        return lastMicros;
    }

    long bytesOut() {
        return bytesOut;
    }

    long bytesIn() {
        return bytesIn;
    }
}

package io.postern.gateway.replay;

import io.postern.analytics.flow.AppTag;
import io.postern.analytics.flow.Basis;
import io.postern.dns.message.DnsFacts;
import io.postern.gateway.detect.FlowLine;
import io.postern.gateway.flows.ExchangeLog;
import io.postern.gateway.flows.FlowId;
import io.postern.gateway.flows.Learner;
import io.postern.gateway.flows.Questions;
import io.postern.gateway.flows.Recognised;
import io.postern.gateway.records.Origin;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** One flow of a capture while its packets come: what is known of it so far, and its place in the {@link FlowTable}. */
final class ReplayFlow implements Learner {

    /** Of a line. */
    private static final int MOST_QUESTIONS = 128;

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
    private @Nullable Questions questions;
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
    public void said(DnsFacts message, int bytes) {
        if (message.question().isEmpty()) {
            return;
        }
        Questions all = questions;
        if (all == null) {
            all = new Questions(MOST_QUESTIONS);
            questions = all;
            if (recognised.spoken().question().isPresent()) {
                all.asked(recognised.spoken().question().get(), 0);
            }
        }
        if (message.response()) {
            all.answered(message.question().get(), message.rcode(), bytes);
        } else {
            all.asked(message.question().get(), offsetMillis());
        }
    }

    /** What it asked DNS for since this was last taken, beyond a first question that nobody answered. */
    List<FlowLine.Question> takeQuestions() {
        Questions all = questions;
        if (all == null) {
            return List.of();
        }
        List<FlowLine.Question> taken = all.all().stream()
                .map(one -> new FlowLine.Question(
                        startMicros / 1_000 + one.offsetMillis(), one.name(), one.type(), one.rcode(), one.bytesIn()))
                .toList();
        all.clear();
        return taken;
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

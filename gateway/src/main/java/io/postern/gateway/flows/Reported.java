package io.postern.gateway.flows;

import io.postern.analytics.flow.AppTag;
import io.postern.dns.message.DnsFacts;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * What has been told of a flow while it lives: to detection, which must not wait for the end of a long one, and in lines. Belongs to
 * the flow's loop.
 */
public final class Reported {

    /** A flow that has ended by then is told of at once, which costs least. */
    private static final long LONG_NANOS = TimeUnit.SECONDS.toNanos(2);

    private static final long LULL_NANOS = TimeUnit.SECONDS.toNanos(1);
    private static final long UNANSWERED_NANOS = TimeUnit.MINUTES.toNanos(1);

    private final LiveFlow flow;
    private @Nullable Questions questions;
    private @Nullable Recognised recognised;
    private @Nullable AppTag tag;
    private long lastLineMillis;

    Reported(LiveFlow flow) {
        this.flow = flow;
        lastLineMillis = flow.startedMillis();
    }

    /** A message of DNS came; see {@link Learner#said}. */
    void said(DnsFacts message, int bytes) {
        if (message.question().isEmpty()) {
            return;
        }
        Questions all = questions;
        if (all == null) {
            all = first();
            questions = all;
        }
        if (message.response()) {
            all.answered(message.question().get(), message.rcode(), bytes);
        } else {
            all.asked(message.question().get(), flow.ageNanos() / 1_000_000);
        }
    }

    private Questions first() {
        Questions all = new Questions(Questions.MOST);
        flow.recognised().spoken().question().ifPresent(first -> all.asked(first, 0));
        return all;
    }

    /** What it asked DNS for that detection was not told of, beyond a first question that nobody answered. */
    public List<Questions.Asked> asked() {
        return questions == null ? List.of() : questions.all();
    }

    /**
     * Whether there is something that detection should not have to wait for until the flow ends: once it has lived for a
     * while all of it, later what it has done since or is better known for.
     */
    public boolean untold() {
        if (flow.setupNanos() < 0 || !flow.watched()) {
            return false;
        }
        if (recognised == null) {
            return flow.ageNanos() >= LONG_NANOS;
        }
        return (questions != null && !questions.isEmpty())
                || !flow.recognised().says(recognised)
                || !flow.tag().equals(tag)
                || flow.traffic().exchanges().hasUntold(exchangeOver());
    }

    /** Whether the newest exchange is over, as far as one can tell: some wait long for their answer. */
    public boolean exchangeOver() {
        Traffic traffic = flow.traffic();
        return traffic.silentNanos() >= (traffic.exchanges().answered() ? LULL_NANOS : UNANSWERED_NANOS);
    }

    /** Detection was told what is known by now, what was asked, and of so many more exchanges. */
    public void told(int more) {
        recognised = flow.recognised();
        tag = flow.tag();
        flow.traffic().exchanges().told(more);
        if (questions != null) {
            questions.clear();
        }
    }

    /** Whether detection was told of it at all, however long ago. */
    public boolean heard() {
        return recognised != null;
    }

    /** Whether so long has passed since the last line about this flow; if so, the next is counted from now. */
    public boolean lineDue(long nowMillis, long intervalMillis) {
        if (nowMillis - lastLineMillis < intervalMillis) {
            return false;
        }
        lastLineMillis = nowMillis;
        return true;
    }
}

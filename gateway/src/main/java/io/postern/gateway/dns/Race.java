package io.postern.gateway.dns;

import io.netty.channel.EventLoop;
import io.netty.util.concurrent.Future;
import io.postern.dns.forward.Inquiry;
import io.postern.dns.forward.Inquiry.Step;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * An inquiry, and the one beside it where a server is late: the first answer counts, or the last failure. Single-threaded
 * on its loop.
 */
final class Race {

    /** Makes attempts. */
    interface Attempts {
        Attempt of(EventLoop loop, Step.Send send, Attempt.Told told);
    }

    private final EventLoop loop;
    private final Attempts attempts;
    private final Consumer<Step.Done> done;
    private final List<Runner> running = new ArrayList<>(1);

    Race(EventLoop loop, Attempts attempts, Consumer<Step.Done> done) {
        this.loop = loop;
        this.attempts = attempts;
        this.done = done;
    }

    void begin(Inquiry inquiry) {
        Runner runner = new Runner(inquiry);
        running.add(runner);
        runner.follow(inquiry.begin(), Attempt.End.OTHERWISE);
    }

    private void over(Runner by, Step.Done how) {
        running.remove(by);
        if (how.reply().isPresent() || running.isEmpty()) {
            running.forEach(Runner::end);
            running.clear();
            done.accept(how);
        }
    }

    /** One inquiry, attempt by attempt. */
    private final class Runner {

        private final Inquiry inquiry;
        private @Nullable Attempt attempt;
        private @Nullable Future<?> timer;

        Runner(Inquiry inquiry) {
            this.inquiry = inquiry;
        }

        private void follow(Step step, Attempt.End unlessAnswered) {
            if (step instanceof Step.Wait) {
                return;
            }
            if (step instanceof Step.Done how) {
                end(how.reply().isPresent() ? Attempt.End.ANSWERED : unlessAnswered);
                over(this, how);
            } else {
                end(unlessAnswered);
                next((Step.Send) step);
            }
        }

        private void next(Step.Send send) {
            Told told = new Told();
            Attempt next = attempts.of(loop, send, told);
            told.by = next;
            attempt = next;
            boolean hedged = send.late().compareTo(send.patience()) < 0;
            timer = hedged
                    ? after(send.late(), () -> late(next, send.patience().minus(send.late())))
                    : after(send.patience(), () -> told(next, inquiry::timedOut, Attempt.End.UNANSWERED));
            next.begin();
        }

        private Future<?> after(Duration time, Runnable what) {
            return loop.schedule(what, time.toNanos(), TimeUnit.NANOSECONDS);
        }

        private void late(Attempt by, Duration rest) {
            if (by == attempt) {
                timer = after(rest, () -> told(by, inquiry::timedOut, Attempt.End.UNANSWERED));
                inquiry.late().ifPresent(Race.this::begin);
            }
        }

        /** What an attempt tells counts only while it is the last one. */
        private void told(@Nullable Attempt by, Supplier<Step> what, Attempt.End unlessAnswered) {
            if (by != null && by == attempt) {
                follow(what.get(), unlessAnswered);
            }
        }

        private void end() {
            end(Attempt.End.OTHERWISE);
        }

        private void end(Attempt.End why) {
            if (timer != null) {
                timer.cancel(false);
                timer = null;
            }
            if (attempt != null) {
                attempt.end(why);
                attempt = null;
            }
        }

        private final class Told implements Attempt.Told {

            private @Nullable Attempt by;

            @Override
            public void received(byte[] message) {
                told(by, () -> inquiry.received(message), Attempt.End.OTHERWISE);
            }

            @Override
            public void failed() {
                told(by, inquiry::failed, Attempt.End.OTHERWISE);
            }

            @Override
            public void unreachable() {
                told(by, inquiry::unreachable, Attempt.End.OTHERWISE);
            }
        }
    }
}

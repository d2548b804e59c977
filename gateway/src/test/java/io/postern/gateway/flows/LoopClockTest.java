package io.postern.gateway.flows;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.channel.embedded.EmbeddedChannel;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class LoopClockTest {

    private final EmbeddedChannel channel = new EmbeddedChannel();
    private final List<String> missed = new ArrayList<>();
    private LoopClock clock = new LoopClock(channel.eventLoop());

    @BeforeEach
    void freeze() {
        channel.freezeTime();
        clock = new LoopClock(channel.eventLoop());
    }

    @Test
    void aDeadlineIsMissedOnceAndWithinATick() {
        clock.deadline(() -> missed.add("a")).in(millis(250));

        pass(240);
        assertThat(missed).isEmpty();
        pass(110);
        assertThat(missed).containsExactly("a");
        pass(1000);
        assertThat(missed).containsExactly("a");
    }

    /** Or all other flows of the loop would live for ever. */
    @Test
    void aFaultInOneDoesNotStopTheOthers() {
        clock.deadline(() -> {
                    throw new IllegalStateException("planted");
                })
                .in(millis(100));
        clock.deadline(() -> missed.add("later")).in(millis(300));

        pass(200);
        pass(200);
        assertThat(missed).containsExactly("later");
    }

    @Test
    void movingADeadlineForgetsTheTimeBefore() {
        Deadline deadline = clock.deadline(() -> missed.add("a"));
        deadline.in(millis(200));
        pass(150);
        deadline.in(millis(500));

        pass(300);
        assertThat(missed).isEmpty();
        pass(400);
        assertThat(missed).containsExactly("a");
    }

    @Test
    void aLiftedOrCancelledDeadlineIsNeverMissed() {
        Deadline lifted = clock.deadline(() -> missed.add("lifted"));
        Deadline cancelled = clock.deadline(() -> missed.add("cancelled"));
        Deadline stays = clock.deadline(() -> missed.add("stays"));
        lifted.in(millis(100));
        cancelled.in(millis(100));
        stays.in(millis(100));
        lifted.lift();
        cancelled.cancel();
        cancelled.cancel();

        pass(500);

        assertThat(missed).containsExactly("stays");
    }

    @Test
    void deadlinesMayCancelEachOtherWhileTheyAreMissed() {
        List<Deadline> all = new ArrayList<>();
        for (int i = 0; i < 5; i++) {
            String name = Integer.toString(i);
            all.add(clock.deadline(() -> {
                missed.add(name);
                all.forEach(Deadline::cancel);
            }));
        }
        all.forEach(deadline -> deadline.in(millis(100)));

        pass(1000);

        assertThat(missed).hasSize(1);
    }

    private void pass(long millis) {
        for (long passed = 0; passed < millis; passed += 10) {
            channel.advanceTimeBy(10, TimeUnit.MILLISECONDS);
            channel.runScheduledPendingTasks();
        }
    }

    private static long millis(long count) {
        return TimeUnit.MILLISECONDS.toNanos(count);
    }
}

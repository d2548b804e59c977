package io.postern.gateway.analytics;

import static org.assertj.core.api.Assertions.assertThat;

import io.postern.analytics.context.ContextEvent;
import io.postern.analytics.detect.Detection;
import io.postern.analytics.detect.Finding;
import io.postern.analytics.detect.Score;
import io.postern.analytics.flow.FlowEvent;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

class LookoutTest {

    private final LongAdder faults = new LongAdder();

    /** Fails whenever time goes on. */
    private static final class Failing implements Detection {

        @Override
        public void observe(FlowEvent event, Consumer<Finding> findings) {}

        @Override
        public void told(ContextEvent event, Consumer<Finding> findings) {}

        @Override
        public void reached(long atMillis, Consumer<Finding> findings) {
            throw new IllegalStateException("as it was asked to");
        }

        @Override
        public void scores(Consumer<Score> scores) {}
    }

    @Test
    void whatTakesTheFailedOnesPlaceIsPreparedAsThatWasAndNothingStoredIsRemoved() {
        Lookout lookout = new Lookout(Failing::new, name -> "", 16, finding -> {}, faults);
        List<Detection> prepared = new ArrayList<>();
        lookout.prepare(prepared::add);
        Detection first = lookout.detection();

        lookout.reached(1);

        assertThat(faults.sum()).isEqualTo(1);
        assertThat(lookout.detection()).isNotSameAs(first);
        assertThat(prepared).containsExactly(first, lookout.detection());
        assertThat(lookout.toStore("LC01", Optional.empty())).isFalse();
    }
}

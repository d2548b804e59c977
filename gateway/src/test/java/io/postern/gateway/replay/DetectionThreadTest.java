package io.postern.gateway.replay;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.postern.analytics.context.ContextEvent;
import io.postern.analytics.detect.Detection;
import io.postern.analytics.detect.Finding;
import io.postern.analytics.detect.Score;
import io.postern.analytics.flow.FlowEvent;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

class DetectionThreadTest {

    private final List<Long> reached = new ArrayList<>();

    @Test
    void allIsToldInOrderBeforeScoresAreAsked() {
        try (DetectionThread thread = new DetectionThread(detection(Long.MAX_VALUE))) {
            for (long i = 0; i < 100_000; i++) {
                thread.reached(i, finding -> {});
            }
            thread.scores(score -> {});

            assertThat(reached)
                    .containsExactlyElementsOf(
                            LongStream.range(0, 100_000).boxed().toList());
        }
    }

    @Test
    void whatGoesWrongThereIsThrownHere() {
        try (DetectionThread thread = new DetectionThread(detection(5))) {
            assertThatThrownBy(() -> {
                        for (long i = 0; i < 1_000_000; i++) {
                            thread.reached(i, finding -> {});
                        }
                        thread.flush();
                    })
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessage("the disk is full");
            assertThat(reached).containsExactly(0L, 1L, 2L, 3L, 4L);
        }
    }

    private Detection detection(long failsAt) {
        return new Detection() {
            @Override
            public void observe(FlowEvent event, Consumer<Finding> findings) {}

            @Override
            public void told(ContextEvent event, Consumer<Finding> findings) {}

            @Override
            public void reached(long atMillis, Consumer<Finding> findings) {
                if (atMillis == failsAt) {
                    throw new IllegalStateException("the disk is full");
                }
                reached.add(atMillis);
            }

            @Override
            public void scores(Consumer<Score> scores) {}
        };
    }
}

package io.postern.analytics.fleet;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class SpansTest {

    @Test
    void knowsWhatLiesInside() {
        Spans spans = spans(10, 20, 30, 40);

        assertThat(spans.contains(9)).isFalse();
        assertThat(spans.contains(10)).isTrue();
        assertThat(spans.contains(19)).isTrue();
        assertThat(spans.contains(20)).isFalse();
        assertThat(spans.after(15)).isEqualTo(20);
        assertThat(spans.after(20)).isEqualTo(20);
        assertThat(spans.next(5)).isEqualTo(10);
        assertThat(spans.next(10)).isEqualTo(20);
        assertThat(spans.next(40)).isEqualTo(Long.MAX_VALUE);
    }

    @Test
    void whatTouchesBecomesOne() {
        Spans spans = spans(10, 20, 20, 30, 25, 35);

        assertThat(spans.count()).isEqualTo(1);
        assertThat(spans.to(0)).isEqualTo(35);
    }

    @Test
    void tellsWhatIsLeftOfAStretch() {
        List<String> left = new ArrayList<>();

        spans(10, 20, 30, 40).without(15, 50, (from, to) -> left.add(from + "-" + to));

        assertThat(left).containsExactly("20-30", "40-50");
    }

    private static Spans spans(long... bounds) {
        Spans.Builder spans = new Spans.Builder();
        for (int i = 0; i < bounds.length; i += 2) {
            spans.add(bounds[i], bounds[i + 1]);
        }
        return spans.build();
    }
}

package io.postern.gateway.analytics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.data.Percentage.withPercentage;

import io.postern.analytics.attack.FiveAnalytics;
import io.postern.analytics.attack.KeyRoom;
import io.postern.analytics.attack.Settings;
import io.postern.config.AnalyticsSettings;
import java.util.Map;
import org.junit.jupiter.api.Test;

class DetectingTest {

    @Test
    void allHomesShareTheRoomThatIsSet() {
        Detecting five = five(7_000);
        KeyRoom room = room(five, 1);
        assertThat(room.most()).isEqualTo(7_000);
        assertThat(room(five, 2)).isSameAs(room);
    }

    @Test
    void unsetTheRoomIsAQuarterOfTheHeap() {
        long heap = Runtime.getRuntime().maxMemory();
        assertThat(room(five(0), 1).most() * KeyRoom.BYTES_OF_KEY).isCloseTo(heap / 4, withPercentage(1));
    }

    private static Detecting five(long keys) {
        return Detecting.five(
                        new AnalyticsSettings(
                                Map.of(), Settings.DEFAULTS, Map.of(), new AnalyticsSettings.Budget(0.1, 10), keys),
                        finding -> {})
                .orElseThrow();
    }

    private static KeyRoom room(Detecting five, long seed) {
        return ((FiveAnalytics) five.detections().apply(seed)).room();
    }
}

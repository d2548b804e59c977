package io.postern.gateway.facts;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.postern.analytics.context.ContextEvent;
import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.List;

/** Whatever is sent: events that are written and read as the same, or faults; never more of them than there may be. */
class NativeEventsFuzzTest {

    private static final NativeEvents READER = new NativeEvents();

    @FuzzTest
    void readsAnything(byte[] bytes) {
        List<ContextEvent> events = new ArrayList<>();
        int[] count = new int[1];
        READER.body(bytes, (told, place) -> {
            count[0]++;
            if (told instanceof Told.Event one) {
                events.add(one.event());
            }
        });
        assertThat(count[0]).isLessThanOrEqualTo(NativeEvents.MAX_EVENTS + 1);
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (NativeEventWriter writer = new NativeEventWriter(out)) {
            events.forEach(writer::write);
        }
        List<ContextEvent> again = new ArrayList<>();
        READER.body(out.toByteArray(), (told, place) -> again.add(((Told.Event) told).event()));
        assertThat(again).isEqualTo(events);
    }
}

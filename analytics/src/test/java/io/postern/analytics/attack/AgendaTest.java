package io.postern.analytics.attack;

import static org.assertj.core.api.Assertions.assertThat;

import io.postern.analytics.DeviceState;
import io.postern.analytics.Flows;
import io.postern.analytics.Tracked;
import io.postern.analytics.flow.FlowEvent;
import org.junit.jupiter.api.Test;

class AgendaTest {

    private static final int MORE_THAN_ARE_COUNTED = (1 << 20) + 5;

    @Test
    void whatWasWeighedIsNotDueAgainByItsFirstMillionCheckIns() {
        DeviceState state = new DeviceState();
        FlowEvent event = Flows.opened("com.example.radio", "radio.example", Flows.START);
        Tracked seen = state.observe(event);
        for (int i = 1; i < MORE_THAN_ARE_COUNTED; i++) {
            event = new FlowEvent.Opened(event.flow(), Flows.START + i * 10L * Flows.SECOND);
            seen = state.observe(event);
        }
        assertThat(Agenda.due(seen, event, false, 1)).isTrue();
        Agenda.weighed(seen, 1, false);
        assertThat(Agenda.due(seen, event, false, 1)).isFalse();
    }
}

package io.postern.analytics.attack;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.postern.analytics.DeviceState;
import io.postern.analytics.Flows;
import io.postern.analytics.Tracked;
import io.postern.analytics.context.ContextEvent;
import io.postern.analytics.context.ContextEvent.Lifecycle;
import io.postern.analytics.context.FactKind;
import io.postern.analytics.flow.FlowEvent;
import java.util.EnumSet;
import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

class SightTest {

    private static final String APP = "com.example.radio";
    private static final int CHECK_INS = 300_000;
    private static final int OF_ONE_KIND = 1_000;

    private final DeviceState state = new DeviceState();
    private long ids;

    /** Three in four of them in use. */
    @Test
    void theShareInTheBackgroundStaysWhatItIsHoweverManyCheckInsThereAre() {
        FlowEvent event = Flows.opened(APP, "radio.example", Flows.START);
        Tracked seen = state.observe(event);
        for (int i = 1; i < CHECK_INS; i++) {
            long at = Flows.START + i * 5L * Flows.SECOND;
            if (i % OF_ONE_KIND == 0) {
                tell(at - 2, Optional.empty(), new ContextEvent.Locked(false));
                boolean front = i / OF_ONE_KIND % 4 != 0;
                tell(
                        at - 1,
                        Optional.of(new ContextEvent.App(APP, OptionalLong.empty(), OptionalLong.empty())),
                        new Lifecycle(front ? Lifecycle.State.FOREGROUND : Lifecycle.State.BACKGROUND));
            }
            if (i % 50 == 0) {
                tell(at - 3, Optional.empty(), new ContextEvent.Heartbeat(EnumSet.allOf(FactKind.class)));
            }
            event = new FlowEvent.Opened(event.flow(), at);
            seen = state.observe(event);
        }
        Sight sight = new Sight("device", state, seen, new Peers(100));
        assertThat(sight.quietShare()).isCloseTo(0.25, within(0.03));
    }

    private void tell(long at, Optional<ContextEvent.App> app, ContextEvent.Said said) {
        state.tell(new ContextEvent("e" + ids++, at, "device", "0", app, said, "agent", false));
    }
}

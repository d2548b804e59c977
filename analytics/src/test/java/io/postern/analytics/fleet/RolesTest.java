package io.postern.analytics.fleet;

import static org.assertj.core.api.Assertions.assertThat;

import io.postern.analytics.attack.AppRole;
import io.postern.analytics.context.ContextEvent.Installed;
import io.postern.analytics.flow.Flow;
import io.postern.analytics.flow.FlowEvent;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Iterator;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/** What is written of the enterprise's apps holds until a version comes that those who wrote it had not seen. */
class RolesTest {

    private static final FleetSettings FLEET = FleetSettings.of(4, 40, 3).withImplants(0);

    private static boolean violates(AppRole role, Flow flow) {
        boolean port = role.portsNamed().contains(flow.protocol())
                && !role.ports().test(flow.protocol(), flow.destination().port());
        return port || (role.named() && !role.expects().test(flow.destination()));
    }

    @Test
    void onlyWhatVersionsBringGoesBeyondWhatIsWritten() {
        Set<String> stale = new TreeSet<>();
        for (int device = 0; device < FLEET.devices(); device++) {
            for (Iterator<Happening> all = new Fleet(FLEET).device(device); all.hasNext(); ) {
                if (all.next() instanceof Happening.Flowed flowed
                        && flowed.event() instanceof FlowEvent.Opened opened) {
                    AppRole role = Fleet.roles().apply(opened.flow().tag());
                    if (violates(role, opened.flow())) {
                        assertThat(flowed.cause().behaviour()).contains("since version");
                        stale.add(opened.flow().tag().app());
                    }
                }
            }
        }
        assertThat(stale).contains("com.acme.mail", "com.acme.chat", "example.password.safe");
    }

    @Test
    void aVersionSendsMoreToItsOwnServerThanIsWritten() {
        Map<Long, Long> byDay = new HashMap<>();
        for (int device = 0; device < FLEET.devices(); device++) {
            for (Iterator<Happening> all = new Fleet(FLEET).device(device); all.hasNext(); ) {
                if (all.next() instanceof Happening.Flowed flowed
                        && flowed.event() instanceof FlowEvent.Closed closed
                        && closed.flow().tag().app().equals("com.acme.fieldsync")) {
                    long day = closed.atMillis() / Times.DAY;
                    byDay.merge(day * FLEET.devices() + device, closed.bytesOut(), Long::sum);
                }
            }
        }
        long limit = Roles.all()
                .apply(new Phone(FLEET, 0).apps().get(0).tag.of("com.acme.fieldsync"))
                .uplinkLimit();
        long beyond = byDay.values().stream().filter(bytes -> bytes > limit).count();

        assertThat(beyond).isBetween(3L, byDay.size() / 2L);
    }

    @Test
    void theInventoryKnowsWhenVersionsCame() {
        Set<Long> ages = new HashSet<>();
        FleetSettings oneDay = FleetSettings.of(6, 1, 3).withImplants(0);
        for (int device = 0; device < oneDay.devices(); device++) {
            for (Iterator<Happening> all = new Fleet(oneDay).device(device); all.hasNext(); ) {
                if (all.next() instanceof Happening.Told told && told.event().said() instanceof Installed installed) {
                    long updated = installed.lastUpdateMillis().orElseThrow();
                    ages.add((told.event().timeMillis() - updated + Times.HOUR) / Times.DAY);
                }
            }
        }
        assertThat(ages).allMatch(days -> days >= 0 && days < 14).hasSizeGreaterThan(10);
    }
}

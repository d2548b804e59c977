package io.postern.gateway.inventory;

import static org.assertj.core.api.Assertions.assertThat;

import io.postern.analytics.flow.AppKey;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class TurnsTest {

    private static final int APPS = 20_000;

    private final AtomicLong lookedAt = new AtomicLong();
    private final Turns turns = new Turns(() -> new Counting(lookedAt));

    @Test
    void theDeviceThatHasMostPaysWithWhatWasToldOfLongestAgo() {
        told("LC01", "a");
        told("LC02", "a");
        told("LC02", "b");
        told("LC02", "c");
        told("LC02", "a");
        assertThat(turns.of("LC02")).isEqualTo(3);
        assertThat(turns.first()).contains(key("LC02", "b"));

        turns.gone(key("LC02", "b"));
        turns.gone(key("LC02", "b"));
        told("LC01", "b");
        told("LC01", "c");
        assertThat(turns.first()).contains(key("LC01", "a"));
        assertThat(turns.first("LC02")).contains(key("LC02", "c"));

        for (String app : new String[] {"a", "b", "c"}) {
            turns.gone(key("LC01", app));
            turns.gone(key("LC02", app));
        }
        assertThat(turns.first()).isEmpty();
        assertThat(turns.of("LC01")).isZero();
    }

    /** However many there are, a flood has as many looked at as have to go. */
    @Test
    void whoGoesIsFoundWithoutLookingAtTheOthers() {
        for (int i = 0; i < APPS; i++) {
            told("LC" + i % 100, "app" + i);
        }
        assertThat(lookedAt).hasValue(0);
        for (int i = 0; i < APPS; i++) {
            told("flood" + i % 2, "app" + i);
            turns.gone(turns.first().orElseThrow());
        }
        assertThat(lookedAt).hasValue(APPS);
        assertThat(turns.of("flood0")).isBetween(150, 250);
    }

    private void told(String device, String app) {
        turns.told(key(device, app));
    }

    private static AppKey key(String device, String app) {
        return new AppKey(device, "work", app);
    }

    /** Counts what is looked at in turn. */
    private static final class Counting extends LinkedHashSet<AppKey> {

        private static final long serialVersionUID = 1;

        private final transient AtomicLong lookedAt;

        Counting(AtomicLong lookedAt) {
            this.lookedAt = lookedAt;
        }

        @Override
        public Iterator<AppKey> iterator() {
            Iterator<AppKey> all = super.iterator();
            return new Iterator<>() {
                @Override
                public boolean hasNext() {
                    return all.hasNext();
                }

                @Override
                public AppKey next() {
                    lookedAt.incrementAndGet();
                    return all.next();
                }
            };
        }
    }
}

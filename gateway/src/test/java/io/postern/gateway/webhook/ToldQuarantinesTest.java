package io.postern.gateway.webhook;

import static org.assertj.core.api.Assertions.assertThat;

import io.postern.gateway.quarantine.Quarantine;
import io.postern.gateway.quarantine.Scope;
import io.postern.gateway.state.EmbeddedStore;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ToldQuarantinesTest {

    private static final Quarantine FIRST = begun("LC01");
    private static final Quarantine SECOND = begun("LC02");

    @TempDir
    Path dir;

    @Test
    void whatWasStoredAndNotToldIsToldByTheNextProcess() throws IOException {
        try (EmbeddedStore store = open()) {
            ToldQuarantines told = new ToldQuarantines(store);
            assertThat(told.untold(List.of(FIRST), List.of()))
                    .as("it stood before there was a receiver")
                    .isEmpty();
            store.sync();
        }
        try (EmbeddedStore store = open()) {
            ToldQuarantines told = new ToldQuarantines(store);
            assertThat(told.untold(List.of(FIRST, SECOND), List.of())).containsExactly(SECOND);
            told.told(SECOND);
            assertThat(told.untold(List.of(FIRST, SECOND), List.of())).isEmpty();
        }
    }

    @Test
    void anEndIsToldWhereTheBeginningWas() throws IOException {
        Quarantine over = over("LC01");
        Quarantine nobodyKnew = over("LC02");
        try (EmbeddedStore store = open()) {
            ToldQuarantines told = new ToldQuarantines(store);
            told.untold(List.of(FIRST), List.of());
            assertThat(told.untold(List.of(), List.of(over, nobodyKnew))).containsExactly(over);
            told.told(over);
            assertThat(told.untold(List.of(), List.of(over, nobodyKnew))).isEmpty();
        }
    }

    @Test
    void whatIsNotKnownAnyMoreIsForgotten() throws IOException {
        try (EmbeddedStore store = open()) {
            ToldQuarantines told = new ToldQuarantines(store);
            told.untold(List.of(FIRST), List.of());
            assertThat(told.untold(List.of(), List.of())).isEmpty();
            assertThat(store.table("webhook-quarantines").size()).isEqualTo(1);
        }
    }

    private EmbeddedStore open() throws IOException {
        return EmbeddedStore.open(dir.resolve("store"));
    }

    private static Quarantine begun(String device) {
        return quarantine(device, Optional.empty());
    }

    private static Quarantine over(String device) {
        return quarantine(device, Optional.of(new Quarantine.End(5, "ann", "harmless")));
    }

    private static Quarantine quarantine(String device, Optional<Quarantine.End> end) {
        Scope scope = new Scope(device, Optional.empty(), Optional.empty());
        return new Quarantine("q-" + device, scope, "ann", false, "looks odd", 1, 1_000, 0, end);
    }
}

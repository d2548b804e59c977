package io.postern.analytics.sketch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PrevalenceTest {

    private final Prevalence prevalence = new Prevalence(1_000);

    @ParameterizedTest
    @ValueSource(ints = {1, 8, 9, 100, 20_000})
    void countsDevices(int devices) {
        for (int again = 0; again < 2; again++) {
            for (int i = 0; i < devices; i++) {
                prevalence.seen("device" + i, "app" + i % 2, "www.example");
            }
        }
        long within = devices <= 8 ? 0 : devices / 5;
        assertThat(prevalence.devices("www.example")).isBetween(devices - within, devices + within);
        assertThat(prevalence.devices()).isBetween(devices - within, devices + within);
        long half = (devices + 1L) / 2;
        assertThat(prevalence.devices("app0", "www.example")).isBetween(half - within, half + within);
        assertThat(prevalence.devices("other.example")).isZero();
    }

    @Test
    void forgetsTheRareFirst() {
        for (int device = 0; device < 50; device++) {
            prevalence.seen("device" + device, "app", "common.example");
        }
        for (int i = 0; i < 100_000; i++) {
            prevalence.seen("device" + i % 50, "app", "rare" + i + ".example");
        }
        assertThat(prevalence.devices("common.example")).isBetween(45L, 55L);
        assertThat(prevalence.evicted()).isGreaterThan(190_000);
        Prevalence.Snapshot snapshot = prevalence.snapshot();
        assertThat(snapshot.share("common.example")).isBetween(0.9, 1.0);
        assertThat(snapshot.share("app", "common.example")).isBetween(0.9, 1.0);
        assertThat(snapshot.share("rare99999.example")).isZero();
    }

    @Test
    void joinsAndIsReadAsItWasWritten() throws IOException {
        Prevalence other = new Prevalence(1_000);
        for (int i = 0; i < 300; i++) {
            prevalence.seen("device" + i, "app", "a.example");
            other.seen("device" + (i + 200), "app", "a.example");
        }
        prevalence.join(other);
        prevalence.join(other);
        assertThat(prevalence.devices("a.example")).isBetween(430L, 570L);
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        prevalence.writeTo(new DataOutputStream(bytes));
        Prevalence read = Prevalence.readFrom(in(bytes), 1_000);
        assertThat(read.devices("app", "a.example")).isEqualTo(prevalence.devices("app", "a.example"));
        assertThat(read.devices()).isEqualTo(prevalence.devices());
        prevalence.seen("d", "e", "f");
        ByteArrayOutputStream more = new ByteArrayOutputStream();
        for (int i = 0; i < 10; i++) {
            prevalence.seen("d", "e", "f" + i);
        }
        prevalence.writeTo(new DataOutputStream(more));
        assertThatThrownBy(() -> Prevalence.readFrom(in(more), 10)).isInstanceOf(IOException.class);
    }

    private static DataInputStream in(ByteArrayOutputStream bytes) {
        return new DataInputStream(new ByteArrayInputStream(bytes.toByteArray()));
    }
}

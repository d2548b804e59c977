package io.postern.analytics.sketch;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import org.junit.jupiter.api.Test;

class DistinctTest {

    @Test
    void whatIsRemovedIsCountedNoMoreAndLeavesNothingBehind() throws IOException {
        Distinct distinct = new Distinct();
        distinct.add("one");
        distinct.add("two");
        byte[] before = bytes(distinct);
        distinct.add("three");
        assertThat(distinct.remove("three")).isTrue();
        assertThat(distinct.remove("three")).isFalse();
        assertThat(distinct.count()).isEqualTo(2);
        assertThat(bytes(distinct)).isEqualTo(before);

        assertThat(distinct.remove("one")).isTrue();
        assertThat(distinct.add("two")).isFalse();
        assertThat(distinct.add("one")).isTrue();
        assertThat(distinct.count()).isEqualTo(2);
    }

    @Test
    void fromMoreThanEightNothingIsRemoved() {
        Distinct distinct = new Distinct();
        for (int thing = 0; thing < 9; thing++) {
            distinct.add("thing " + thing);
        }
        assertThat(distinct.exact()).isFalse();
        long before = distinct.count();
        assertThat(distinct.remove("thing 0")).isFalse();
        assertThat(distinct.count()).isEqualTo(before);
    }

    private static byte[] bytes(Distinct distinct) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        distinct.writeTo(new DataOutputStream(bytes));
        return bytes.toByteArray();
    }
}

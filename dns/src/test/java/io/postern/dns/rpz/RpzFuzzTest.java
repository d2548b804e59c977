package io.postern.dns.rpz;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.postern.dns.names.DomainPattern;
import io.postern.dns.names.Listed;
import io.postern.wire.ip.Prefix;

/** Whatever a zone holds, all of it is read or skipped, and what is skipped has a place. */
class RpzFuzzTest {

    @FuzzTest
    void readsAnything(byte[] zone) {
        int lines = 1;
        for (byte each : zone) {
            lines += each == '\n' ? 1 : 0;
        }
        int last = lines;
        int[] told = new int[1];
        int entries = RpzReader.read(zone, Integer.MAX_VALUE - 1, new RpzReader.Sink() {
            @Override
            public void name(DomainPattern pattern, Listed listed) {
                told[0]++;
                assertThat(DomainPattern.parse(pattern.toString())).contains(pattern);
                assertThat(listed.addresses().isEmpty()).isEqualTo(listed.told() != Listed.Told.ADDRESSES);
            }

            @Override
            public void address(Prefix prefix, Listed listed) {
                told[0]++;
                assertThat(Prefix.parse(prefix.toString())).isEqualTo(prefix);
            }

            @Override
            public void client(Prefix prefix, Listed listed) {
                address(prefix, listed);
            }

            @Override
            public void skipped(int line, String why) {
                told[0]++;
                assertThat(line).isBetween(1, last);
                assertThat(why).isNotEmpty();
            }
        });
        assertThat(entries).isEqualTo(told[0]);
    }
}

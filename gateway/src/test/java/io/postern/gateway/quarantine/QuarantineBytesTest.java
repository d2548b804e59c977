package io.postern.gateway.quarantine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.Arrays;
import java.util.HexFormat;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** What a state of any version has on its disk is read by later ones. */
class QuarantineBytesTest {

    /** As version 1 wrote it, field by field. */
    private static final byte[] RELEASED = HexFormat.of()
            .parseHex(
                    "01" // version
                            + "0003712d31" // q-1
                            + "00044c433031" // LC01
                            + "0004776f726b" // work
                            + "0000" // every app
                            + "0003626f62" // bob
                            + "00" // by a person
                            + "00036f6464" // odd
                            + "00000000000003e8" // since 1000
                            + "00000000000007d0" // until 2000
                            + "0000000000000003" // hits
                            + "01" // ended
                            + "00000000000005dc" // at 1500
                            + "0003616e6e" // ann
                            + "000466696e65"); // fine

    @Test
    void versionOneIsRead() {
        Quarantine expected = new Quarantine(
                "q-1",
                new Scope("LC01", Optional.of("work"), Optional.empty()),
                "bob",
                false,
                "odd",
                1_000,
                2_000,
                3,
                Optional.of(new Quarantine.End(1_500, "ann", "fine")));
        assertThat(QuarantineBytes.read(RELEASED)).isEqualTo(expected);
        assertThat(QuarantineBytes.write(expected)).isEqualTo(RELEASED);
    }

    @Test
    void whatIsCutOrOfAnotherVersionIsRefused() {
        for (int length = 0; length < RELEASED.length; length++) {
            byte[] cut = Arrays.copyOf(RELEASED, length);
            assertThatIllegalArgumentException().isThrownBy(() -> QuarantineBytes.read(cut));
        }
        byte[] later = RELEASED.clone();
        later[0] = 2;
        assertThatIllegalArgumentException().isThrownBy(() -> QuarantineBytes.read(later));
    }
}

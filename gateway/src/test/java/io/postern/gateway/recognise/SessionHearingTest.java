package io.postern.gateway.recognise;

import static org.assertj.core.api.Assertions.assertThat;

import io.postern.analytics.flow.Basis;
import io.postern.analytics.flow.Protocol;
import io.postern.gateway.flows.Learner;
import io.postern.gateway.flows.MemoryBudget;
import io.postern.gateway.flows.Recognised;
import io.postern.tls.quic.Initials;
import io.postern.tls.watch.Side;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What a session of datagrams is known as, whatever its client hides it behind. */
class SessionHearingTest {

    private static final int QUIC_1 = 1;
    private static final byte[] OTHER_ID = {1, 2, 3, 4, 5, 6, 7, 8};

    private final MemoryBudget budget = new MemoryBudget(1 << 20, () -> {});
    private final DatagramSniffers sniffers = new DatagramSniffers(budget, Runnable::run);
    private final Told flow = new Told();
    private final SessionHearing hearing = sniffers.hear(flow, 443, 0);

    private static final class Told implements Learner {

        private Recognised recognised = Recognised.unknown(Basis.END);

        @Override
        public Recognised recognised() {
            return recognised;
        }

        @Override
        public void learnt(Recognised more) {
            recognised = more;
        }

        @Override
        public void later(Runnable what) {
            what.run();
        }
    }

    @AfterEach
    void nothingIsLeftHeld() {
        hearing.close();
        assertThat(budget.held()).isZero();
    }

    @Test
    void anInitialTellsItsHello() {
        client(Initials.client(QUIC_1, Initials.ID, 0, Initials.RFC_FRAME));

        assertThat(flow.recognised.protocol()).isEqualTo(Protocol.QUIC);
        assertThat(flow.recognised.claimedName()).contains("example.com");
        assertThat(flow.recognised.spoken().quicVersion()).contains("1");
        assertThat(flow.recognised
                        .tls()
                        .orElseThrow()
                        .hello()
                        .orElseThrow()
                        .ja4()
                        .orElseThrow())
                .startsWith("q13d");
    }

    /** The name of the one before would hide it. */
    @Test
    void anotherConnectionBetweenTheSameEndsIsReadToo() {
        client(Initials.client(QUIC_1, Initials.ID, 0, Initials.RFC_FRAME));
        client(Initials.client(QUIC_1, OTHER_ID, 0, named("blocked.com")));

        assertThat(flow.recognised.claimedName()).contains("blocked.com");
    }

    /** RFC 9000 section 14.1: servers drop it. */
    @Test
    void anInitialInAShortDatagramIsNotBelieved() {
        client(Arrays.copyOf(Initials.client(QUIC_1, Initials.ID, 0, Initials.RFC_FRAME), 1199));
        client(Initials.client(QUIC_1, OTHER_ID, 0, named("blocked.com")));

        assertThat(flow.recognised.claimedName()).contains("blocked.com");
    }

    /** As many as are tried of one connection, and the real one behind them. */
    @Test
    void initialsThatNobodyCanOpenHideNoOther() {
        for (int i = 0; i < 200; i++) {
            byte[] junk = Initials.client(QUIC_1, new byte[] {9, 9, 9, 9, 9, 9, 9, (byte) i}, 0, Initials.RFC_FRAME);
            junk[100] ^= 1;
            client(junk);
        }
        client(Initials.client(QUIC_1, OTHER_ID, 0, named("blocked.com")));

        assertThat(flow.recognised.claimedName()).contains("blocked.com");
    }

    @Test
    void wireGuardIsKnownBehindWhateverWasSentFirst() {
        client(HexFormat.of().parseHex("000100002112a442" + "00".repeat(12)));
        assertThat(flow.recognised.protocol()).isEqualTo(Protocol.STUN);
        byte[] initiation = new byte[148];
        initiation[0] = 1;
        client(initiation);

        assertThat(flow.recognised.protocol()).isEqualTo(Protocol.WIREGUARD);
    }

    @Test
    void nothingIsMadeOfAnEmptyDatagram() {
        client(new byte[0]);

        assertThat(flow.recognised).isEqualTo(Recognised.unknown(Basis.NO_MATCH));
    }

    private void client(byte[] datagram) {
        hearing.datagram(Side.CLIENT, ByteBuffer.wrap(datagram));
    }

    /** The RFC's hello for another name of as many letters. */
    private static byte[] named(String name) {
        byte[] frame = Initials.RFC_FRAME.clone();
        String text = new String(frame, StandardCharsets.ISO_8859_1);
        byte[] letters = name.getBytes(StandardCharsets.US_ASCII);
        System.arraycopy(letters, 0, frame, text.indexOf("example.com"), letters.length);
        return frame;
    }
}

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

    /** A server passes over a packet that it has no keys for, and reads the next (RFC 9000 section 12.2). */
    @Test
    void anInitialBehindAnotherPacketIsReadToo() {
        client(Initials.client(QUIC_1, Initials.ID, 0, Initials.RFC_FRAME));
        byte[] initial = Initials.client(QUIC_1, OTHER_ID, 0, named("blocked.com"));
        byte[] handshake = HexFormat.of()
                .parseHex("e00000000108" + HexFormat.of().formatHex(OTHER_ID) + "00 04 01020304".replace(" ", ""));
        byte[] both = ByteBuffer.allocate(handshake.length + initial.length)
                .put(handshake)
                .put(initial)
                .array();

        assertThat(DatagramSniffers.worthwhile(Side.CLIENT, both[0] & 0xFF, 20, flow.recognised))
                .isTrue();
        client(both);

        assertThat(flow.recognised.claimedName()).contains("blocked.com");
    }

    @Test
    void whatMayBeginAHandshakeIsTold() {
        assertThat(begins(Initials.client(QUIC_1, Initials.ID, 0, Initials.RFC_FRAME)))
                .isTrue();
        assertThat(begins(dtls("01", hello("a.example")))).isTrue();
        assertThat(begins(dtls("02", hello("a.example")))).isFalse();
        assertThat(begins(HexFormat.of().parseHex("17fefd0001000000000000000101")))
                .isFalse();
        assertThat(begins(HexFormat.of().parseHex("e000000001000004010203"))).isFalse();
        assertThat(begins(new byte[0])).isFalse();
    }

    private static boolean begins(byte[] datagram) {
        return DatagramSniffers.begins(ByteBuffer.wrap(datagram));
    }

    /** Its server drops the record of data, for which it has no keys. */
    @Test
    void aHelloOfDtlsBehindDataIsReadToo() {
        client(dtls("01", hello("a.example")));
        assertThat(flow.recognised.protocol()).isEqualTo(Protocol.DTLS);
        client(HexFormat.of().parseHex("17fefd0001000000000000000101"));
        client(dtls("01", hello("b.example")));

        assertThat(flow.recognised.claimedName()).contains("b.example");
    }

    /** The body of a ClientHello without cookie, of one suite and this name. */
    private static byte[] hello(String name) {
        byte[] letters = name.getBytes(StandardCharsets.US_ASCII);
        int length = letters.length;
        return ByteBuffer.allocate(53 + length)
                .put(HexFormat.of().parseHex("fefd" + "22".repeat(32) + "0000" + "0002c02b" + "0100"))
                .putShort((short) (9 + length))
                .putShort((short) 0)
                .putShort((short) (5 + length))
                .putShort((short) (3 + length))
                .put((byte) 0)
                .putShort((short) length)
                .put(letters)
                .array();
    }

    /** One record with one whole message. */
    private static byte[] dtls(String type, byte[] body) {
        return ByteBuffer.allocate(25 + body.length)
                .put(HexFormat.of().parseHex("16fefd0000000000000001"))
                .putShort((short) (12 + body.length))
                .putInt(Integer.parseInt(type) << 24 | body.length)
                .putInt(0)
                .put((byte) 0)
                .put((byte) 0)
                .putShort((short) body.length)
                .put(body)
                .array();
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

package io.postern.tls.quic;

import static org.assertj.core.api.Assertions.assertThat;

import io.postern.tls.Heard;
import io.postern.tls.TestingBudget;
import io.postern.tls.fingerprint.Ja4;
import io.postern.tls.hello.Hellos;
import io.postern.tls.watch.Side;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class QuicWatchTest {

    private static final int V1 = QuicVersions.VERSION_1;
    private static final InitialCipher CIPHER = new InitialCipher();

    private final Heard heard = new Heard();
    private final TestingBudget budget = new TestingBudget(1 << 20);
    private final QuicWatch watch = new QuicWatch(QuicSettings.DEFAULTS, budget, CIPHER, heard);

    @ParameterizedTest
    @ValueSource(
            ints = {1, 0x6b3343cf, 0x709a50c4, 0xff00001d, 0xff00001b, 0xff000017, 0xff000016, 0xff000022, 0xfaceb002})
    void hearsBothHellos(int version) {
        client(Initials.client(version, Initials.ID, 0, Initials.RFC_FRAME));
        assertThat(watch.wants(Side.CLIENT)).isFalse();
        server(Initials.server(version, Initials.ID, 0, Initials.RFC_ANSWER));
        assertThat(heard.lines).hasSize(3);
        assertThat(heard.lines.get(0)).isEqualTo(QuicVersions.name(version) + " by OPENED");
        assertThat(heard.lines.get(1)).startsWith("client hello example.com ");
        assertThat(heard.lines.get(2)).isEqualTo("server hello 1.3");
        assertThat(new Ja4().of(heard.clientHellos.get(0), Ja4.Transport.QUIC)).startsWith("q13d0211an_");
        assertThat(watch.wants(Side.SERVER)).isFalse();
        assertThat(budget.taken()).isZero();
    }

    /** Chromium's manner: small frames, shuffled, over several Initials, some of them repeated. */
    @Test
    void orderAndRepetitionDoNotMatter() {
        byte[] hello = postQuantumHello();
        Random random = new Random(5);
        for (int i = 0; i < 100; i++) {
            List<byte[]> frames = new ArrayList<>(Initials.cryptos(hello, 60 + random.nextInt(500)));
            frames.add(frames.get(0));
            Collections.shuffle(frames, random);
            Heard shuffled = new Heard();
            QuicWatch watching = new QuicWatch(QuicSettings.DEFAULTS, budget, CIPHER, shuffled);
            int number = 0;
            for (byte[] frame : frames) {
                watching.feed(
                        Side.CLIENT,
                        ByteBuffer.wrap(Initials.client(V1, Initials.ID, number++, Initials.join(new byte[3], frame))));
                assertThat(watching.held()).isEqualTo(budget.taken());
            }
            assertThat(shuffled.lines)
                    .containsExactly(
                            "1 by OPENED",
                            "client hello bench.example.com "
                                    + shuffled.lines.get(1).substring("client hello bench.example.com ".length()));
            assertThat(budget.taken()).isZero();
        }
    }

    @Test
    void aPostQuantumHelloTakesTwoPackets() {
        byte[] hello = postQuantumHello();
        client(Initials.client(V1, Initials.ID, 0, Initials.crypto(hello, 0, 1100)));
        assertThat(heard.lines).containsExactly("1 by OPENED");
        assertThat(budget.taken()).isBetween(1100, 2048);
        assertThat(watch.incomplete()).isTrue();
        client(Initials.client(V1, Initials.ID, 1, Initials.crypto(hello, 1100, hello.length - 1100)));
        assertThat(heard.clientHellos).hasSize(1);
        assertThat(heard.clientHellos.get(0).postQuantum()).isTrue();
        assertThat(watch.incomplete()).isFalse();
        assertThat(budget.taken()).isZero();
    }

    @Test
    void coalescedPacketsAreReadAndReadPast() {
        byte[] hello = Arrays.copyOfRange(Initials.RFC_FRAME, 4, Initials.RFC_FRAME.length);
        byte[] first = Initials.client(V1, Initials.ID, 0, Initials.crypto(hello, 100, hello.length - 100));
        byte[] second = Initials.client(V1, Initials.ID, 1, Initials.crypto(hello, 0, 100));
        byte[] early = Hellos.hex("d0 00000001 08 8394c8f03e515708 00 4020" + "55".repeat(32));
        client(Initials.join(first, early, second, new byte[50]));
        assertThat(heard.clientHellos).hasSize(1);
    }

    @Test
    void otherFramesAreReadPast() {
        byte[] frames =
                Initials.join(Hellos.hex("01 02 05 4064 01 00 01 02 03 05 00 00 00 01 02 03 00"), Initials.RFC_FRAME);
        client(Initials.client(V1, Initials.ID, 0, frames));
        assertThat(heard.clientHellos).hasSize(1);
    }

    /** RFC 9001 appendix A.4: the keys are made from the Retry's source id from then on. */
    @Test
    void aRetryBeginsAgain() {
        byte[] retried = Hellos.hex("f067a5502a4262b5");
        client(Initials.client(V1, Initials.ID, 0, Initials.RFC_FRAME));
        server(Hellos.hex("ff000000010008f067a5502a4262b5746f6b656e04a265ba2eff4d829058fb3f0f2496ba"));
        server(Hellos.hex("ff000000010008f067a5502a4262b6746f6b656e04a265ba2eff4d829058fb3f0f2496ba"));
        client(Initials.client(V1, retried, 1, Initials.RFC_FRAME));
        server(Initials.server(V1, retried, 0, Initials.RFC_ANSWER));
        assertThat(heard.lines.get(2)).isEqualTo("retry");
        assertThat(heard.lines.get(3)).isEqualTo(heard.lines.get(1));
        assertThat(heard.lines.get(4)).isEqualTo("server hello 1.3");
    }

    @Test
    void aRetryThatWasMissedIsSeenByItsOtherKeys() {
        byte[] hello = postQuantumHello();
        client(Initials.client(V1, Initials.ID, 0, Initials.crypto(hello, 0, 1100)));
        client(Initials.client(V1, Initials.SERVER_ID, 1, Initials.crypto(hello, 0, 1100)));
        client(Initials.client(V1, Initials.SERVER_ID, 2, Initials.crypto(hello, 1100, hello.length - 1100)));
        assertThat(heard.clientHellos).hasSize(1);
    }

    @Test
    void aNegotiationBeginsAgain() {
        client(Initials.client(V1, Initials.ID, 0, Initials.RFC_FRAME));
        server(Hellos.hex("80 00000000 00 08 8394c8f03e515708 6b3343cf 0a1a2a3a"));
        client(Initials.client(QuicVersions.VERSION_2, Initials.SERVER_ID, 0, Initials.RFC_FRAME));
        assertThat(heard.lines.get(2)).isEqualTo("version negotiation");
        assertThat(heard.lines.get(3)).isEqualTo("2 by OPENED");
        assertThat(heard.clientHellos).hasSize(2);
    }

    /** RFC 9368 section 2.3. */
    @Test
    void theServerMayAnswerInAnotherVersion() {
        client(Initials.client(V1, Initials.ID, 0, Initials.RFC_FRAME));
        server(Initials.server(QuicVersions.VERSION_2, Initials.ID, 0, Initials.RFC_ANSWER));
        assertThat(heard.lines.subList(2, 4)).containsExactly("2 by OPENED", "server hello 1.3");
    }

    @Test
    void afterARetryRequestOfTlsTheClientIsWantedAgain() {
        byte[] hello = Arrays.copyOfRange(Initials.RFC_FRAME, 4, Initials.RFC_FRAME.length);
        byte[] twice = Initials.join(hello, hello);
        byte[] request = Hellos.hex("02 00003a 0303 cf21ad74e59a6111be1d8c021e65b891c2a211167abb8c5e079e09e2c8a8339c"
                + "00 1301 00 0010 0033 0002 0017 002b 0002 0304 fff0 0000");
        request[3] = (byte) (request.length - 4);
        client(Initials.client(V1, Initials.ID, 0, Initials.crypto(twice, 0, hello.length)));
        server(Initials.server(V1, Initials.ID, 0, Initials.crypto(request, 0, request.length)));
        assertThat(heard.lines).hasSize(3);
        assertThat(heard.lines.get(2)).isEqualTo("retry request 1.3");
        client(Initials.client(V1, Initials.ID, 1, Initials.crypto(twice, hello.length, hello.length)));
        assertThat(heard.clientHellos).hasSize(2);
    }

    /** RFC 9287: a client said that it takes both. */
    @Test
    void theFixedBitMayBeGreased() {
        client(Initials.client(V1, Initials.ID, 0, Initials.RFC_FRAME));
        server(Initials.greased(Initials.ID, Initials.RFC_ANSWER));
        assertThat(heard.serverHellos).hasSize(1);
    }

    @Test
    void aRefusalIsTold() {
        client(Initials.client(V1, Initials.ID, 0, Initials.RFC_FRAME));
        server(Initials.server(V1, Initials.ID, 0, Hellos.hex("1c 4128 06 00")));
        assertThat(heard.lines.get(2)).isEqualTo("closed by SERVER 296");
        assertThat(watch.wants(Side.SERVER)).isFalse();
    }

    @Test
    void onlyTheServerWasSeen() {
        byte[] answer = Initials.server(V1, Initials.ID, 0, Initials.RFC_ANSWER);
        server(Initials.join(answer, Hellos.hex("e0 00000001 00 08 f067a5502a4262b5 4020" + "55".repeat(32))));
        assertThat(heard.lines).containsExactly("1 by SHAPE");
    }

    @ParameterizedTest
    @CsvSource({
        "09 8394c8f03e515708 51303433 01 55555555, Q043 by SHAPE",
        "c3 51303436 50 8394c8f03e515708 00000001, Q046 by SHAPE",
        "80 00000000 00 08 8394c8f03e515708 00000001, 0x00000000 by SHAPE",
        "08 8394c8f03e515708 01 000102030405060708090a0b 400103 a001005b 52454a00 0700 0000"
                + " 53544b00 38000000 534e4f00 6c000000 50524f46 6c010000, Q000 by SHAPE"
    })
    void isRecognisedByItsShape(String hex, String line) {
        server(Hellos.hex(hex));
        assertThat(heard.lines).containsExactly(line);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "c0",
                "40 0000000000000000000000000000000000000000",
                "c3 00000002 08 8394c8f03e515708 00 00 00",
                "c3 00000001 08 8394c8f03e515708 00 00 4020 0102",
                "c3 00000001 15 8394c8f03e5157088394c8f03e5157088394c8f03e 00 00 20",
                "f0 00000001 00 08 f067a5502a4262b5 746f6b656e04a265ba2eff4d829058fb3f0f2496ba",
                "80 00000000 00 08 8394c8f03e515708 01020304",
                "16 fefd 0000 000000000000 0010",
                // Tags that do not ascend, too few of them, and a message cut before its third.
                "08 8394c8f03e515708 01 000102030405060708090a0b 52454a00 0700 0000"
                        + " 534e4f00 38000000 53544b00 6c000000 50524f46 6c010000",
                "08 8394c8f03e515708 01 000102030405060708090a0b 52454a00 0200 0000"
                        + " 53544b00 38000000 534e4f00 6c000000 50524f46 6c010000",
                "08 8394c8f03e515708 01 000102030405060708090a0b 52454a00 0700 0000 53544b00 38000000 534e4f00 6c000000",
                "08 8394c8f03e515708 01 00"
            })
    void isNotRecognised(String hex) {
        server(Hellos.hex(hex));
        assertThat(watch.recognised()).isFalse();
    }

    @Test
    void noiseIsNotQuic() {
        Random random = new Random(3);
        byte[] noise = new byte[1200];
        QuicSettings many = new QuicSettings(1 << 16, 1024);
        for (int i = 0; i < 20; i++) {
            QuicWatch watching = new QuicWatch(many, budget, CIPHER, heard);
            for (int datagram = 0; datagram < 500; datagram++) {
                random.nextBytes(noise);
                noise[0] |= (byte) 0xC0;
                watching.feed(Side.CLIENT, ByteBuffer.wrap(noise));
            }
        }
        assertThat(heard.lines).isEmpty();
    }

    @Test
    void limitsAreKept() {
        QuicWatch few = new QuicWatch(new QuicSettings(512, 4), budget, CIPHER, heard);
        for (int number = 0; number < 5; number++) {
            byte[] datagram = Initials.client(V1, Initials.ID, number, new byte[] {1});
            few.feed(Side.CLIENT, ByteBuffer.wrap(datagram));
        }
        assertThat(few.wants(Side.CLIENT) || few.wants(Side.SERVER)).isFalse();

        QuicWatch small = new QuicWatch(new QuicSettings(512, 9), budget, CIPHER, heard);
        byte[] hello = postQuantumHello();
        small.feed(Side.CLIENT, ByteBuffer.wrap(Initials.client(V1, Initials.ID, 0, Initials.crypto(hello, 500, 100))));
        assertThat(heard.lines).last().isEqualTo("malformed CLIENT: " + CryptoStream.TOO_LONG);

        QuicWatch poor = new QuicWatch(QuicSettings.DEFAULTS, new TestingBudget(100), CIPHER, heard);
        poor.feed(Side.CLIENT, ByteBuffer.wrap(Initials.client(V1, Initials.ID, 0, Initials.crypto(hello, 500, 100))));
        assertThat(heard.lines).last().isEqualTo("malformed CLIENT: " + CryptoStream.NO_ROOM);
        assertThat(budget.taken()).isZero();
    }

    @Test
    void anotherMessageIsMalformed() {
        client(Initials.client(V1, Initials.ID, 0, Hellos.hex("06 00 04 08000000")));
        assertThat(heard.lines).last().isEqualTo("malformed CLIENT: " + QuicWatch.NO_CLIENT_HELLO);
    }

    private static byte[] postQuantumHello() {
        byte[] record = Hellos.recorded("chromium-like");
        return Arrays.copyOfRange(record, 5, record.length);
    }

    private void client(byte[] datagram) {
        watch.feed(Side.CLIENT, ByteBuffer.wrap(datagram));
    }

    private void server(byte[] datagram) {
        watch.feed(Side.SERVER, ByteBuffer.wrap(datagram));
    }
}

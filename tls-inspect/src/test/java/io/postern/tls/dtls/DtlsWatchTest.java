package io.postern.tls.dtls;

import static org.assertj.core.api.Assertions.assertThat;

import io.postern.tls.Engines;
import io.postern.tls.Engines.Said;
import io.postern.tls.Heard;
import io.postern.tls.TestingBudget;
import io.postern.tls.fingerprint.Ja3;
import io.postern.tls.fingerprint.Ja4;
import io.postern.tls.hello.Hellos;
import io.postern.tls.hello.TlsSettings;
import io.postern.tls.watch.Side;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DtlsWatchTest {

    private static final String BODY = "fefd" + "22".repeat(32)
            + "00 00 0004 c02b c02f 01 00 0015 0017 0000 000a 0004 0002 001d 002b 0005 04 fefd fefc";

    private final Heard heard = new Heard();
    private final TestingBudget budget = new TestingBudget(1 << 20);
    private final DtlsWatch watch = new DtlsWatch(TlsSettings.DEFAULTS, budget, heard);

    /** With 16 KiB a message each; with 300 bytes even a hello is cut. The JDK's server asks for a cookie first. */
    @ParameterizedTest
    @ValueSource(ints = {16384, 300})
    void hearsWhatTheJdkSays(int packet) throws Exception {
        for (Said each : Engines.dtls("DTLSv1.2", packet)) {
            boolean records = watch.feed(each.by(), each.bytes());
            assertThat(records).isTrue();
            assertThat(watch.held()).isEqualTo(budget.taken());
        }
        assertThat(heard.lines).hasSize(6);
        assertThat(heard.lines.get(0)).startsWith("client hello origin.example").isEqualTo(heard.lines.get(1));
        assertThat(heard.lines.subList(2, 6))
                .containsExactly("server hello DTLS 1.2", "certificate 1 of 1", "data of CLIENT", "data of SERVER");
        assertThat(heard.serverHellos.get(0).alpn()).contains("h2");
        assertThat(new Ja4().of(heard.clientHellos.get(0), Ja4.Transport.DTLS)).matches("dd2d[0-9]{4}h2_.*");
        assertThat(watch.wants(Side.CLIENT) || watch.wants(Side.SERVER)).isFalse();
        assertThat(budget.taken()).isZero();
    }

    @Test
    void readsTheFieldsOfDtls() {
        assertThat(watch.feed(Side.CLIENT, datagram(fragment(0, BODY, 0, size(BODY)))))
                .isTrue();
        assertThat(heard.clientHellos.get(0).highestVersion()).isEqualTo("DTLS 1.3");
        assertThat(Ja3.text(heard.clientHellos.get(0))).isEqualTo("65277,49195-49199,23-10-43,29,");
        assertThat(new Ja4().of(heard.clientHellos.get(0), Ja4.Transport.DTLS)).startsWith("dd3i020300_");
    }

    @Test
    void orderAndRepetitionDoNotMatter() {
        Random random = new Random(9);
        for (int i = 0; i < 200; i++) {
            List<byte[]> fragments = new ArrayList<>();
            int most = 1 + random.nextInt(30);
            for (int at = 0; at < size(BODY); at += most) {
                fragments.add(fragment(0, BODY, at, Math.min(most + random.nextInt(5), size(BODY) - at)));
            }
            fragments.add(fragments.get(0));
            Collections.shuffle(fragments, random);
            Heard shuffled = new Heard();
            DtlsWatch watching = new DtlsWatch(TlsSettings.DEFAULTS, budget, shuffled);
            while (!fragments.isEmpty()) {
                int together = Math.min(1 + random.nextInt(3), fragments.size());
                byte[][] records = fragments.subList(0, together).toArray(byte[][]::new);
                fragments.subList(0, together).clear();
                watching.feed(Side.CLIENT, datagram(records));
            }
            assertThat(Set.copyOf(shuffled.lines)).hasSize(1);
            watching.close();
            assertThat(budget.taken()).isZero();
        }
    }

    @Test
    void aFragmentOutsideItsMessageIsMalformed() {
        byte[] fragment = fragment(0, BODY, 0, size(BODY));
        fragment[8] = 1;
        watch.feed(Side.CLIENT, datagram(fragment));
        assertThat(heard.lines).containsExactly("malformed CLIENT: " + Fragments.FRAGMENT);
    }

    /** Receivers drop what is no record and go by the rest, RFC 6347 section 4.1.2.7. */
    @Test
    void whatIsNoRecordHidesNoHello() {
        byte[] fragment = fragment(0, BODY, 0, size(BODY));
        ByteBuffer hello = datagram(fragment);
        ByteBuffer padded = ByteBuffer.allocate(hello.remaining() + 3)
                .put(hello)
                .put(new byte[] {9, 9, 9})
                .flip();

        assertThat(watch.feed(Side.CLIENT, padded)).isTrue();
        assertThat(heard.lines).hasSize(1);
    }

    /** A record of data, a warning turned fatal, a fragment that does not fit: in front of the hello in one datagram. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "17 fefd 0001 000000000000 0001 01",
                "15 fefd 0000 000000000000 0002 0228",
                "16 fefd 0000 000000000000 000d 01 000001 0000 000001 000001 00"
            })
    void whatIsDroppedHidesNoHelloBehindIt(String hex) {
        ByteBuffer hello = datagram(fragment(0, BODY, 0, size(BODY)));
        byte[] before = Hellos.hex(hex);
        watch.feed(
                Side.CLIENT,
                ByteBuffer.allocate(before.length + hello.remaining())
                        .put(before)
                        .put(hello)
                        .flip());

        assertThat(heard.clientHellos).hasSize(1);
        assertThat(watch.wants(Side.CLIENT)).isFalse();
    }

    /** An end that keeps no state before it has seen a cookie goes by either. */
    @Test
    void anotherHelloWithTheSameNumberIsToldToo() {
        String other = BODY.replace("c02f", "c030");
        watch.feed(Side.CLIENT, datagram(fragment(0, BODY, 0, size(BODY))));
        watch.feed(Side.CLIENT, datagram(fragment(0, other, 40, size(other) - 40)));
        watch.feed(Side.CLIENT, datagram(fragment(0, other, 0, 40)));

        assertThat(heard.clientHellos).hasSize(2);
        assertThat(heard.clientHellos.get(1).cipherSuites().contains(0xC030)).isTrue();
    }

    @Test
    void limitsAreKept() {
        watch.feed(Side.CLIENT, datagram(Hellos.hex("01 ffffff 0000 000000 000001 00")));
        assertThat(heard.lines).containsExactly("malformed CLIENT: " + Fragments.TOO_LONG);
        DtlsWatch poor = new DtlsWatch(TlsSettings.DEFAULTS, new TestingBudget(10), heard);
        poor.feed(Side.CLIENT, datagram(fragment(0, BODY, 0, 20)));
        assertThat(heard.lines).last().isEqualTo("malformed CLIENT: " + Fragments.NO_ROOM);
    }

    @Test
    void moreMessagesThanAreHeldPushOutTheOldest() {
        for (int number = 0; number < 20; number++) {
            watch.feed(Side.CLIENT, datagram(fragment(number, BODY, 0, 20)));
        }
        assertThat(watch.held()).isEqualTo(budget.taken()).isLessThan(4096);
        watch.close();
        assertThat(budget.taken()).isZero();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "16 fefd 0000 000000000000 0001",
                "16 fefd 0000 000000000000 0000",
                "16 0303 0000 000000000000 0001 01",
                "13 fefd 0000 000000000000 0001 01",
                "17 fefd 0001 000000000000 0001 01 00",
                "2c 0001 0010 01020304050607080910111213141516"
            })
    void isNoDtls(String hex) {
        assertThat(watch.feed(Side.SERVER, ByteBuffer.wrap(Hellos.hex(hex)))).isFalse();
        assertThat(heard.lines).isEmpty();
    }

    @Test
    void recordsOf13CountOnlyAfterOthers() {
        watch.feed(Side.CLIENT, datagram(fragment(0, BODY, 0, size(BODY))));
        assertThat(watch.feed(Side.SERVER, ByteBuffer.wrap(Hellos.hex("2c 0001 0004 01020304"))))
                .isFalse();
        assertThat(heard.lines).last().isEqualTo("data of SERVER");
    }

    private static int size(String hex) {
        return Hellos.hex(hex).length;
    }

    private static byte[] fragment(int number, String body, int offset, int length) {
        byte[] bytes = Hellos.hex(body);
        ByteBuffer fragment = ByteBuffer.allocate(12 + length);
        fragment.putInt(0x01000000 | bytes.length).putShort((short) number);
        fragment.put((byte) 0).putShort((short) offset).put((byte) 0).putShort((short) length);
        return fragment.put(bytes, offset, length).array();
    }

    private static ByteBuffer datagram(byte[]... fragments) {
        ByteBuffer datagram = ByteBuffer.allocate(4096);
        for (byte[] fragment : fragments) {
            datagram.put(Hellos.hex("16 fefd 0000 000000000001"))
                    .putShort((short) fragment.length)
                    .put(fragment);
        }
        return datagram.flip();
    }
}

package io.postern.tls.stream;

import static org.assertj.core.api.Assertions.assertThat;

import io.postern.tls.Engines;
import io.postern.tls.Engines.Said;
import io.postern.tls.Heard;
import io.postern.tls.TestingBudget;
import io.postern.tls.cert.CertificateReader;
import io.postern.tls.hello.Hellos;
import io.postern.tls.hello.TlsSettings;
import io.postern.tls.stream.TlsWatch.Standing;
import io.postern.tls.stream.TlsWatch.Start;
import io.postern.tls.watch.Side;
import io.postern.wire.Parse;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class TlsWatchTest {

    private static final String RANDOM = "22".repeat(32);
    private static final String RETRY_RANDOM = "cf21ad74e59a6111be1d8c021e65b891c2a211167abb8c5e079e09e2c8a8339c";

    private final Heard heard = new Heard();
    private final TestingBudget budget = new TestingBudget(1 << 20);

    @Test
    void hearsWhatTheJdkSaysInTls12() throws Exception {
        List<Said> said = Engines.tls("TLSv1.2");
        TlsWatch watch = watch(Start.BEGINNING);
        said.forEach(each -> watch.feed(each.by(), each.bytes()));
        assertThat(heard.lines.get(0)).startsWith("client hello origin.example");
        assertThat(heard.lines.subList(1, heard.lines.size()))
                .containsExactly("server hello 1.2", "certificate 1 of 1", "data of CLIENT", "data of SERVER");
        assertThat(heard.serverHellos.get(0).alpn()).contains("h2");
        assertThat(new CertificateReader().read(heard.certificates.get(0)))
                .hasValueSatisfying(facts -> assertThat(facts.names()).containsExactly("origin.example"));
        assertThat(watch.standing()).isEqualTo(Standing.CERTAIN);
        assertThat(watch.wants(Side.CLIENT) || watch.wants(Side.SERVER)).isFalse();
        assertThat(budget.taken()).isZero();
    }

    @Test
    void hearsWhatTheJdkSaysInTls13() throws Exception {
        TlsWatch watch = watch(Start.BEGINNING);
        Engines.tls("TLSv1.3").forEach(each -> watch.feed(each.by(), each.bytes()));
        assertThat(heard.lines.subList(1, heard.lines.size()))
                .containsExactly("server hello 1.3", "data of SERVER", "data of CLIENT");
    }

    @ParameterizedTest
    @ValueSource(strings = {"TLSv1.2", "TLSv1.3"})
    void cutsDoNotMatter(String version) throws Exception {
        List<Said> said = Engines.tls(version);
        TlsWatch whole = watch(Start.BEGINNING);
        said.forEach(each -> whole.feed(each.by(), each.bytes()));
        Random random = new Random(7);
        for (int most : new int[] {1, 2, 5, 100, 1000}) {
            Heard cut = new Heard();
            TlsWatch watch = new TlsWatch(TlsSettings.DEFAULTS, budget, cut, Start.BEGINNING);
            for (Said each : said) {
                for (int at = 0; at < each.bytes().remaining(); ) {
                    int length = Math.min(1 + random.nextInt(most), each.bytes().remaining() - at);
                    watch.feed(each.by(), each.bytes().slice(at, length));
                    assertThat(watch.held()).isEqualTo(budget.taken());
                    at += length;
                }
            }
            assertThat(cut.lines).isEqualTo(heard.lines);
            assertThat(cut.clientHellos).isEqualTo(heard.clientHellos);
            assertThat(budget.taken()).isZero();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"openssl-3-default", "curl-default", "chromium-like", "openssl-3-tls12-no-name"})
    void hearsTheHelloThatTheParserReads(String name) {
        byte[] recorded = Hellos.recorded(name);
        TlsWatch watch = watch(Start.BEGINNING);
        for (byte each : recorded) {
            watch.feed(Side.CLIENT, ByteBuffer.wrap(new byte[] {each}));
        }
        assertThat(heard.clientHellos).hasSize(1);
        assertThat(Hellos.PARSER.parse(ByteBuffer.wrap(recorded)))
                .isEqualTo(new Parse.Done<>(heard.clientHellos.get(0), recorded.length));
        assertThat(budget.peak()).isLessThanOrEqualTo(2048);
    }

    /** RFC 8446 appendix D.4: a ChangeCipherSpec between the two hellos changes nothing. */
    @Test
    void hearsBothHellosAroundARetryRequest() {
        TlsWatch watch = watch(Start.BEGINNING);
        byte[] hello = Hellos.recorded("curl-default");
        watch.feed(Side.CLIENT, ByteBuffer.wrap(hello));
        server(watch, record(serverHello(RETRY_RANDOM, "0033 0002 0018 002b 0002 0304")) + "140303000101");
        assertThat(watch.wants(Side.CLIENT)).isTrue();
        watch.feed(Side.CLIENT, ByteBuffer.wrap(Hellos.hex("140303000101")));
        watch.feed(Side.CLIENT, ByteBuffer.wrap(hello));
        server(watch, record(serverHello(RANDOM, "0033 0004 0018 0000 002b 0002 0304")));
        assertThat(heard.lines.get(1)).isEqualTo("retry request 1.3");
        assertThat(heard.lines.get(2)).isEqualTo(heard.lines.get(0));
        assertThat(heard.lines.get(3)).isEqualTo("server hello 1.3");
        assertThat(heard.serverHellos.get(0).group()).isEqualTo(0x18);
    }

    @Test
    void tellsAlertsInClear() {
        TlsWatch watch = watch(Start.BEGINNING);
        watch.feed(Side.CLIENT, ByteBuffer.wrap(Hellos.recorded("curl-default")));
        server(watch, "15 0303 0002 01 70");
        server(watch, "15 0303 0002 02 28");
        assertThat(heard.lines.subList(1, 3)).containsExactly("alert of SERVER 1 112", "alert of SERVER 2 40");
        assertThat(watch.wants(Side.SERVER)).isFalse();
        assertThat(watch.wants(Side.CLIENT)).isTrue();
    }

    @Test
    void onlyTheServerWasSeen() {
        TlsWatch watch = watch(Start.BEGINNING);
        server(watch, record(serverHello(RANDOM, "002b 0002 0304")));
        assertThat(watch.standing()).isEqualTo(Standing.CERTAIN);
    }

    @Test
    void aServerThatSpeaksNoTlsIsMalformedOnceItsClientDoes() {
        TlsWatch watch = watch(Start.BEGINNING);
        watch.feed(Side.CLIENT, ByteBuffer.wrap(Hellos.recorded("curl-default")));
        server(watch, "485454502f312e3120343030");
        assertThat(heard.lines.get(1)).isEqualTo("malformed SERVER: " + Half.NO_RECORD);
        assertThat(watch.standing()).isEqualTo(Standing.CERTAIN);
    }

    @ParameterizedTest
    @CsvSource({
        "474554202f20485454502f312e31",
        "1703030020",
        "160301000402000000",
        "80ff01040100",
        "5353482d322e30",
        "14030300010117",
        "16030100010e"
    })
    void whatIsNoTlsIsSaidToBeNone(String hex) {
        TlsWatch watch = watch(Start.BEGINNING);
        watch.feed(Side.CLIENT, ByteBuffer.wrap(Hellos.hex(hex)));
        assertThat(watch.standing()).isEqualTo(Standing.NOT_THIS);
        assertThat(watch.wants(Side.CLIENT) || watch.wants(Side.SERVER)).isFalse();
        assertThat(heard.lines).isEmpty();
    }

    @Test
    void anOldHelloAndTlsAfterIt() {
        String old = "80 1c 01 0301 0003 0000 0010 00002f" + "33".repeat(16);
        TlsWatch watch = watch(Start.BEGINNING);
        for (byte each : Hellos.hex(old)) {
            watch.feed(Side.CLIENT, ByteBuffer.wrap(new byte[] {each}));
        }
        server(watch, record(serverHello(RANDOM, "")));
        assertThat(heard.lines).containsExactly("old hello 1.0", "server hello 1.2");
        assertThat(budget.taken()).isZero();
    }

    @Test
    void fromTheMiddleRecordsInARowAreEnough() {
        byte[] stream = Hellos.hex("aabbccdd" + "17 0303 0014" + "17".repeat(20) + "17 0303 0020" + "03".repeat(32));
        TlsWatch watch = watch(Start.MIDDLE);
        watch.feed(Side.SERVER, ByteBuffer.wrap(stream, 0, 29));
        assertThat(watch.standing()).isEqualTo(Standing.UNDECIDED);
        watch.feed(Side.SERVER, ByteBuffer.wrap(stream, 29, stream.length - 29));
        assertThat(watch.standing()).isEqualTo(Standing.CERTAIN);
        assertThat(heard.lines).containsExactly("data of SERVER");
    }

    @Test
    void fromTheMiddleOnePieceThatIsARecordIsEnough() {
        TlsWatch watch = watch(Start.MIDDLE);
        watch.feed(Side.CLIENT, ByteBuffer.wrap(Hellos.hex("17 0303 0014" + "55".repeat(20))));
        assertThat(watch.standing()).isEqualTo(Standing.CERTAIN);
    }

    @Test
    void fromTheMiddleAHelloIsHeardToo() {
        TlsWatch watch = watch(Start.MIDDLE);
        server(watch, "0102" + record(serverHello(RANDOM, "002b 0002 0304")));
        assertThat(heard.lines).containsExactly("server hello 1.3");
    }

    @Test
    void noiseIsNeverTlsAndIsGivenUp() {
        Random random = new Random(11);
        for (int i = 0; i < 50; i++) {
            Heard nothing = new Heard();
            TlsWatch watch = new TlsWatch(TlsSettings.DEFAULTS, budget, nothing, Start.MIDDLE);
            byte[] noise = new byte[1400];
            for (int piece = 0; piece < 100; piece++) {
                random.nextBytes(noise);
                watch.feed(piece % 2 == 0 ? Side.CLIENT : Side.SERVER, ByteBuffer.wrap(noise));
            }
            assertThat(watch.standing()).isEqualTo(Standing.NOT_THIS);
            assertThat(nothing.lines).isEmpty();
        }
    }

    @Test
    void afterAGapItFindsItsStep() {
        TlsWatch watch = watch(Start.BEGINNING);
        byte[] hello = Hellos.recorded("chromium-like");
        watch.feed(Side.CLIENT, ByteBuffer.wrap(hello));
        server(watch, record(serverHello(RANDOM, "")).substring(0, 60));
        watch.gap(Side.SERVER);
        assertThat(budget.taken()).isZero();
        server(watch, "99 17 0303 0014" + "17".repeat(20) + "17 0303 0020");
        assertThat(heard.lines.get(1)).isEqualTo("data of SERVER");
    }

    @Test
    void limitsAreKept() {
        TlsWatch watch = new TlsWatch(new TlsSettings(512, 3), budget, heard, Start.BEGINNING);
        watch.feed(Side.CLIENT, ByteBuffer.wrap(Hellos.recorded("chromium-like")));
        assertThat(heard.lines).containsExactly("malformed CLIENT: " + Messages.TOO_LONG);

        TlsWatch records = new TlsWatch(new TlsSettings(512, 3), budget, heard, Start.BEGINNING);
        server(records, "16 0303 0004 02000060 16 0303 0001 03 16 0303 0001 03 16 0303 0001 00");
        assertThat(heard.lines.get(1)).isEqualTo("malformed SERVER: " + Messages.TOO_MANY_RECORDS);
        assertThat(budget.taken()).isZero();
    }

    @Test
    void withoutRoomThereIsNoHello() {
        TlsWatch watch = new TlsWatch(TlsSettings.DEFAULTS, new TestingBudget(100), heard, Start.BEGINNING);
        byte[] hello = Hellos.recorded("curl-default");
        watch.feed(Side.CLIENT, ByteBuffer.wrap(hello, 0, 50));
        watch.feed(Side.CLIENT, ByteBuffer.wrap(hello, 50, hello.length - 50));
        assertThat(heard.lines).containsExactly("malformed CLIENT: " + Messages.NO_ROOM);
    }

    @Test
    void closingGivesBack() {
        TlsWatch watch = watch(Start.BEGINNING);
        watch.feed(Side.CLIENT, ByteBuffer.wrap(Hellos.recorded("curl-default"), 0, 50));
        assertThat(budget.taken()).isPositive().isEqualTo(watch.held());
        watch.close();
        watch.close();
        assertThat(budget.taken()).isZero();
        assertThat(watch.wants(Side.CLIENT)).isFalse();
    }

    private TlsWatch watch(Start start) {
        return new TlsWatch(TlsSettings.DEFAULTS, budget, heard, start);
    }

    private static void server(TlsWatch watch, String hex) {
        watch.feed(Side.SERVER, ByteBuffer.wrap(Hellos.hex(hex)));
    }

    /** A message in one record, in hexadecimal. */
    private static String record(String message) {
        return "160303" + String.format("%04x", Hellos.hex(message).length) + message;
    }

    private static String serverHello(String random, String extensions) {
        int length = Hellos.hex(extensions.replace(" ", "")).length;
        String body = "0303" + random + "00" + "1301" + "00"
                + (length == 0 ? "" : String.format("%04x", length) + extensions.replace(" ", ""));
        return "02" + String.format("%06x", body.length() / 2) + body;
    }
}

package io.postern.tls.fingerprint;

import static org.assertj.core.api.Assertions.assertThat;

import io.postern.tls.fingerprint.Ja4.Transport;
import io.postern.tls.hello.ClientHello;
import io.postern.tls.hello.Codes;
import io.postern.tls.hello.Hellos;
import io.postern.wire.Parse;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLParameters;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class FingerprintTest {

    private final Ja3 ja3 = new Ja3();
    private final Ja4 ja4 = new Ja4();

    @ParameterizedTest(name = "{0}")
    @CsvSource({
        "chromium-like, c1a78d723e2412756116b0749d418083, t13d1516h2_8daaf6152771_d8a2da3f94cd",
        "curl-default, 0149f47eabf9a20d0893e2a44e5a6323, t13d3112h2_e8f1e7e78f70_b26ce05bbdd6",
        "openssl-3-default, 5a1edc7f170af1014fc65c994878e63c, t13d3111h2_e8f1e7e78f70_1f22a2ca17c4",
        "openssl-3-odd-alpn, 5a1edc7f170af1014fc65c994878e63c, t13d3111c8_e8f1e7e78f70_1f22a2ca17c4",
        "openssl-3-tls12-no-name, fbe7e189e37a07ee33706f86bc746344, t12i280600_d943125447b4_e7e480e5a997",
        "python-ssl, 304734bb1c086c3453b387400cf83f11, t13d1812h1_85036bcba153_d41ae481755e"
    })
    void ofWhatClientsReallySay(String name, String expectedJa3, String expectedJa4) {
        ClientHello hello = parsed(ByteBuffer.wrap(Hellos.recorded(name)));
        assertThat(ja3.hash(hello)).isEqualTo(expectedJa3);
        assertThat(ja4.of(hello, Transport.TCP)).isEqualTo(expectedJa4);
    }

    /** The example of JA4.md: its suites, extensions and signature algorithms. */
    @Test
    void ofTheExampleInTheDefinition() {
        ClientHello example = example();
        assertThat(ja4.of(example, Transport.TCP)).isEqualTo("t13d1516h2_8daaf6152771_e5627efa2ab1");
        assertThat(ja4.of(example, Transport.QUIC)).isEqualTo("q13d1516h2_8daaf6152771_e5627efa2ab1");
        assertThat(ja4.of(example, Transport.DTLS)).startsWith("d13d");
        assertThat(ja4.raw(example, Transport.TCP))
                .isEqualTo("t13d1516h2_002f,0035,009c,009d,1301,1302,1303,c013,c014,c02b,c02c,c02f,c030,cca8,cca9"
                        + "_0005,000a,000b,000d,0012,0015,0017,001b,0023,002b,002d,0033,4469,ff01"
                        + "_0403,0804,0401,0503,0805,0501,0806,0601");
    }

    @Test
    void withoutSignatureAlgorithmsThereIsNoUnderscore() {
        ClientHello hello = with(example(), Codes.NONE, List.of("h2"));
        assertThat(ja4.of(hello, Transport.TCP)).endsWith("_6d807ffa2a79");
        assertThat(ja4.raw(hello, Transport.TCP)).endsWith("4469,ff01");
    }

    @Test
    void emptyListsAreZeros() {
        ClientHello bare = new ClientHello(
                0x0303,
                Optional.empty(),
                List.of(),
                Codes.of(0x0A0A),
                Codes.of(0, 0x10, 0xBABA),
                Codes.NONE,
                Codes.NONE,
                Codes.NONE,
                Codes.NONE,
                Codes.NONE,
                Optional.empty());
        assertThat(ja4.of(bare, Transport.TCP)).isEqualTo("t12d000200_000000000000_000000000000");
        assertThat(Ja3.text(bare)).isEqualTo("771,,0-16,,");
    }

    /** JA4.md, "ALPN Extension Value". */
    @ParameterizedTest
    @CsvSource({"ab, ab", "abcd, ad", "30ab, 3b", "3031abcd, 3d", "30abcd31, 01", "61, aa", "687474702f312e31, h1"})
    void alpnIsItsOuterCharactersOrDigits(String hex, String expected) {
        String name = new String(Hellos.hex(hex), StandardCharsets.ISO_8859_1);
        assertThat(ja4.of(with(example(), Codes.NONE, List.of(name, "x")), Transport.TCP))
                .startsWith("t13d1516" + expected + "_");
    }

    @Test
    void countsStopAtNinetyNine() {
        Codes many = Codes.of(IntStream.range(1000, 1500).toArray());
        ClientHello hello = new ClientHello(
                0x0300,
                Optional.empty(),
                List.of(),
                many,
                many,
                Codes.NONE,
                Codes.NONE,
                Codes.NONE,
                Codes.NONE,
                many,
                Optional.empty());
        assertThat(ja4.of(hello, Transport.TCP)).startsWith("ts3i999900_");
        assertThat(ja4.of(example(), Transport.TCP)).isEqualTo("t13d1516h2_8daaf6152771_e5627efa2ab1");
    }

    /** The JDK's own client, whatever its version: the fingerprints must say what the engine was told. */
    @Test
    void ofTheJdksOwnHello() throws Exception {
        SSLEngine engine = SSLContext.getDefault().createSSLEngine("origin.example", 443);
        engine.setUseClientMode(true);
        SSLParameters parameters = engine.getSSLParameters();
        parameters.setProtocols(new String[] {"TLSv1.3"});
        parameters.setApplicationProtocols(new String[] {"http/1.1", "h2"});
        parameters.setCipherSuites(new String[] {"TLS_AES_256_GCM_SHA384", "TLS_AES_128_GCM_SHA256"});
        engine.setSSLParameters(parameters);
        ByteBuffer bytes = ByteBuffer.allocate(engine.getSession().getPacketBufferSize());
        engine.wrap(ByteBuffer.allocate(0), bytes);

        ClientHello hello = parsed(bytes.flip());
        assertThat(hello.cipherSuites()).isEqualTo(Codes.of(0x1302, 0x1301));
        assertThat(hello.highestVersion()).isEqualTo("1.3");
        assertThat(hello.serverName())
                .hasValueSatisfying(name -> assertThat(name.text()).isEqualTo("origin.example"));
        assertThat(hello.alpn()).containsExactly("http/1.1", "h2");
        assertThat(ja4.of(hello, Transport.TCP)).matches("t13d02[0-9]{2}h1_62ed6f6ca7ad_[0-9a-f]{12}");
        assertThat(Ja3.text(hello)).startsWith("771,4866-4865,");
    }

    private static ClientHello example() {
        return new ClientHello(
                0x0303,
                Optional.empty(),
                List.of("h2"),
                codes("2a2a,1301,1302,1303,c02b,c02f,c02c,c030,cca9,cca8,c013,c014,009c,009d,002f,0035"),
                codes("001b,0000,0033,0010,4469,0017,002d,000d,0005,0023,0012,002b,ff01,000b,000a,0015,dada"),
                codes("9a9a,0304,0303"),
                codes("001d"),
                codes("001d"),
                codes("0000"),
                codes("0403,0804,0401,0503,0805,0501,0806,0601"),
                Optional.empty());
    }

    private static ClientHello with(ClientHello hello, Codes signatures, List<String> alpn) {
        return new ClientHello(
                hello.legacyVersion(),
                hello.serverName(),
                alpn,
                hello.cipherSuites(),
                hello.extensions(),
                hello.supportedVersions(),
                hello.groups(),
                hello.keyShares(),
                hello.pointFormats(),
                signatures,
                hello.encryptedHello());
    }

    private static Codes codes(String list) {
        return Codes.of(Arrays.stream(list.split(","))
                .mapToInt(code -> Integer.parseInt(code, 16))
                .toArray());
    }

    private static ClientHello parsed(ByteBuffer bytes) {
        Parse<ClientHello> parse = Hellos.PARSER.parse(bytes);
        assertThat(parse).isInstanceOf(Parse.Done.class);
        return ((Parse.Done<ClientHello>) parse).value();
    }
}

package io.postern.tls.hello;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.postern.tls.fingerprint.Ja3;
import io.postern.tls.fingerprint.Ja4;
import io.postern.wire.Parse;
import java.nio.ByteBuffer;
import java.util.Arrays;

/** What is certain stays certain at every cut, however the message is cut into records, and can be fingerprinted. */
class ClientHelloFuzzTest {

    private static final TlsSettings SETTINGS = new TlsSettings(4096, 4096);
    private static final ClientHelloParser PARSER = new ClientHelloParser(SETTINGS);

    @FuzzTest
    void readsAnything(byte[] bytes) {
        Parse<ClientHello> whole = PARSER.parse(ByteBuffer.wrap(bytes));
        for (int shown = 0; shown <= bytes.length; shown++) {
            Parse<ClientHello> early = PARSER.parse(ByteBuffer.wrap(bytes, 0, shown));
            if (early instanceof Parse.NeedMore<ClientHello> more) {
                assertThat(more.total()).isBetween(shown + 1, SETTINGS.maxHeldBytes());
            } else {
                assertThat(early).isEqualTo(whole);
            }
        }
        if (whole instanceof Parse.Done<ClientHello> done) {
            assertThat(done.consumed()).isLessThanOrEqualTo(bytes.length);
            fingerprints(done.value());
        }
    }

    /** The bytes are a message; one record or many must not matter. */
    @FuzzTest
    void recordsDoNotMatter(byte[] body) {
        byte[] message = Hellos.handshake(Arrays.copyOf(body, Math.min(body.length, 2000)));
        Parse<ClientHello> one = PARSER.parse(ByteBuffer.wrap(Hellos.records(message, 1 << 14)));
        for (int most : new int[] {1, 7, 100}) {
            Parse<ClientHello> many = PARSER.parse(ByteBuffer.wrap(Hellos.records(message, most)));
            if (one instanceof Parse.Done<ClientHello> done) {
                assertThat(((Parse.Done<ClientHello>) many).value()).isEqualTo(done.value());
            } else {
                assertThat(many).isEqualTo(one);
            }
        }
    }

    private static void fingerprints(ClientHello hello) {
        assertThat(new Ja3().hash(hello)).hasSize(32);
        assertThat(new Ja4().of(hello, Ja4.Transport.TCP)).matches("t..[di][0-9]{4}[0-9A-Za-z]{2}(_[0-9a-f]{12}){2}");
        assertThat(hello.highestVersion()).isNotEmpty();
    }
}

package io.postern.wire.dialogue;

import static io.postern.wire.dialogue.Said.buffer;
import static io.postern.wire.dialogue.Said.bytes;
import static org.assertj.core.api.Assertions.assertThat;

import io.postern.wire.Cuts;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class StartTlsTest {

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            SMTP | EHLO a\\r\\nSTARTTLS\\r\\n            | 220 go\\r\\n
            SMTP | EHLO a\\nStartTls \\n                 | 250-a\\r\\n250 b\\r\\n220 go\\r\\n
            IMAP | a CAPABILITY\\r\\nA1 starttls\\r\\n   | * CAPABILITY\\r\\na OK\\r\\na1 OK now\\r\\n
            POP3 | CAPA\\r\\nSTLS\\r\\n                  | -ERR\\r\\n+OK\\r\\n
            FTP  | AUTH TLS\\r\\n                        | 234 go\\r\\n
            FTP  | AUTH SSL\\r\\n                        | 234 go\\r\\n
            XMPP | <stream:stream to='a'><starttls xmlns='urn:ietf:params:xml:ns:xmpp-tls'/> | <a/>\\n<proceed xmlns='x'/>
            """)
    void endsWhereTheClientBeginsToSpeakTls(Dialogue dialogue, String client, String server) {
        boolean begun = Cuts.check(bytes(client), pieces -> {
            StartTls watch = new StartTls(dialogue);
            pieces.forEach(watch::fromClient);
            watch.fromServer(buffer(server));
            assertThat(watch.started()).isFalse();
            ByteBuffer hello = buffer("\\026\\003\\001");
            watch.fromClient(hello);
            return watch.started() && hello.position() == 0;
        });
        assertThat(begun).isTrue();
    }

    /** Servers take such lines, so nothing may hide behind their length. */
    @Test
    void lengthHidesNoAsking() {
        String tag = "A".repeat(900);
        assertThat(turns(Dialogue.IMAP, tag + " STARTTLS\r\n", "* " + "x".repeat(2000) + "\r\n" + tag + " OK\r\n"))
                .isTrue();
        assertThat(turns(
                        Dialogue.SMTP,
                        "NOOP " + "x".repeat(500) + "\r\n\t STARTTLS" + " ".repeat(900) + "\r\n",
                        "220 go\r\n"))
                .isTrue();
        assertThat(turns(Dialogue.XMPP, " ".repeat(3000) + "<starttls/>", " ".repeat(3000) + "<proceed/>"))
                .isTrue();
    }

    private static boolean turns(Dialogue dialogue, String client, String server) {
        StartTls watch = new StartTls(dialogue);
        watch.fromClient(ByteBuffer.wrap(client.getBytes(StandardCharsets.US_ASCII)));
        watch.fromServer(ByteBuffer.wrap(server.getBytes(StandardCharsets.US_ASCII)));
        watch.fromClient(ByteBuffer.wrap(new byte[] {0x16, 3}));
        return watch.started();
    }

    @Test
    void aServerThatSaysNoEndsTheAsking() {
        StartTls watch = new StartTls(Dialogue.SMTP);
        watch.fromClient(buffer("STARTTLS\\r\\n"));
        watch.fromServer(buffer("454 not now\\r\\n"));
        watch.fromClient(buffer("EHLO a\\r\\nSTARTTLS\\r\\n"));
        assertThat(watch.started()).isFalse();
        watch.fromServer(buffer("220 now\\r\\n"));
        ByteBuffer hello = buffer("\\026\\003");
        watch.fromClient(hello);
        assertThat(watch.started()).isTrue();
        assertThat(hello.position()).isZero();
    }

    @Test
    void aClientThatDoesNotWaitIsStillSeen() {
        StartTls watch = new StartTls(Dialogue.POP3);
        ByteBuffer both = buffer("STLS\\r\\n\\026\\003");
        watch.fromClient(both);
        assertThat(both.position()).isEqualTo(6);
        assertThat(watch.started()).isFalse();
        watch.fromServer(buffer("+OK\\r\\n"));
        assertThat(watch.started()).isTrue();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            SMTP | STARTTLS now\\r\\n   | 220 go\\r\\n
            SMTP | EHLO a\\r\\n         | 220 go\\r\\n
            SMTP | STARTTLS\\r\\n       | 250 ok\\r\\n
            IMAP | a STARTTLS\\r\\n     | b OK\\r\\n
            IMAP | a b STARTTLS\\r\\n   | a OK\\r\\n
            POP3 | STARTTLS\\r\\n       | +OK\\r\\n
            FTP  | AUTH GSSAPI\\r\\n    | 234 go\\r\\n
            FTP  | STARTTLS\\r\\n       | 220 go\\r\\n
            """)
    void whatIsNotAskedForOrNotAgreedToIsNot(Dialogue dialogue, String client, String server) {
        StartTls watch = new StartTls(dialogue);
        watch.fromClient(buffer(client));
        watch.fromServer(buffer(server));
        watch.fromClient(buffer("\\026\\003"));
        assertThat(watch.started()).isFalse();
    }

    @Test
    void looksAtSoMuchAndNoMore() {
        StartTls watch = new StartTls(Dialogue.SMTP);
        ByteBuffer mail = ByteBuffer.allocate(StartTls.MOST_BYTES + 1);
        watch.fromClient(mail);
        assertThat(watch.over()).isTrue();
        assertThat(mail.hasRemaining()).isFalse();
        watch.fromClient(buffer("\\r\\nSTARTTLS\\r\\n"));
        watch.fromServer(buffer("220 go\\r\\n"));
        watch.fromClient(buffer("\\026\\003"));
        assertThat(watch.started()).isFalse();
    }

    @Test
    void anyBytesAreReadWithoutHarm() {
        Random random = new Random(1);
        for (Dialogue dialogue : Dialogue.values()) {
            StartTls watch = new StartTls(dialogue);
            byte[] some = new byte[500];
            for (int i = 0; i < 100; i++) {
                random.nextBytes(some);
                watch.fromClient(ByteBuffer.wrap(some));
                watch.fromServer(ByteBuffer.wrap(some));
            }
            assertThat(watch.started()).isFalse();
        }
    }
}

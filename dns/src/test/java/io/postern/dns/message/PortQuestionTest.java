package io.postern.dns.message;

import static org.assertj.core.api.Assertions.assertThat;

import io.postern.wire.Parse;
import io.postern.wire.ParserContract;
import java.nio.ByteBuffer;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.xbill.DNS.DClass;
import org.xbill.DNS.Message;
import org.xbill.DNS.Name;
import org.xbill.DNS.Opcode;
import org.xbill.DNS.Record;
import org.xbill.DNS.Type;

class PortQuestionTest {

    private static final HexFormat HEX = HexFormat.of();

    @Test
    void keepsTheContract() throws Exception {
        byte[] question = question().toWire();
        ParserContract.check(new PortQuestion(), framed(question), question.length);
    }

    @Test
    void aQuestionIsOneInADatagram() throws Exception {
        Message question = question();
        assertThat(taken(question.toWire())).isTrue();
        question.getHeader().setFlag(0);
        assertThat(taken(question.toWire())).as("an answer").isFalse();
        Message update = question();
        update.getHeader().setOpcode(Opcode.UPDATE);
        assertThat(taken(update.toWire())).as("an update").isFalse();
    }

    /** Some servers answer these: none may be a way past. */
    @ParameterizedTest
    @CsvSource({
        "0001 0100 0001 0000 0000 0000 03777777 0461636d65 00 0001 0001 deadbeef, rubbish behind it",
        "0001 0000 0001 0000 0000 0005 03777777 0461636d65 00 0001 0001, more counted than there is",
        "0001 0130 0001 0000 0000 0000 03777777 0461636d65 00 0001 00f0, a class that nobody has",
        "0001 0140 0001 0000 0000 0000 c00c 0001 0001 00, a name that is its own",
        "0001 0103 0001 0000 0000 0000 03777777 0461636d65 00 0001 0001, an error in a query",
        "0001 010f 0001 0000 0000 0001 03777777 0461636d65 00 0010 0001 00 0029 04d0 00000000 0000, the last one, with EDNS",
        "0001 0300 0001 0000 0000 0000 03777777 0461636d65 00 0001 0001, cut short",
        "0001 0740 0001 0000 0000 0000 03777777 0461636d65 00 0001 0001, flags of answers and Z",
        "0001 0100 0001 0001 0000 0000 03777777 0461636d65 00 0001 0001 c00c 0001 0001 00000000 0004 c0000201, an answer",
        "0001 0100 0001 0001 0000 0000 03777777 0461636d65 00 0001 0001, an answer that is not there",
        "0001 0143 0001 ffff ffff ffff 03777777 0461636d65 00 0001 0003 77, all at once",
        "0001 0103 0001 0000 0000 0000 00 0002 0001, of the root",
    })
    void whatIsNotSoundIsTakenToo(String hex, String why) {
        byte[] message = HEX.parseHex(hex.replace(" ", ""));
        assertThat(taken(message)).as(why).isTrue();
        assertThat(new PortQuestion().parse(ByteBuffer.wrap(framed(message))))
                .as(why)
                .isEqualTo(new Parse.Done<>(message.length, message.length + 2));
    }

    @ParameterizedTest
    @CsvSource({
        "16030100c8010000c40303000102030405060708090a0b, TLS",
        "474554202f20485454502f312e310d0a0d0a, HTTP",
        "5353482d322e302d4f70656e5353485f392e320d0a, SSH",
        "c3000000010801020304050607080000448000000000, QUIC",
        "0100000001000000000102030405060708090a0b0c0d0e0f, WireGuard",
        "000100002112a442000102030405060708090a0b, STUN",
        "00010100000200000000000003777777046163, two questions",
        "04000000000112340500000000000000000102030405060708090a0b0c0d0e0f, data of WireGuard",
        "0001010300010000000000003f77777704616364650000010001, an error and a label that runs out",
        "0001010300010000000000000377777784616364650000010001, an error and a label that is none",
        "000101030001000000000000037777770000010007, an error and a class that nobody has",
    })
    void othersAreNot(String hex, String what) {
        byte[] bytes = HEX.parseHex(hex);
        assertThat(taken(bytes)).as(what).isFalse();
        assertThat(new PortQuestion().parse(ByteBuffer.wrap(bytes))).as(what).isEqualTo(Parse.notThis());
        assertThat(new PortQuestion().parse(ByteBuffer.wrap(framed(bytes))))
                .as(what)
                .isEqualTo(Parse.notThis());
    }

    /** Whoever is none is not held until all of it is there. */
    @Test
    void whatCannotBecomeAQuestionIsNotWaitedFor() {
        byte[] error = HEX.parseHex("00ff 0001 0103 0001 0000 0000 0000 03777777 8461".replace(" ", ""));
        assertThat(new PortQuestion().parse(ByteBuffer.wrap(error))).isEqualTo(Parse.notThis());
        error[error.length - 2] = 4;
        assertThat(new PortQuestion().parse(ByteBuffer.wrap(error))).isEqualTo(new Parse.NeedMore<>(0xFF + 2));
    }

    private static boolean taken(byte[] datagram) {
        return PortQuestion.in(ByteBuffer.wrap(datagram));
    }

    private static Message question() throws Exception {
        return Message.newQuery(Record.newRecord(Name.fromString("www.acme.example."), Type.A, DClass.IN));
    }

    private static byte[] framed(byte[] message) {
        return ByteBuffer.allocate(2 + message.length)
                .putShort((short) message.length)
                .put(message)
                .array();
    }
}

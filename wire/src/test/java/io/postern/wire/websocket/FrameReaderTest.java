package io.postern.wire.websocket;

import static org.assertj.core.api.Assertions.assertThat;

import io.postern.wire.Cuts;
import io.postern.wire.Payloads;
import io.postern.wire.websocket.FrameReader.Sender;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class FrameReaderTest {

    /** What came out of a stream. */
    private record Read(long frames, List<FrameFault> faults, boolean over) {}

    private static Read read(Sender sender, byte[] stream) {
        return Cuts.check(stream, pieces -> {
            List<FrameFault> faults = new ArrayList<>();
            FrameReader reader = new FrameReader(sender, faults::add);
            for (ByteBuffer piece : pieces) {
                reader.read(piece);
                assertThat(piece.hasRemaining()).isFalse();
            }
            return new Read(reader.frames(), faults, reader.over());
        });
    }

    private static byte[] hex(String digits) {
        return HexFormat.of().parseHex(digits.replace(" ", ""));
    }

    /** The examples of RFC 6455 section 5.7, and one with 126 bytes. */
    @Test
    void readsWhatTheRfcShows() {
        assertThat(read(Sender.SERVER, hex("8105 48656c6c6f  0103 48656c 8002 6c6f  8905 48656c6c6f 8800")))
                .isEqualTo(new Read(5, List.of(), true));
        assertThat(read(
                        Sender.CLIENT,
                        hex("8185 37fa213d 7f9f4d5158  8a80 00000000  81fe 007e 00000000" + "00".repeat(126)
                                + "c180 00000000")))
                .isEqualTo(new Read(4, List.of(), false));
    }

    /** A message in two frames, masked each with its own key, and a ping between them; and one of nothing. */
    @Test
    void whatMessagesHoldIsShown() {
        byte[] stream = hex("0183 37fa213d 7f9f4d  8982 01020304 ffff  8082 aabbccdd c6d4  8180 00000000");
        String shown = Cuts.check(stream, pieces -> {
            StringBuilder text = new StringBuilder();
            FrameReader reader = new FrameReader(Sender.CLIENT, fault -> {}, message -> {}, showing(text));
            pieces.forEach(reader::read);
            return text.toString();
        });
        assertThat(shown).isEqualTo("<Hello><>");
    }

    private static Payloads showing(StringBuilder text) {
        return new Payloads() {
            @Override
            public void begins(boolean deflated) {
                text.append(deflated ? "<deflated " : "<");
            }

            @Override
            public void some(ByteBuffer bytes, int from, int to, int key, long at) {
                for (int i = from; i < to; i++) {
                    text.append((char) ((bytes.get(i) ^ key >>> (24 - 8 * ((at + i - from) % 4))) & 0xFF));
                }
            }

            @Override
            public void ends() {
                text.append('>');
            }
        };
    }

    /** A message in two frames with a ping between them, one that is masked and compressed, and a close. */
    @Test
    void messagesAreTold() {
        byte[] stream = hex("0103 48656c  8902 0000  8002 6c6f  c283 00000000 010203  8800");
        List<Message> read = Cuts.check(stream, pieces -> {
            List<Message> messages = new ArrayList<>();
            FrameReader reader = new FrameReader(Sender.SERVER, fault -> {}, messages::add);
            pieces.forEach(reader::read);
            return messages;
        });
        assertThat(read)
                .containsExactly(
                        new Message(9, 2, 1, false, false),
                        new Message(1, 5, 2, false, false),
                        new Message(2, 3, 1, true, true),
                        new Message(8, 0, 1, false, false));
    }

    @Test
    void skipsLongPayloads() {
        ByteBuffer stream = ByteBuffer.allocate(10 + 70_000 + 2);
        stream.put((byte) 0x82).put((byte) 127).putLong(70_000).position(10 + 70_000);
        stream.put((byte) 0x81).put((byte) 0);
        List<FrameFault> faults = new ArrayList<>();
        FrameReader reader = new FrameReader(Sender.SERVER, faults::add);
        reader.read(stream.flip());
        assertThat(reader.frames()).isEqualTo(2);
        assertThat(faults).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            SERVER | 8180 00000000          | MASKING
            CLIENT | 8100                   | MASKING
            SERVER | a100                   | RESERVED_BIT
            SERVER | 8300                   | OPCODE
            SERVER | 8b00                   | OPCODE
            SERVER | 0900                   | CONTROL
            SERVER | 897e 007e              | CONTROL
            SERVER | 8000                   | FRAGMENTATION
            SERVER | 0100 8100              | FRAGMENTATION
            SERVER | 827e 0005 0000000000   | LENGTH
            SERVER | 827f 000000000000ffff  | LENGTH
            """)
    void tellsEveryFault(Sender sender, String frames, FrameFault fault) {
        assertThat(read(sender, hex(frames)).faults()).containsExactly(fault);
    }

    @Test
    void behindALengthThatIsNoneNothingIsFound() {
        assertThat(read(Sender.SERVER, hex("827f ffffffffffffffff 8300 8300")))
                .isEqualTo(new Read(1, List.of(FrameFault.LENGTH), true));
    }

    @Test
    void anyBytesAreReadWithoutHarm() {
        Random random = new Random(6455);
        for (int i = 0; i < 2_000; i++) {
            byte[] bytes = new byte[random.nextInt(300)];
            random.nextBytes(bytes);
            FrameReader reader = new FrameReader(Sender.CLIENT, fault -> {});
            reader.read(ByteBuffer.wrap(bytes));
            assertThat(reader.frames()).isLessThanOrEqualTo(bytes.length / 2);
        }
    }
}

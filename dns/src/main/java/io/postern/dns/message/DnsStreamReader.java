package io.postern.dns.message;

import io.postern.wire.Parse;
import io.postern.wire.Parser;
import io.postern.wire.protocol.DnsForm;
import java.nio.ByteBuffer;

/**
 * Recognises and reads the first DNS message of either end of a stream, RFC 1035 section 4.2.2, RFC 7766: a length, then
 * a message that {@link DnsForm} finds sound. Messages longer than {@value #LONGEST} bytes (transfers of zones) are not
 * waited for. Never answers {@link Parse.Malformed}.
 *
 * <pre>
 * length16 | id16 | flags16 | counts 4 * 16 | …
 * </pre>
 */
public final class DnsStreamReader implements Parser<DnsFacts> {

    /** With the length before it: answers with keys and signatures stay below. */
    public static final int LONGEST = 8 * 1024;

    private static final int MOST_QUESTIONS = 1;

    @Override
    public Parse<DnsFacts> parse(ByteBuffer bytes) {
        Parse<Integer> framed = StreamFrame.parse(bytes, LONGEST, (from, length) -> mayBegin(bytes, from));
        if (framed instanceof Parse.Done<Integer> whole) {
            int from = bytes.position() + StreamFrame.LENGTH;
            return DnsForm.sound(bytes, from, whole.value())
                    ? new Parse.Done<>(MessageReader.read(bytes, from, whole.value()), whole.consumed())
                    : Parse.notThis();
        }
        return framed instanceof Parse.NeedMore<Integer> more ? new Parse.NeedMore<>(more.total()) : Parse.notThis();
    }

    /** As far as the header is there: what else begins with a small number must not be waited for. */
    private static boolean mayBegin(ByteBuffer bytes, int from) {
        int shown = bytes.limit() - from;
        boolean response = shown > 2 && bytes.get(from + 2) < 0;
        return (shown < 3 || opcode(bytes.get(from + 2)))
                && (shown < 6 || (bytes.get(from + 4) == 0 && bytes.get(from + 5) == MOST_QUESTIONS))
                && (shown < 8 || response || (bytes.get(from + 6) == 0 && bytes.get(from + 7) <= MOST_PREREQUISITES));
    }

    /** Of an update, RFC 2136; other questions carry no answers. */
    private static final int MOST_PREREQUISITES = 100;

    private static boolean opcode(int octet) {
        int opcode = octet >> 3 & 0x0F;
        return opcode == 0 || opcode == 2 || opcode == 4 || opcode == 5;
    }
}

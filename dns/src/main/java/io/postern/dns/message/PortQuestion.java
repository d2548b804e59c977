package io.postern.dns.message;

import io.postern.wire.Parse;
import io.postern.wire.Parser;
import io.postern.wire.protocol.DnsForm;
import java.nio.ByteBuffer;

/**
 * Is it a question, where the port says that it should be? Asks less than what recognises DNS anywhere: a server may
 * answer what is not right to the last byte, so that must not get past. A query of opcode 0 without an error, one question,
 * no answers: 41 bits, of which nothing else that is known here comes with ({@link DnsForm#damaged}).
 *
 * <pre>
 * datagram           id16 | 0 0000 AA TC RD | RA Z AD CD 0000 | QD16 = 1 | AN16 = 0 | …
 * stream   length16  the same
 * </pre>
 *
 * In a stream it is the length of the first one. Never answers {@link Parse.Malformed}.
 */
public final class PortQuestion implements Parser<Integer> {

    /** With the length before it; who says more asks nothing that is answered. */
    public static final int LONGEST = DnsStreamReader.LONGEST;

    private static final int RESPONSE_AND_OPCODE = 0xF8;
    private static final int RCODE = 0x0F;
    /** From the message's begin: flags, and how many questions and answers. */
    private static final int FLAGS = 2;

    private static final int COUNTS = 4;
    private static final int[] ONE_QUESTION_NO_ANSWER = {0, 1, 0, 0};

    /** @param message whole; between position and limit */
    public static boolean in(ByteBuffer message) {
        int from = message.position();
        return message.remaining() >= StreamFrame.SHORTEST && mayBegin(message, from, message.limit());
    }

    @Override
    public Parse<Integer> parse(ByteBuffer bytes) {
        // All of it, for what is no question behind such a header would be held against nobody.
        return StreamFrame.parse(bytes, LONGEST, from -> mayBegin(bytes, from, bytes.limit()));
    }

    /** As far as the header is there: others must not be waited for. */
    private static boolean mayBegin(ByteBuffer bytes, int from, int end) {
        if (from + FLAGS < end && (bytes.get(from + FLAGS) & RESPONSE_AND_OPCODE) != 0) {
            return false;
        }
        if (from + FLAGS + 1 < end && (bytes.get(from + FLAGS + 1) & RCODE) != 0) {
            return false;
        }
        for (int i = 0; i < ONE_QUESTION_NO_ANSWER.length && from + COUNTS + i < end; i++) {
            if (bytes.get(from + COUNTS + i) != ONE_QUESTION_NO_ANSWER[i]) {
                return false;
            }
        }
        return true;
    }
}

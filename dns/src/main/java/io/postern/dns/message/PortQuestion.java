package io.postern.dns.message;

import io.postern.wire.Parse;
import io.postern.wire.Parser;
import io.postern.wire.protocol.DnsForm;
import java.nio.ByteBuffer;

/**
 * Is it a question, where the port says that it should be? Asks less than what recognises DNS anywhere: a server may
 * answer what is not right to the last byte, so that must not get past. One question of opcode 0, which can be read unless
 * the header has neither error nor answers ({@link DnsForm#mayAsk}).
 *
 * <pre>
 * datagram           id16 | 0 0000 AA TC RD | RA Z AD CD RCODE | QD16 = 1 | AN16 | …
 * stream   length16  the same
 * </pre>
 *
 * In a stream it is the length of the first one. Never answers {@link Parse.Malformed}.
 */
public final class PortQuestion implements Parser<Integer> {

    /** With the length before it; who says more asks nothing that is answered. */
    public static final int LONGEST = DnsStreamReader.LONGEST;

    /** @param message whole; between position and limit */
    public static boolean in(ByteBuffer message) {
        return DnsForm.mayAsk(message, message.position(), message.remaining(), message.remaining());
    }

    @Override
    public Parse<Integer> parse(ByteBuffer bytes) {
        return StreamFrame.parse(bytes, LONGEST, (from, length) -> {
            // As far as it is there: others must not be waited for.
            int shown = Math.min(length, bytes.limit() - from);
            return DnsForm.mayAsk(bytes, from, shown, length);
        });
    }
}

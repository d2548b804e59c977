package io.postern.wire.datagram;

import io.postern.wire.Parse;
import io.postern.wire.Parser;
import java.nio.ByteBuffer;

/**
 * Reads one kind of message from a datagram, whose bounds are the message's: never answers {@link Parse.NeedMore}. In
 * all else a {@link Parser}: pure, stateless, reads between position and limit, moves neither, never throws.
 *
 * @param <T> the message
 */
public interface DatagramParser<T> {

    Parse<T> parse(ByteBuffer datagram);
}

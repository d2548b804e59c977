package io.postern.wire;

import java.nio.ByteBuffer;

/**
 * Reads one kind of message from the first bytes of a stream.
 *
 * <p>Pure and stateless: every call sees all bytes so far and starts at the front. It reads between position and
 * limit and moves neither. It never throws, whatever the bytes. Framing is read first and alone may answer
 * {@link Parse.NeedMore}; running short inside a complete message is {@link Parse.Malformed}. What it makes the
 * caller hold is bounded by its settings.
 *
 * @param <T> the message
 */
public interface Parser<T> {

    Parse<T> parse(ByteBuffer bytes);
}

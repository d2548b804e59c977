package io.postern.wire.protocol;

import io.postern.wire.Magic;
import io.postern.wire.Parse;
import io.postern.wire.Parser;
import java.nio.ByteBuffer;

/**
 * Recognises either peer of BitTorrent by the beginning of its handshake, BEP 3. Its encrypted form (MSE) looks like
 * chance on purpose and is not recognised.
 *
 * <pre>
 * 19 | "BitTorrent protocol" | reserved 8 | info hash 20 | peer id 20
 * </pre>
 */
public final class BitTorrentParser implements Parser<BitTorrent> {

    /** Stands inside uTP too. */
    public static final Magic HANDSHAKE = Magic.of("\23BitTorrent protocol");

    private static final Parse<BitTorrent> FOUND = new Parse.Done<>(BitTorrent.HANDSHAKE, HANDSHAKE.length());
    private static final Parse<BitTorrent> MORE = new Parse.NeedMore<>(HANDSHAKE.length());

    @Override
    public Parse<BitTorrent> parse(ByteBuffer bytes) {
        if (!HANDSHAKE.mayStand(bytes, bytes.position())) {
            return Parse.notThis();
        }
        return bytes.remaining() < HANDSHAKE.length() ? MORE : FOUND;
    }
}

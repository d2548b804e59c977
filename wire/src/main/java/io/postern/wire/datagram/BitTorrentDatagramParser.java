package io.postern.wire.datagram;

import io.postern.wire.ByteCursor;
import io.postern.wire.Magic;
import io.postern.wire.Parse;
import io.postern.wire.protocol.BitTorrent;
import io.postern.wire.protocol.BitTorrentParser;
import java.nio.ByteBuffer;

/**
 * Recognises BitTorrent by one datagram.
 *
 * <pre>
 * DHT         d1:ad2:id20: or d1:rd2:id20: or d1:eli, an ip before it or not, … 1:y1:q or r or e … e    BEP 5, BEP 42
 * uTP         41 | 00 or 01, 02 | id16 | time32 | 00000000 | window32 | sequence16 | 0000 [extension]   BEP 29, ST_SYN
 *             01 | … 20 bytes and extensions | the handshake of a peer                                  ST_DATA
 * tracker     0000041727101980 | action 0 | transaction32                                               BEP 15
 * discovery   BT-SEARCH * HTTP/1.1 CR LF                                                                BEP 14
 * </pre>
 *
 * Never answers {@link Parse.Malformed}.
 */
public final class BitTorrentDatagramParser implements DatagramParser<BitTorrent> {

    private static final Magic[] DHT = {Magic.of("d1:ad2:id20:"), Magic.of("d1:rd2:id20:"), Magic.of("d1:eli")};
    private static final Magic IP = Magic.of("d2:ip");
    private static final Magic SEARCH = Magic.of("BT-SEARCH * HTTP/1.1\r\n");
    private static final Magic TRACKER = Magic.of("\0\0\4\27\47\20\31\200\0\0\0\0");
    private static final int TRACKER_CONNECT = 16;
    private static final int LONGEST_IP = 18;

    private static final int UTP = 20;
    private static final int SYN = 0x41;
    private static final int DATA = 0x01;
    private static final int LAST_EXTENSION = 2;
    private static final int MOST_EXTENSIONS = 4;

    @Override
    public Parse<BitTorrent> parse(ByteBuffer datagram) {
        int size = datagram.remaining();
        if (size < TRACKER_CONNECT) {
            return Parse.notThis();
        }
        int from = datagram.position();
        return switch (datagram.get(from)) {
            case 'd' -> found(dht(datagram, from), BitTorrent.DHT, size);
            case SYN -> found(opens(datagram), BitTorrent.UTP, size);
            case DATA -> found(carriesHandshake(datagram), BitTorrent.HANDSHAKE, size);
            case 0 -> found(size == TRACKER_CONNECT && TRACKER.stands(datagram, from), BitTorrent.TRACKER, size);
            case 'B' -> found(SEARCH.stands(datagram, from), BitTorrent.DISCOVERY, size);
            default -> Parse.notThis();
        };
    }

    private static Parse<BitTorrent> found(boolean sound, BitTorrent form, int size) {
        return sound ? new Parse.Done<>(form, size) : Parse.notThis();
    }

    private static boolean dht(ByteBuffer datagram, int from) {
        if (datagram.get(datagram.limit() - 1) != 'e') {
            return false;
        }
        for (Magic start : DHT) {
            if (start.stands(datagram, from)) {
                return true;
            }
        }
        return IP.stands(datagram, from) && behindIp(datagram, from);
    }

    /** An address of 4 or 16 bytes and a port, as a string of 6 or 18 bytes, or without the port. */
    private static boolean behindIp(ByteBuffer datagram, int from) {
        int colon = datagram.get(from + 6) == ':' ? from + 6 : from + 7;
        int length = 0;
        for (int i = from + IP.length(); i < colon; i++) {
            int digit = datagram.get(i) - '0';
            if (digit < 0 || digit > 9) {
                return false;
            }
            length = length * 10 + digit;
        }
        int rest = colon + length;
        if (datagram.get(colon) != ':' || length > LONGEST_IP || rest >= datagram.limit()) {
            return false;
        }
        // The dictionary goes on where it would have begun: without its d.
        for (Magic start : BEHIND_IP) {
            if (start.stands(datagram, rest + 1)) {
                return true;
            }
        }
        return false;
    }

    private static final Magic[] BEHIND_IP = {Magic.of("1:ad2:id20:"), Magic.of("1:rd2:id20:"), Magic.of("1:eli")};

    private static boolean opens(ByteBuffer datagram) {
        ByteCursor header = ByteCursor.over(datagram);
        header.skip(1);
        int extension = header.u8();
        header.skip(6);
        boolean noDelay = header.u32() == 0;
        header.skip(4);
        header.skip(2);
        boolean first = header.u16() == 0;
        return first && noDelay && extensionsEnd(header, extension) && header.isEmpty();
    }

    private static boolean carriesHandshake(ByteBuffer datagram) {
        if (datagram.remaining() < UTP) {
            return false;
        }
        ByteCursor header = ByteCursor.over(datagram);
        header.skip(1);
        int extension = header.u8();
        header.skip(UTP - 2);
        return extensionsEnd(header, extension)
                && BitTorrentParser.HANDSHAKE.stands(datagram, datagram.limit() - header.remaining());
    }

    /** Passes the chain of extensions over, each its successor's type, a length and as many bytes. */
    private static boolean extensionsEnd(ByteCursor header, int first) {
        int extension = first;
        for (int i = 0; i < MOST_EXTENSIONS && extension != 0; i++) {
            if (extension > LAST_EXTENSION) {
                return false;
            }
            extension = header.u8();
            header.vector8();
        }
        return extension == 0 && !header.ranShort();
    }
}

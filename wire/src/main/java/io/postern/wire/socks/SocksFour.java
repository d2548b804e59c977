package io.postern.wire.socks;

import io.postern.wire.ByteCursor;
import io.postern.wire.Parse;
import io.postern.wire.ip.HostText;
import io.postern.wire.socks.SocksRequest.Command;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.util.Optional;

/** The request of SOCKS 4 and 4a, as {@link SocksOpeningParser} draws it. */
final class SocksFour {

    static final int SHORTEST = 9;

    private static final int VERSION = 4;
    private static final int CONNECT = 1;
    private static final int BIND = 2;
    /** Version, command, port, address. */
    private static final int FIXED = 8;

    private static final int LONGEST_TEXT = 255;

    private SocksFour() {}

    /** Certain by itself: it names a user or a host. */
    static Parse<SocksOpening> alone(ByteBuffer bytes) {
        return parse(bytes, true);
    }

    /** When the server's answer is there too. */
    static Parse<SocksOpening> answered(ByteBuffer bytes) {
        return parse(bytes, false);
    }

    private static Parse<SocksOpening> parse(ByteBuffer bytes, boolean alone) {
        int from = bytes.position();
        int shown = bytes.remaining();
        boolean may = (shown < 1 || bytes.get(from) == VERSION)
                && (shown < 2 || bytes.get(from + 1) == CONNECT || (bytes.get(from + 1) == BIND && !alone));
        if (!may) {
            return Parse.notThis();
        }
        if (shown < SHORTEST) {
            return new Parse.NeedMore<>(SHORTEST);
        }
        ByteCursor fixed = ByteCursor.over(bytes, from + 2, FIXED - 2);
        int port = fixed.u16();
        int network = fixed.u24();
        int last = fixed.u8();
        boolean named = network == 0 && last != 0;
        int user = textEnd(bytes, from + FIXED);
        boolean sound =
                port != 0 && (named || network >> 16 != 0) && user >= 0 && (user != from + SHORTEST || named || !alone);
        if (!sound) {
            return Parse.notThis();
        }
        if (user == 0) {
            return new Parse.NeedMore<>(shown + 1);
        }
        return named ? named(bytes, port, user) : done(bytes, literal(network, last), port, user);
    }

    private static Parse<SocksOpening> named(ByteBuffer bytes, int port, int from) {
        int end = textEnd(bytes, from);
        if (end == 0) {
            return new Parse.NeedMore<>(bytes.remaining() + 1);
        }
        return end < 0 || end - from < 2
                ? Parse.notThis()
                : done(bytes, HostText.of(ByteCursor.latin1(bytes, from, end - 1)), port, end);
    }

    private static Parse<SocksOpening> done(ByteBuffer bytes, HostText host, int port, int end) {
        Command command = bytes.get(bytes.position() + 1) == CONNECT ? Command.CONNECT : Command.BIND;
        Optional<SocksRequest> request = host instanceof HostText.Refused
                ? Optional.empty()
                : Optional.of(new SocksRequest(command, host, port));
        return new Parse.Done<>(new SocksOpening(VERSION, request), end - bytes.position());
    }

    /** Behind the zero that ends a text; 0 while it may yet come, -1 when this is no text. */
    private static int textEnd(ByteBuffer bytes, int from) {
        for (int i = from; i < bytes.limit(); i++) {
            int octet = bytes.get(i);
            if (octet == 0) {
                return i + 1;
            }
            if (octet <= ' ' || octet > '~' || i - from == LONGEST_TEXT) {
                return -1;
            }
        }
        return 0;
    }

    private static HostText literal(int network, int last) {
        byte[] octets = {(byte) (network >> 16), (byte) (network >> 8), (byte) network, (byte) last};
        try {
            return new HostText.Literal(InetAddress.getByAddress(octets));
        } catch (UnknownHostException impossible) {
            throw new AssertionError("an address has 4 bytes", impossible);
        }
    }
}

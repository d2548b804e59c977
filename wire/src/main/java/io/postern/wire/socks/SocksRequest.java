package io.postern.wire.socks;

import io.postern.wire.Parser;
import io.postern.wire.ip.HostText;

/**
 * What a client asks for.
 *
 * @param host a name or an address, never refused text; for {@link Command#UDP_ASSOCIATE} the client's own
 * @param port 1 to 65535, and 0 only where the client does not have to know it: not for {@link Command#CONNECT}
 */
public record SocksRequest(Command command, HostText host, int port) {

    /** RFC 1928 section 4. */
    public enum Command {
        CONNECT,
        BIND,
        UDP_ASSOCIATE
    }

    public static final Parser<SocksRequest> PARSER = new SocksRequestParser();
}

package io.postern.wire.datagram;

import io.postern.wire.Parse;
import io.postern.wire.protocol.DnsQuery;
import io.postern.wire.protocol.DnsQueryParser;
import java.nio.ByteBuffer;

/** Recognises DNS by a client's query: the same message as over TCP, without the length before it. */
public final class DnsDatagramParser implements DatagramParser<DnsQuery> {

    @Override
    public Parse<DnsQuery> parse(ByteBuffer datagram) {
        return DnsQueryParser.alone(datagram);
    }
}

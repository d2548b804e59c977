package io.postern.dns.message;

import io.postern.wire.Parse;
import io.postern.wire.datagram.DatagramParser;
import io.postern.wire.protocol.DnsForm;
import java.nio.ByteBuffer;

/**
 * Recognises and reads DNS in one datagram, of either end and on any port: by {@link DnsForm}, then through dnsjava.
 * Never answers {@link Parse.Malformed}.
 */
public final class DnsDatagramReader implements DatagramParser<DnsFacts> {

    @Override
    public Parse<DnsFacts> parse(ByteBuffer datagram) {
        int length = datagram.remaining();
        return DnsForm.sound(datagram, datagram.position(), length)
                ? new Parse.Done<>(MessageReader.read(datagram, datagram.position(), length), length)
                : Parse.notThis();
    }
}

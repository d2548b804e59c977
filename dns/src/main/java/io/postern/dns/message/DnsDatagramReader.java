package io.postern.dns.message;

import io.postern.wire.Parse;
import io.postern.wire.datagram.DatagramParser;
import io.postern.wire.protocol.DnsForm;
import java.nio.ByteBuffer;

/**
 * Recognises and reads DNS in one datagram, of either end: by {@link DnsForm}, then through dnsjava. Never answers
 * {@link Parse.Malformed}.
 */
public final class DnsDatagramReader implements DatagramParser<DnsFacts> {

    private final boolean ownPort;

    private DnsDatagramReader(boolean ownPort) {
        this.ownPort = ownPort;
    }

    /** By its bytes alone. */
    public static DnsDatagramReader onAnyPort() {
        return new DnsDatagramReader(false);
    }

    /** Of a session with port 53, where damaged messages are known too. */
    public static DnsDatagramReader onItsPort() {
        return new DnsDatagramReader(true);
    }

    @Override
    public Parse<DnsFacts> parse(ByteBuffer datagram) {
        int from = datagram.position();
        int length = datagram.remaining();
        boolean certain = DnsForm.sound(datagram, from, length)
                || DnsForm.asks(datagram, from, length)
                || (ownPort && DnsForm.damaged(datagram, from, length));
        return certain ? new Parse.Done<>(MessageReader.read(datagram, from, length), length) : Parse.notThis();
    }
}

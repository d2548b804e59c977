package io.postern.gateway.recognise;

import io.postern.dns.message.DnsDatagramReader;
import io.postern.dns.message.DnsFacts;
import io.postern.gateway.flows.Learner;
import io.postern.gateway.flows.MemoryBudget;
import io.postern.wire.Parse;
import java.nio.ByteBuffer;

/**
 * Tells a flow of DNS over TCP (RFC 7766) each of its messages, the client's first one left out: by that it is known. Of a
 * message the first {@value #MOST} bytes are held, which questions fit into, and one at a time of each end.
 *
 * <pre>
 * length16 | message | length16 | message | …
 * </pre>
 */
final class DnsTap implements Tap {

    /** Bytes of a message that are looked at. */
    static final int MOST = 4096;

    private static final DnsDatagramReader READER = DnsDatagramReader.onItsPort();

    private final Learner flow;
    private final Messages client;
    private final Messages server;
    private boolean first = true;
    private boolean closed;

    DnsTap(Learner flow, MemoryBudget budget) {
        this.flow = flow;
        client = new Messages(budget, false);
        server = new Messages(budget, true);
    }

    @Override
    public void fromClient(ByteBuffer bytes) {
        client.read(bytes);
    }

    @Override
    public void fromServer(ByteBuffer bytes) {
        server.read(bytes);
    }

    @Override
    public boolean over() {
        return closed;
    }

    @Override
    public void close() {
        closed = true;
        client.kept.release();
        server.kept.release();
    }

    private void said(DnsFacts message, int bytes) {
        if (first && !message.response()) {
            first = false;
        } else {
            flow.said(message, bytes);
        }
    }

    /** Of one end. */
    private final class Messages {

        private final Kept kept;
        private final boolean responses;
        private int lengthOctets;
        private int length;
        private int got;

        Messages(MemoryBudget budget, boolean responses) {
            this.kept = new Kept(budget, MOST);
            this.responses = responses;
        }

        void read(ByteBuffer bytes) {
            while (bytes.hasRemaining() && !closed) {
                if (lengthOctets < 2) {
                    length = length << 8 | (bytes.get() & 0xFF);
                    lengthOctets++;
                } else {
                    take(bytes);
                }
                if (lengthOctets == 2 && got == length) {
                    ended();
                }
            }
        }

        private void take(ByteBuffer bytes) {
            int some = Math.min(bytes.remaining(), length - got);
            int room = Math.min(some, kept.room());
            if (room > 0 && !kept.add(bytes.slice(bytes.position(), room))) {
                // Out of memory for all taps: what is missed is a question, not the flow.
                close();
                return;
            }
            bytes.position(bytes.position() + some);
            got += some;
        }

        private void ended() {
            if (READER.parse(kept.all()) instanceof Parse.Done<DnsFacts> done
                    && done.value().response() == responses) {
                said(done.value(), length);
            }
            kept.clear();
            lengthOctets = 0;
            length = 0;
            got = 0;
        }
    }
}

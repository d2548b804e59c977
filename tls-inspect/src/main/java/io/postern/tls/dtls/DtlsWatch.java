package io.postern.tls.dtls;

import io.postern.tls.hello.ClientHello;
import io.postern.tls.hello.HandshakeBodies;
import io.postern.tls.hello.ServerHello;
import io.postern.tls.hello.TlsSettings;
import io.postern.tls.watch.Budget;
import io.postern.tls.watch.HandshakeListener;
import io.postern.tls.watch.Side;
import io.postern.wire.ByteCursor;
import io.postern.wire.Parse;
import java.nio.ByteBuffer;

/**
 * Follows the DTLS handshake of one session (1.0, 1.2, 1.3): ClientHello, that after a HelloVerifyRequest, ServerHello
 * and, up to 1.2, the server's certificate, from fragments in any order over any number of records and datagrams. Holds
 * what is incomplete (asking the budget), otherwise about 300 bytes; not thread-safe.
 */
public final class DtlsWatch {

    private static final int FATAL = 2;
    private static final int ALERT_BYTES = 2;
    private static final ByteBuffer NOTHING = ByteBuffer.allocate(0);

    private final HandshakeListener listener;
    private final Half client;
    private final Half server;
    private boolean recognised;

    public DtlsWatch(TlsSettings settings, Budget budget, HandshakeListener listener) {
        this.listener = listener;
        this.client = new Half(Side.CLIENT, settings, budget);
        this.server = new Half(Side.SERVER, settings, budget);
    }

    /**
     * One datagram of this side; moves neither position nor limit and keeps no reference.
     *
     * @return whether it consists of DTLS records as far as anybody can see, or has a hello in front: the rule for
     *     recognising a session by one datagram, also from the middle of it
     */
    public boolean feed(Side by, ByteBuffer datagram) {
        Half half = half(by);
        half.datagram = datagram;
        boolean records = DtlsRecords.read(datagram, half);
        half.datagram = NOTHING;
        recognised |= records;
        if (!records && recognised && DtlsRecords.unified(datagram)) {
            half.record(DtlsRecords.UNIFIED, 0, 0, 0);
        }
        if (half.ending) {
            half.finish();
        }
        return records;
    }

    /** Whether a datagram holds a ClientHello in clear or a part of one, with which a handshake begins. */
    public static boolean begins(ByteBuffer datagram) {
        return DtlsRecords.clientHello(datagram);
    }

    /** Whether feeding this side can still tell anything. */
    public boolean wants(Side by) {
        return !half(by).done;
    }

    /** Bytes charged to the budget now. */
    public int held() {
        return client.fragments.held() + server.fragments.held();
    }

    /** Gives back what is held; the watch wants nothing more. May be called again. */
    public void close() {
        client.finish();
        server.finish();
    }

    private Half half(Side by) {
        return by == Side.CLIENT ? client : server;
    }

    /** What one side says. */
    private final class Half implements DtlsRecords.Reader, Fragments.Reader {

        private final Side side;
        private final Fragments fragments;
        private ByteBuffer datagram = NOTHING;
        private boolean done;
        /** It is done with this datagram: what an end drops as a fault may stand before what it takes. */
        private boolean ending;

        Half(Side side, TlsSettings settings, Budget budget) {
            this.side = side;
            this.fragments = new Fragments(budget, settings.maxHelloBytes(), this::wanted, side == Side.CLIENT, this);
        }

        @Override
        public void record(int type, int epoch, int from, int length) {
            if (done) {
                return;
            }
            boolean clear = epoch == 0;
            if (type == DtlsRecords.HANDSHAKE && clear) {
                fragments.record(datagram, from, length);
            } else if (type == DtlsRecords.ALERT && clear && length == ALERT_BYTES) {
                alert(datagram.get(from) & 0xFF, datagram.get(from + 1) & 0xFF);
            } else if (type == DtlsRecords.APPLICATION_DATA || type == DtlsRecords.UNIFIED) {
                if (!ending) {
                    ending = true;
                    listener.applicationData(side);
                }
            }
        }

        @Override
        public void message(int type, ByteCursor body) {
            switch (type) {
                case HandshakeBodies.CLIENT_HELLO -> clientHello(HandshakeBodies.dtlsClientHello(body));
                case HandshakeBodies.SERVER_HELLO -> serverHello(HandshakeBodies.serverHello(body));
                default -> certificate(body);
            }
        }

        @Override
        public void fault(String rule) {
            if (!done && !ending) {
                ending = true;
                listener.malformed(side, rule);
            }
        }

        private boolean wanted(int type) {
            boolean server = type == HandshakeBodies.SERVER_HELLO || type == HandshakeBodies.CERTIFICATE;
            return !done && (side == Side.CLIENT ? type == HandshakeBodies.CLIENT_HELLO : server);
        }

        private void finish() {
            done = true;
            fragments.clear();
        }

        private void alert(int level, int description) {
            listener.alert(side, level, description);
            ending |= level == FATAL;
        }

        private void clientHello(Parse<ClientHello> parse) {
            if (parse instanceof Parse.Done<ClientHello> hello) {
                listener.clientHello(hello.value());
            } else if (parse instanceof Parse.Malformed<ClientHello> malformed) {
                fault(malformed.rule());
            }
        }

        private void serverHello(Parse<ServerHello> parse) {
            if (parse instanceof Parse.Done<ServerHello> hello) {
                listener.serverHello(hello.value());
            } else if (parse instanceof Parse.Malformed<ServerHello> malformed) {
                fault(malformed.rule());
            }
        }

        /** {@code length24 | (length24 | certificate)*}, RFC 5246 section 7.4.2. */
        private void certificate(ByteCursor body) {
            ByteCursor list = body.slice(body.u24());
            ByteCursor first = list.slice(list.u24());
            byte[] der = new byte[first.remaining()];
            for (int i = 0; i < der.length; i++) {
                der[i] = (byte) first.u8();
            }
            int chain = 1;
            while (!list.isEmpty()) {
                list.skip(list.u24());
                chain++;
            }
            if (der.length > 0) {
                listener.certificate(der, chain);
            }
        }
    }
}

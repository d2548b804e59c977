package io.postern.tls.stream;

import io.postern.tls.hello.Ssl2Hello;
import io.postern.tls.hello.Ssl2HelloParser;
import io.postern.tls.hello.TlsSettings;
import io.postern.tls.watch.Budget;
import io.postern.tls.watch.HandshakeListener;
import io.postern.tls.watch.Pieces;
import io.postern.tls.watch.Side;
import io.postern.wire.Parse;
import java.nio.ByteBuffer;

/**
 * Follows the TLS of one stream, both directions, from its first byte or from the middle: fed with the bytes in order,
 * cut anyhow, tells its listener what there is to know and then wants no more. Holds a message only until it is whole
 * (asking the budget), otherwise about 800 bytes; reads no clock; not thread-safe.
 *
 * <pre>
 * UNDECIDED → CERTAIN   a ClientHello, an SSLv2-style one, a ServerHello; or, from the middle, records in a row
 *           → NOT_THIS  certain too
 * </pre>
 */
public final class TlsWatch {

    /** Where in the stream the first bytes fed are from. */
    public enum Start {
        /** TLS begins with them. */
        BEGINNING,
        /**
         * Earlier bytes may have been missed, in either direction: records are searched for, inside pieces too, so that the
         * TLS in somebody's tunnel is found. Ask those first who know how their protocol begins.
         */
        MIDDLE
    }

    public enum Standing {
        UNDECIDED,
        CERTAIN,
        NOT_THIS
    }

    /** Two headers at the distance the first one says: one in 2^40 of random places; one that fills a piece, in 2^35. */
    private static final int ENOUGH_IN_A_ROW = 2;

    private static final int SSL_2 = 0x0002;

    private final HandshakeListener listener;
    private final boolean middle;
    private final Half client;
    private final Half server;
    private final Pieces old;

    private Standing standing = Standing.UNDECIDED;
    private boolean begun;
    private boolean mayBeOld;

    public TlsWatch(TlsSettings settings, Budget budget, HandshakeListener listener, Start start) {
        this.listener = listener;
        this.middle = start == Start.MIDDLE;
        this.client = new Half(this, Side.CLIENT, settings, budget, listener, middle);
        this.server = new Half(this, Side.SERVER, settings, budget, listener, middle);
        this.old = new Pieces(budget, Ssl2HelloParser.LONGEST);
    }

    /** The next bytes of this side; moves neither position nor limit and keeps no reference. */
    public void feed(Side by, ByteBuffer bytes) {
        if (!bytes.hasRemaining() || !wants(by)) {
            return;
        }
        if (by == Side.CLIENT && !begun) {
            begun = true;
            mayBeOld = !middle && bytes.get(bytes.position()) < 0;
        }
        if (by == Side.CLIENT && mayBeOld) {
            oldHello(bytes);
        } else {
            half(by).feed(bytes);
        }
        if (middle && standing == Standing.UNDECIDED) {
            weigh();
        }
    }

    /** This side's stream lost bytes here that will never come: what was half read is dropped. */
    public void gap(Side by) {
        if (standing == Standing.UNDECIDED && !middle) {
            standing = Standing.NOT_THIS;
            close();
        }
        half(by).gap();
    }

    public Standing standing() {
        return standing;
    }

    /** Whether feeding this side can still tell anything. */
    public boolean wants(Side by) {
        return standing != Standing.NOT_THIS && half(by).wants();
    }

    /** Bytes charged to the budget now. */
    public int held() {
        return client.held() + server.held() + old.held();
    }

    /** Gives back what is held; the watch wants nothing more. May be called again. */
    public void close() {
        client.close();
        server.close();
        old.clear();
    }

    void certain() {
        if (standing == Standing.UNDECIDED) {
            standing = Standing.CERTAIN;
            client.applicationData();
            server.applicationData();
        }
    }

    /** These bytes begin no TLS; once it is certain, they are only out of order. */
    void notThis() {
        if (standing == Standing.UNDECIDED) {
            standing = Standing.NOT_THIS;
            close();
        }
    }

    boolean isCertain() {
        return standing == Standing.CERTAIN;
    }

    Half half(Side side) {
        return side == Side.CLIENT ? client : server;
    }

    /** From the middle: enough headers in a row in one direction, or a piece that is records and nothing else. */
    private void weigh() {
        Records ofClient = client.records();
        Records ofServer = server.records();
        boolean inARow = ofClient.inRow() >= ENOUGH_IN_A_ROW || ofServer.inRow() >= ENOUGH_IN_A_ROW;
        if (inARow || ofClient.filled() || ofServer.filled()) {
            certain();
        } else if (!client.wants() && !server.wants()) {
            notThis();
        }
    }

    private void oldHello(ByteBuffer bytes) {
        int before = old.ready();
        int room = Math.min(bytes.remaining(), Ssl2HelloParser.LONGEST - before);
        if (old.put(before, bytes, bytes.position(), room) != Pieces.Put.TAKEN) {
            notThis();
            return;
        }
        Parse<Ssl2Hello> parse = new Ssl2HelloParser().parse(old.view());
        if (parse instanceof Parse.Done<Ssl2Hello> done) {
            old.clear();
            mayBeOld = false;
            certain();
            listener.oldHello(done.value());
            if (done.value().version() == SSL_2) {
                close();
            } else {
                int rest = done.consumed() - before;
                client.feed(bytes.slice(bytes.position() + rest, bytes.remaining() - rest));
            }
        } else if (!(parse instanceof Parse.NeedMore<Ssl2Hello>)) {
            notThis();
        }
    }
}

package io.postern.gateway.recognise;

import io.postern.analytics.flow.Basis;
import io.postern.analytics.flow.Protocol;
import io.postern.gateway.flows.Learner;
import io.postern.gateway.flows.MemoryBudget;
import io.postern.gateway.flows.Recognised;
import io.postern.tls.dtls.DtlsWatch;
import io.postern.tls.fingerprint.Ja4;
import io.postern.tls.hello.TlsSettings;
import io.postern.tls.quic.InitialCipher;
import io.postern.tls.quic.QuicSettings;
import io.postern.tls.quic.QuicVersions;
import io.postern.tls.quic.QuicWatch;
import io.postern.tls.watch.Side;
import java.nio.ByteBuffer;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/**
 * Recognises a session of datagrams: by each of its first ones while nobody recognises any, and by handshakes behind
 * whatever else was sent, which servers of datagrams pass over. Follows the handshakes of QUIC and DTLS to their end.
 */
public final class SessionHearing {

    // About 10 KiB, and without memory of any session.
    private static final ThreadLocal<InitialCipher> CIPHER = ThreadLocal.withInitial(InitialCipher::new);

    private static final int SHORTEST_WITH_INITIAL = 1200;
    private static final int LONG_HEADER = 0x80;
    /** Google's: an id of the connection, neither reset nor multipath; with a version or without. */
    private static final int PUBLIC_HEADER = 0x08;

    private static final int PUBLIC_HEADER_BITS = 0xCA;

    private final DatagramSniffers sniffers;
    private final MemoryBudget budget;
    private final Executor certificates;
    private final Learner flow;
    private final boolean dnsPort;
    private @Nullable QuicWatch quic;
    private boolean opened;
    private @Nullable DtlsWatch dtls;
    private int looks;

    /**
     * @param certificates where certificates are read, which takes too long for an event loop
     * @param port the server's
     * @param looks datagrams that were looked at before
     */
    SessionHearing(
            DatagramSniffers sniffers, MemoryBudget budget, Executor certificates, Learner flow, int port, int looks) {
        this.sniffers = sniffers;
        this.budget = budget;
        this.certificates = certificates;
        this.flow = flow;
        this.looks = looks;
        this.dnsPort = port == DatagramSniffers.DNS_PORT;
    }

    /** One whole datagram of this side; its position may be moved. */
    public void datagram(Side by, ByteBuffer bytes) {
        looks++;
        int first = bytes.hasRemaining() ? bytes.get(bytes.position()) & 0xFF : 0;
        if (mayBeQuic(first) && quic(by, bytes)) {
            return;
        }
        if (DatagramSniffers.dtls(first) && dtls(by, bytes)) {
            return;
        }
        if (by == Side.CLIENT && first == DatagramSniffers.WIREGUARD_INITIATION) {
            Recognised now = sniffers.ask(bytes, dnsPort);
            if (now.protocol() == Protocol.WIREGUARD && flow.recognised().protocol() != Protocol.WIREGUARD) {
                flow.learnt(now);
                return;
            }
        }
        if (DatagramSniffers.speaksDns(flow.recognised())) {
            int length = bytes.remaining();
            sniffers.dns(bytes, dnsPort)
                    .filter(message -> message.response() == (by == Side.SERVER))
                    .ifPresent(message -> flow.said(message, length));
        } else if (flow.recognised().protocol() == Protocol.UNKNOWN) {
            Recognised now = sniffers.ask(bytes, dnsPort);
            if (now.protocol() != Protocol.UNKNOWN || flow.recognised().basis() == Basis.END) {
                flow.learnt(now);
            }
        }
    }

    private static boolean mayBeQuic(int first) {
        return first >= LONG_HEADER || (first & PUBLIC_HEADER_BITS) == PUBLIC_HEADER;
    }

    private boolean quic(Side by, ByteBuffer bytes) {
        // Servers drop a client's Initial in a shorter one, RFC 9000 section 14.1: it would be read here alone.
        if (by == Side.CLIENT && initial(bytes) && bytes.remaining() < SHORTEST_WITH_INITIAL) {
            return quic != null;
        }
        if (quic == null) {
            begin(by, bytes);
        } else if (by == Side.SERVER || quic.wants(by)) {
            quic.feed(by, bytes);
            if (!quic.wants(Side.CLIENT) && !quic.wants(Side.SERVER) && !opened) {
                // It gave up before anything could be read: what it gave up at is read anew.
                begin(by, bytes);
            }
        } else if (initial(bytes)) {
            begin(by, bytes);
        }
        return quic != null && quic.recognised();
    }

    /** Another connection may begin between the same ends; it takes the place of the one before if it can be read. */
    private void begin(Side by, ByteBuffer bytes) {
        QuicHandshakes told = new QuicHandshakes(flow, certificates);
        QuicWatch fresh = new QuicWatch(QuicSettings.DEFAULTS, budget, CIPHER.get(), told);
        fresh.feed(by, bytes);
        if (told.opened || (quic == null && (fresh.recognised() || fresh.held() > 0))) {
            if (quic != null) {
                quic.close();
            }
            quic = fresh;
            opened = told.opened;
        } else {
            fresh.close();
        }
    }

    private static boolean initial(ByteBuffer bytes) {
        return bytes.hasRemaining()
                && DatagramSniffers.longHeader(bytes.get(bytes.position()) & 0xFF)
                && QuicWatch.hasInitial(bytes);
    }

    private boolean dtls(Side by, ByteBuffer bytes) {
        DtlsWatch watch = dtls;
        boolean begins = by == Side.CLIENT && DtlsWatch.begins(bytes);
        if (watch == null && !begins && flow.recognised().protocol() == Protocol.DTLS) {
            return true;
        }
        // What ended the one before may have been for us alone.
        boolean anew = watch == null || (begins && !watch.wants(Side.CLIENT));
        if (watch == null || anew) {
            watch = new DtlsWatch(
                    TlsSettings.DEFAULTS, budget, new Handshakes(flow, Ja4.Transport.DTLS, certificates, false));
        }
        if (!watch.feed(by, bytes)) {
            return false;
        }
        if (dtls != null && anew) {
            dtls.close();
        }
        dtls = watch;
        if (flow.recognised().protocol() != Protocol.DTLS) {
            flow.learnt(
                    Recognised.certain(Protocol.DTLS).saying(flow.recognised().spoken()));
        }
        return true;
    }

    /** Whether it is in the middle of a handshake; else all there is to keep of it are its {@link #looks()}. */
    public boolean watching() {
        if (quic != null) {
            return quic.wants(Side.CLIENT) || quic.wants(Side.SERVER);
        }
        return dtls != null && (dtls.wants(Side.CLIENT) || dtls.wants(Side.SERVER));
    }

    /** Datagrams looked at. */
    public int looks() {
        return looks;
    }

    /** Gives back what is held; nothing more is looked at. */
    public void close() {
        if (quic != null) {
            quic.close();
        }
        if (dtls != null) {
            dtls.close();
        }
    }

    /** Besides its handshake, that it is QUIC at all. */
    private static final class QuicHandshakes extends Handshakes {

        private final Learner flow;
        private boolean opened;

        QuicHandshakes(Learner flow, Executor certificates) {
            super(flow, Ja4.Transport.QUIC, certificates, false);
            this.flow = flow;
        }

        @Override
        public void recognised(int version, Evidence evidence) {
            opened |= evidence == Evidence.OPENED;
            flow.learnt(Recognised.certain(Protocol.QUIC)
                    .saying(flow.recognised().spoken().quic(QuicVersions.name(version))));
        }
    }
}

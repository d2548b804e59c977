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

    private static final int LONG_HEADER = 0x80;
    /** Google's: a version and an id of the connection. */
    private static final int PUBLIC_HEADER = 0x09;

    private static final int PUBLIC_HEADER_BITS = 0xC9;
    private static final int FIRST_DTLS_TYPE = 20;
    private static final int LAST_DTLS_TYPE = 26;

    private final DatagramSniffers sniffers;
    private final MemoryBudget budget;
    private final Executor certificates;
    private final Learner flow;
    private final boolean dnsPort;
    private @Nullable QuicWatch quic;
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
        if (first >= FIRST_DTLS_TYPE && first <= LAST_DTLS_TYPE && dtls(by, bytes)) {
            return;
        }
        if (flow.recognised().protocol() == Protocol.UNKNOWN) {
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
        QuicWatch watch = quic;
        if (watch == null) {
            watch = new QuicWatch(QuicSettings.DEFAULTS, budget, CIPHER.get(), new QuicHandshakes(flow, certificates));
        }
        watch.feed(by, bytes);
        if (watch.recognised() || watch.held() > 0) {
            quic = watch;
            return watch.recognised();
        }
        watch.close();
        return false;
    }

    private boolean dtls(Side by, ByteBuffer bytes) {
        DtlsWatch watch = dtls;
        if (watch == null) {
            watch = new DtlsWatch(
                    TlsSettings.DEFAULTS, budget, new Handshakes(flow, Ja4.Transport.DTLS, certificates, false));
        }
        boolean records = watch.feed(by, bytes);
        if (!records) {
            return false;
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

        QuicHandshakes(Learner flow, Executor certificates) {
            super(flow, Ja4.Transport.QUIC, certificates, false);
            this.flow = flow;
        }

        @Override
        public void recognised(int version, Evidence evidence) {
            flow.learnt(Recognised.certain(Protocol.QUIC)
                    .saying(flow.recognised().spoken().quic(QuicVersions.name(version))));
        }
    }
}

package io.postern.gateway.recognise;

import io.postern.analytics.flow.Basis;
import io.postern.gateway.flows.Learner;
import io.postern.gateway.flows.MemoryBudget;
import io.postern.gateway.flows.Recognised;
import io.postern.gateway.records.UrlPaths;
import io.postern.tls.fingerprint.Ja4;
import io.postern.tls.hello.TlsSettings;
import io.postern.tls.stream.TlsWatch;
import io.postern.wire.dialogue.Dialogue;
import io.postern.wire.http.HttpListener.Turn;
import io.postern.wire.websocket.FrameFault;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Executor;
import java.util.function.Consumer;

/** Which recognised flows may yet tell more or turn to something else, and who watches for it. */
public final class Taps {

    private static final Set<Basis> GIVEN_UP = Set.of(Basis.TIMEOUT, Basis.LIMIT, Basis.MALFORMED);

    private final int maxHelloBytes;
    private final TlsSettings hellos;
    private final MemoryBudget budget;
    private final Consumer<FrameFault> faults;
    private final Executor certificates;
    private final UrlPaths paths;

    /**
     * @param maxHelloBytes room for a ClientHello, in bytes with its record headers
     * @param faults told of frames that break the rules of WebSocket
     * @param certificates where certificates are read, which takes too long for an event loop
     */
    public Taps(int maxHelloBytes, MemoryBudget budget, Consumer<FrameFault> faults, Executor certificates) {
        this(maxHelloBytes, budget, faults, certificates, UrlPaths.none());
    }

    /**
     * The same.
     *
     * @param paths what is kept of requests'
     */
    public Taps(
            int maxHelloBytes,
            MemoryBudget budget,
            Consumer<FrameFault> faults,
            Executor certificates,
            UrlPaths paths) {
        this.paths = paths;
        this.maxHelloBytes = maxHelloBytes;
        this.hellos = new TlsSettings(maxHelloBytes, TlsSettings.DEFAULTS.maxRecords());
        this.budget = budget;
        this.faults = faults;
        this.certificates = certificates;
    }

    /** Bytes of the certificates that are remembered, so that one that comes again is not read again; of all taps together. */
    public static long certificateBytes() {
        return Handshakes.CERTIFICATES.bytes();
    }

    /** What is kept of requests'. */
    public UrlPaths paths() {
        return paths;
    }

    /** For a stream of bytes that was recognised just now, or that nobody knows. */
    public Tap on(Learner flow, Recognised recognised) {
        return switch (recognised.protocol()) {
            case TLS -> tls(flow, TlsWatch.Start.BEGINNING, recognised.tls().isPresent());
            case SMTP -> startTls(flow, Dialogue.SMTP);
            case IMAP -> startTls(flow, Dialogue.IMAP);
            case POP3 -> startTls(flow, Dialogue.POP3);
            case FTP -> startTls(flow, Dialogue.FTP);
            case XMPP -> startTls(flow, Dialogue.XMPP);
            case HTTP -> new HttpTap(flow, paths, turn -> behind(flow, turn));
            case HTTP2 -> http2(flow);
            // What they carry begins behind a few messages of theirs.
            case SOCKS, RDP -> tls(flow, TlsWatch.Start.MIDDLE, false);
            case UNKNOWN ->
                // What was begun and not finished in time or in its room is not waited for a second time.
                GIVEN_UP.contains(recognised.basis())
                        ? new LateTap(flow, Optional.empty(), this::on)
                        : new LateTap(flow, Optional.of(watch(flow, TlsWatch.Start.MIDDLE, false)), this::on);
            case DNS -> DatagramSniffers.speaksDns(recognised) ? new DnsTap(flow, budget) : Tap.NONE;
            case QUIC, WEBSOCKET, GRPC, SSH, MQTT, STUN, DTLS, WIREGUARD, BITTORRENT, MTALK -> Tap.NONE;
        };
    }

    private Tap http2(Learner flow) {
        return budget.take(Http2Tap.ROOM) ? new Http2Tap(flow, paths, budget) : Tap.NONE;
    }

    /** For what becomes a WebSocket. */
    public Tap frames(Learner flow) {
        return new FrameTap(flow, faults);
    }

    private Tap behind(Learner flow, Turn turn) {
        return switch (turn) {
            case WEBSOCKET -> frames(flow);
            case H2C -> http2(flow);
            case TUNNEL -> tls(flow, TlsWatch.Start.BEGINNING, false);
            // Such as TLS, RFC 2817.
            case OTHER -> tls(flow, TlsWatch.Start.MIDDLE, false);
        };
    }

    private Tap startTls(Learner flow, Dialogue dialogue) {
        return new StartTlsTap(
                dialogue, () -> tls(flow, TlsWatch.Start.BEGINNING, false), new Kept(budget, maxHelloBytes));
    }

    private Tap tls(Learner flow, TlsWatch.Start start, boolean known) {
        return new TlsTap(watch(flow, start, known));
    }

    private TlsWatch watch(Learner flow, TlsWatch.Start start, boolean known) {
        return new TlsWatch(hellos, budget, new Handshakes(flow, Ja4.Transport.TCP, certificates, known), start);
    }
}

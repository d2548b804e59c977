package io.postern.tls.quic;

import io.postern.tls.hello.ClientHello;
import io.postern.tls.hello.HandshakeBodies;
import io.postern.tls.hello.ServerHello;
import io.postern.tls.quic.QuicListener.Evidence;
import io.postern.tls.watch.Budget;
import io.postern.tls.watch.Side;
import io.postern.wire.ByteCursor;
import io.postern.wire.Parse;
import java.nio.ByteBuffer;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Follows the QUIC handshake of one session: opens the Initials of both sides, puts their CRYPTO frames in order and
 * tells its listener the hellos. Coalesced packets, Retry, version negotiation and 0-RTT are read past or followed.
 * Holds what is incomplete (asking the budget) and about 500 bytes besides; not thread-safe.
 */
public final class QuicWatch {

    static final String NO_CLIENT_HELLO = "Initial CRYPTO stream without ClientHello, RFC 9001 section 4.1.3";
    static final String NO_SERVER_HELLO = "Initial CRYPTO stream without ServerHello, RFC 9001 section 4.1.3";

    private static final byte[] NO_ID = new byte[0];

    private final QuicSettings settings;
    private final InitialCipher cipher;
    private final QuicListener listener;
    private final CryptoStream client;
    private final CryptoStream server;

    private boolean clientDone;
    private boolean serverDone;
    private int packets;
    private @Nullable Evidence evidence;
    private int told;
    private boolean retried;

    /** The id the keys are made from: the destination of the client's first Initial, or the source of a Retry. */
    private byte[] id = NO_ID;

    private int version;
    private @Nullable InitialKeys clientKeys;
    private @Nullable InitialKeys serverKeys;

    public QuicWatch(QuicSettings settings, Budget budget, InitialCipher cipher, QuicListener listener) {
        this.settings = settings;
        this.cipher = cipher;
        this.listener = listener;
        this.client = new CryptoStream(budget, settings.maxHelloBytes());
        this.server = new CryptoStream(budget, settings.maxHelloBytes());
    }

    /** One datagram of this side; moves neither position nor limit and keeps no reference. */
    public void feed(Side by, ByteBuffer datagram) {
        if (!wants(by)) {
            return;
        }
        int at = datagram.position();
        LongHeader header = LongHeader.read(datagram, at, datagram.limit());
        int before = packets;
        byte[] first = header == null ? NO_ID : bytes(datagram, header.destination(), header.destinationLength());
        while (header != null && wants(by)) {
            if (!Arrays.equals(bytes(datagram, header.destination(), header.destinationLength()), first)) {
                // Receivers ignore it, RFC 9000 section 12.2; here each id would cost the making of keys.
                break;
            }
            packet(by, datagram, header);
            at = header.end();
            header = at < datagram.limit() ? LongHeader.read(datagram, at, datagram.limit()) : null;
        }
        if (packets == before) {
            tried();
        }
        if (evidence == null) {
            Integer shown = QuicShape.version(datagram);
            if (shown != null) {
                recognised(shown, Evidence.SHAPE);
            }
        }
    }

    /** Whether an Initial is among the packets of a datagram: a client may send others before it, RFC 9000 section 12.2. */
    public static boolean hasInitial(ByteBuffer datagram) {
        int end = datagram.limit();
        LongHeader header = LongHeader.read(datagram, datagram.position(), end);
        while (header != null && header.type() != LongHeader.Type.INITIAL) {
            header = header.end() < end ? LongHeader.read(datagram, header.end(), end) : null;
        }
        return header != null;
    }

    /** Whether any datagram so far was QUIC, see {@link QuicListener#recognised}. */
    public boolean recognised() {
        return evidence != null;
    }

    /** Whether an Initial of the client was opened, but not all of its hello has come. */
    public boolean incomplete() {
        return clientKeys != null && !clientDone;
    }

    /** Whether feeding this side can still tell anything; for the client it may turn true again, by a retry. */
    public boolean wants(Side by) {
        return by == Side.CLIENT ? !clientDone : !serverDone;
    }

    /** Bytes charged to the budget now. */
    public int held() {
        return client.held() + server.held();
    }

    /** Gives back what is held; the watch wants nothing more. May be called again. */
    public void close() {
        clientDone = true;
        serverDone = true;
        client.clear();
        server.clear();
        clientKeys = null;
        serverKeys = null;
    }

    private void packet(Side by, ByteBuffer datagram, LongHeader header) {
        switch (header.type()) {
            case INITIAL -> {
                tried();
                if (by == Side.CLIENT) {
                    ofClient(datagram, header);
                } else if (id.length > 0) {
                    ofServer(datagram, header);
                }
            }
            case RETRY -> {
                // A client takes one and no other (RFC 9000 section 17.2.5.2), but a server may answer each Initial.
                if (by == Side.SERVER && evidence != null && !retried && header.sourceLength() > 0) {
                    retried = true;
                    begin(header.version(), bytes(datagram, header.source(), header.sourceLength()));
                    listener.retry();
                }
            }
            case NEGOTIATION -> {
                if (by == Side.SERVER && evidence != null && QuicShape.version(datagram) != null) {
                    retried = false;
                    begin(QuicShape.NEGOTIATION, NO_ID);
                    listener.versionNegotiation();
                }
            }
            case EARLY, HANDSHAKE, OTHER -> {}
        }
    }

    private void tried() {
        packets++;
        if (packets > settings.maxPackets()) {
            close();
        }
    }

    /** Everything from before is forgotten; the client says hello again. */
    private void begin(int newVersion, byte[] newId) {
        version = newVersion;
        id = newId;
        clientKeys = null;
        serverKeys = null;
        clientDone = false;
        client.restart();
        server.restart();
    }

    /** By the keys so far, or by those of this packet: it may be the first one, or follow a Retry that was missed. */
    private void ofClient(ByteBuffer datagram, LongHeader header) {
        if (clientDone) {
            return;
        }
        if (clientKeys == null && id.length > 0 && version == header.version()) {
            clientKeys = cipher.keys(version, id, Side.CLIENT);
        }
        ByteBuffer frames = clientKeys == null || version != header.version()
                ? ByteBuffer.allocate(0)
                : cipher.open(clientKeys, datagram, header);
        byte[] chosen = bytes(datagram, header.destination(), header.destinationLength());
        if (!frames.hasRemaining() && (version != header.version() || !Arrays.equals(chosen, id))) {
            InitialKeys keys = cipher.keys(header.version(), chosen, Side.CLIENT);
            frames = cipher.open(keys, datagram, header);
            if (frames.hasRemaining()) {
                begin(header.version(), chosen);
                clientKeys = keys;
            }
        }
        read(Side.CLIENT, header, frames);
    }

    /** The server may answer in another version than the client's, with that one's keys (RFC 9368 section 2.3). */
    private void ofServer(ByteBuffer datagram, LongHeader header) {
        if (serverKeys == null || version != header.version()) {
            version = header.version();
            serverKeys = cipher.keys(version, id, Side.SERVER);
        }
        read(Side.SERVER, header, cipher.open(serverKeys, datagram, header));
    }

    private void read(Side by, LongHeader header, ByteBuffer frames) {
        if (!frames.hasRemaining()) {
            return;
        }
        recognised(header.version(), Evidence.OPENED);
        CryptoStream stream = by == Side.CLIENT ? client : server;
        InitialFrames.Reader reader = reader(by, stream);
        if (QuicVersions.google(header.version())) {
            InitialFrames.readGoogle(frames, reader);
        } else {
            InitialFrames.read(frames, reader);
        }
        if (wants(by)) {
            message(by, stream);
        }
    }

    private InitialFrames.Reader reader(Side by, CryptoStream stream) {
        return new InitialFrames.Reader() {
            @Override
            public void crypto(long offset, ByteBuffer bytes, int from, int length) {
                String fault = stream.put(offset, bytes, from, length);
                if (fault != null) {
                    malformed(by, fault);
                }
            }

            @Override
            public void close(long code) {
                listener.closed(by, code);
                QuicWatch.this.close();
            }
        };
    }

    private void message(Side by, CryptoStream stream) {
        int expected = by == Side.CLIENT ? HandshakeBodies.CLIENT_HELLO : HandshakeBodies.SERVER_HELLO;
        if (stream.type() != 0 && stream.type() != expected) {
            malformed(by, by == Side.CLIENT ? NO_CLIENT_HELLO : NO_SERVER_HELLO);
            return;
        }
        ByteCursor message = stream.message();
        if (message == null) {
            return;
        }
        int length = message.remaining();
        if (by == Side.CLIENT) {
            clientHello(HandshakeBodies.clientHello(message), length);
        } else {
            serverHello(HandshakeBodies.serverHello(message), length);
        }
    }

    private void clientHello(Parse<ClientHello> parse, int length) {
        if (parse instanceof Parse.Done<ClientHello> hello) {
            clientDone = true;
            clientKeys = null;
            client.next(length);
            listener.clientHello(hello.value());
        } else if (parse instanceof Parse.Malformed<ClientHello> fault) {
            malformed(Side.CLIENT, fault.rule());
        }
    }

    private void serverHello(Parse<ServerHello> parse, int length) {
        if (parse instanceof Parse.Done<ServerHello> hello) {
            boolean retry = hello.value().retry();
            server.next(length);
            clientDone &= !retry;
            serverDone = !retry;
            listener.serverHello(hello.value());
            if (clientDone && serverDone) {
                close();
            }
        } else if (parse instanceof Parse.Malformed<ServerHello> fault) {
            malformed(Side.SERVER, fault.rule());
        }
    }

    private void malformed(Side by, String rule) {
        if (wants(by)) {
            clientDone |= by == Side.CLIENT;
            serverDone |= by == Side.SERVER;
            (by == Side.CLIENT ? client : server).clear();
            listener.malformed(by, rule);
        }
    }

    private void recognised(int shown, Evidence by) {
        if (evidence == null || (by == Evidence.OPENED && (evidence == Evidence.SHAPE || shown != told))) {
            evidence = by;
            told = shown;
            listener.recognised(shown, by);
        }
    }

    private static byte[] bytes(ByteBuffer datagram, int from, int length) {
        byte[] bytes = new byte[length];
        datagram.get(from, bytes);
        return bytes;
    }
}

package io.postern.tls.stream;

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
 * One direction of a TLS stream.
 *
 * <pre>
 * client: ClientHello [ChangeCipherSpec ClientHello] … | protected
 * server: [HelloRetryRequest] ServerHello [Certificate …] | protected
 * </pre>
 */
final class Half implements Records.Reader, Messages.Reader {

    static final String NO_RECORD = "no record where one should begin, RFC 8446 section 5.1";
    static final String INTERRUPTED = "no handshake record where a message goes on, RFC 8446 section 5.1";
    static final String MORE_IN_RECORD = "more in the record than the ClientHello, RFC 8446 section 5.1";

    private static final int TLS_1_2 = 0x0303;
    private static final int FATAL = 2;
    private static final int ALERT_BYTES = 2;

    private final TlsWatch watch;
    private final Side side;
    private final HandshakeListener listener;
    private final boolean middle;
    private final Records records;
    private final Messages messages;

    private boolean done;

    /** Whether what follows is protected, so that a handshake or alert record says nothing. */
    private boolean hidden;

    private boolean toldData;
    private boolean sawData;
    private boolean version13;
    private boolean gap;

    /** Whether nothing of the current record was seen yet. */
    private boolean fresh;

    /** Whether the current handshake record is read past: it may be protected. */
    private boolean past;

    private int alertLength;
    private int alert;
    private int alertBytes;

    Half(TlsWatch watch, Side side, TlsSettings settings, Budget budget, HandshakeListener listener, boolean middle) {
        this.watch = watch;
        this.side = side;
        this.listener = listener;
        this.middle = middle;
        this.records = new Records(this, middle);
        this.messages = new Messages(settings, budget, this::wanted, this);
    }

    Records records() {
        return records;
    }

    void feed(ByteBuffer bytes) {
        records.feed(bytes);
        if (middle && !watch.isCertain() && records.searchedEnough()) {
            done = true;
        }
        if (done) {
            messages.clear();
        }
    }

    void gap() {
        gap = true;
        messages.clear();
        records.search();
    }

    int held() {
        return messages.held();
    }

    void close() {
        done = true;
        messages.clear();
    }

    @Override
    public boolean wants() {
        return !done;
    }

    @Override
    public void begins(int type, int version, int length) {
        if (!watch.isCertain() && !middle && type != Records.HANDSHAKE && type != Records.ALERT) {
            watch.notThis();
            return;
        }
        if (messages.inside() && type != Records.HANDSHAKE && !hidden) {
            interrupted();
            return;
        }
        fresh = true;
        switch (type) {
            case Records.HANDSHAKE -> messages.record();
            case Records.CHANGE_CIPHER_SPEC -> hidden = !version13;
            case Records.APPLICATION_DATA -> {
                sawData = true;
                if (watch.isCertain()) {
                    applicationData();
                }
            }
            case Records.ALERT -> {
                alertLength = length;
                alertBytes = 0;
            }
            default -> {}
        }
    }

    /** Tells what was seen of application data, if anything; nothing is wanted of this side then. */
    void applicationData() {
        if (sawData && !toldData && !done) {
            toldData = true;
            done = true;
            listener.applicationData(side);
        }
    }

    @Override
    public void content(int type, ByteBuffer bytes, int from, int length, int rest) {
        if (hidden) {
            return;
        }
        if (type == Records.HANDSHAKE) {
            handshake(bytes, from, length, rest);
        } else if (type == Records.ALERT && alertLength == ALERT_BYTES) {
            alert(bytes, from, length);
        }
    }

    @Override
    public void lost() {
        messages.clear();
        if (searched()) {
            return;
        }
        if (watch.isCertain()) {
            fault(NO_RECORD);
        } else {
            watch.notThis();
        }
    }

    @Override
    public void message(int type, ByteCursor body, int restOfRecord) {
        if (done) {
            return;
        }
        if (type == HandshakeBodies.SERVER_HELLO) {
            serverHello(HandshakeBodies.serverHello(body));
        } else if (restOfRecord > 0) {
            fault(MORE_IN_RECORD);
        } else {
            clientHello(HandshakeBodies.clientHello(body));
        }
    }

    @Override
    public void certificate(byte[] der, int chain) {
        if (!done) {
            listener.certificate(der, chain);
        }
    }

    @Override
    public void fault(String rule) {
        if (done || searched()) {
            return;
        }
        close();
        watch.certain();
        listener.malformed(side, rule);
    }

    /** Both sides are in TLS 1.3, where a ChangeCipherSpec changes nothing (RFC 8446 section 5). */
    private void speaks13() {
        version13 = true;
        hidden = false;
    }

    private void clientHello(Parse<ClientHello> parse) {
        if (parse instanceof Parse.Done<ClientHello> hello) {
            watch.certain();
            listener.clientHello(hello.value());
        } else if (parse instanceof Parse.Malformed<ClientHello> malformed) {
            fault(malformed.rule());
        }
    }

    private void serverHello(Parse<ServerHello> parse) {
        if (parse instanceof Parse.Done<ServerHello> hello) {
            if (hello.value().selectedVersion() != 0 || hello.value().legacyVersion() > TLS_1_2) {
                speaks13();
                watch.half(side.other()).speaks13();
            }
            watch.certain();
            listener.serverHello(hello.value());
        } else if (parse instanceof Parse.Malformed<ServerHello> malformed) {
            fault(malformed.rule());
        }
    }

    private boolean wanted(int type) {
        boolean server = type == HandshakeBodies.SERVER_HELLO || type == HandshakeBodies.CERTIFICATE;
        return side == Side.CLIENT ? type == HandshakeBodies.CLIENT_HELLO : server;
    }

    /** Whether the stream was not followed from its beginning, so that what looks like a fault may be our ignorance. */
    private boolean searched() {
        return middle || gap;
    }

    private void handshake(ByteBuffer bytes, int from, int length, int rest) {
        if (fresh) {
            fresh = false;
            boolean known = messages.inside() || wanted(bytes.get(from));
            past = searched() && !known;
            if (!known && !searched() && !watch.isCertain()) {
                watch.notThis();
                return;
            }
        }
        if (!past) {
            messages.content(bytes, from, length, rest);
        }
    }

    private void interrupted() {
        if (searched()) {
            messages.clear();
        } else {
            fault(INTERRUPTED);
        }
    }

    private void alert(ByteBuffer bytes, int from, int length) {
        for (int at = from; at < from + length; at++) {
            alert = alert << 8 | (bytes.get(at) & 0xFF);
            alertBytes++;
        }
        int level = alert >> 8 & 0xFF;
        if (alertBytes == ALERT_BYTES && watch.isCertain()) {
            listener.alert(side, level, alert & 0xFF);
            done |= level == FATAL;
        }
    }
}

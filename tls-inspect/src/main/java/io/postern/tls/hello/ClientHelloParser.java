package io.postern.tls.hello;

import io.postern.wire.ByteCursor;
import io.postern.wire.Parse;
import io.postern.wire.Parser;
import java.nio.ByteBuffer;

/**
 * Recognises and reads the ClientHello a TLS client begins with, however it is cut into segments and records.
 *
 * <p>{@link Parse.NotThis} at the first byte that cannot begin a record with a ClientHello in it;
 * {@link Parse.Malformed} once it is one and breaks a rule of RFC 8446 or of the extensions read here, such as a server
 * must refuse too. Holds nothing between calls; may be shared between threads.
 */
public final class ClientHelloParser implements Parser<ClientHello> {

    /** A limit, not a fault: {@link TlsSettings#maxHelloBytes()}. */
    public static final String TOO_LONG = "ClientHello longer than the limit, RFC 8446 section 4";

    /** A limit, not a fault: {@link TlsSettings#maxRecords()}. */
    public static final String TOO_MANY_RECORDS = "ClientHello in more records than the limit, RFC 8446 section 5.1";

    static final String INTERRUPTED = "no handshake record where ClientHello goes on, RFC 8446 section 5.1";
    static final String MORE_IN_RECORD = "more in the record than the ClientHello, RFC 8446 section 5.1";

    private final TlsSettings settings;

    public ClientHelloParser(TlsSettings settings) {
        this.settings = settings;
    }

    @Override
    public Parse<ClientHello> parse(ByteBuffer bytes) {
        Parse<ByteCursor> framed = new HelloRecords(bytes, settings).body();
        if (framed instanceof Parse.Done<ByteCursor> done) {
            return new HelloBody(false).read(done.value(), done.consumed());
        }
        if (framed instanceof Parse.NeedMore<ByteCursor> more) {
            return new Parse.NeedMore<>(more.total());
        }
        return framed instanceof Parse.Malformed<ByteCursor> malformed
                ? new Parse.Malformed<>(malformed.rule())
                : Parse.notThis();
    }
}

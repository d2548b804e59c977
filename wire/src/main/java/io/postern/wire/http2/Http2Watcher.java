package io.postern.wire.http2;

import io.postern.wire.http2.Http2Listener.Sender;
import java.nio.ByteBuffer;

/**
 * Reads the frames of somebody else's HTTP/2 connection from its first byte on, the client's preface included; each
 * direction however it is cut, both in the order their bytes come. What is held is bounded by {@link Http2Limits}; a
 * direction that breaks a bound or a rule is lost, and only it. Of one direction alone all is told but for tables
 * larger than the default, which the other allows. Not thread-safe.
 */
public final class Http2Watcher {

    private final Http2Side client;
    private final Http2Side server;

    public Http2Watcher(Http2Limits limits, Http2Listener listener) {
        client = new Http2Side(Sender.CLIENT, listener, limits, this::clientAllows);
        server = new Http2Side(Sender.SERVER, listener, limits, this::serverAllows);
    }

    /** Reads on to the end. */
    public void fromClient(ByteBuffer bytes) {
        client.read(bytes);
    }

    /** Reads on to the end. */
    public void fromServer(ByteBuffer bytes) {
        server.read(bytes);
    }

    private void clientAllows(long bytes) {
        server.allowTable(bytes);
    }

    private void serverAllows(long bytes) {
        client.allowTable(bytes);
    }
}

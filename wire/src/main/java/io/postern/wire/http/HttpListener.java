package io.postern.wire.http;

import java.nio.ByteBuffer;

/** What {@link HttpWatcher} tells, in the order of each direction. Sizes are bytes on the wire, chunk sizes and all. */
public interface HttpListener {

    /** What a connection stops being HTTP/1 for. */
    enum Turn {
        WEBSOCKET,
        H2C,
        /** After a 2xx to CONNECT. */
        TUNNEL,
        /** After 101 to anything else. */
        OTHER
    }

    /** A request's head is over. */
    void request(RequestFacts request, int headBytes);

    /** The message whose head was told just now, of either end, carries one of DNS: {@link DnsOverHttps}. */
    void dns();

    /**
     * The next bytes of a request's body, without the sizes of chunks.
     *
     * @param bytes between these positions; not to be kept, its position not to be moved
     * @param packed whether its head says that it is compressed
     */
    default void requestBody(ByteBuffer bytes, int from, int to, boolean packed) {}

    /** A request's body is over, and was this long. */
    void requestEnded(long bodyBytes);

    /** A final response's head is over; interim ones are not told. */
    void response(int status, int headBytes);

    /** The next bytes of a response's body, as {@link #requestBody}. */
    default void responseBody(ByteBuffer bytes, int from, int to, boolean packed) {}

    /** A response's body is over, and was this long; not told when only the connection's end ends it. */
    void responseEnded(long bodyBytes);

    /** Both directions are something else from here on. */
    void turned(Turn turn);

    /**
     * The messages of this connection cannot be told apart any more.
     *
     * @param rule broken or given up by, without any of the peer's bytes
     */
    void lost(String rule);
}

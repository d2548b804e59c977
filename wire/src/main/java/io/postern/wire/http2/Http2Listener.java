package io.postern.wire.http2;

import io.postern.wire.http.DnsOverHttps;
import io.postern.wire.http.RequestFacts;
import java.nio.ByteBuffer;

/** What {@link Http2Watcher} tells, in the order of each direction. */
public interface Http2Listener {

    /** Which end sent it. */
    enum Sender {
        CLIENT,
        SERVER
    }

    /**
     * A request's header section is over.
     *
     * @param bytes of its field block as sent, without frame headers and padding
     */
    void request(int stream, RequestFacts request, int bytes);

    /** A final response's header section is over; interim ones are not told. */
    void response(int stream, int status, int bytes);

    /** The message whose header section was told just now carries one of DNS: {@link DnsOverHttps}. */
    void dns(Sender sender, int stream);

    /** The body behind the header section that was told just now is compressed, by what its head says. */
    void packed(Sender sender, int stream);

    /** Trailers. */
    void trailers(Sender sender, int stream, int bytes);

    /**
     * Some of a DATA frame's content, as it comes; bodies of several streams come mixed.
     *
     * @param bytes between these positions; not to be kept, its position not to be moved
     */
    void body(Sender sender, int stream, ByteBuffer bytes, int from, int to);

    /** One whole DATA frame, without padding. */
    void data(Sender sender, int stream, int bytes);

    /** This end says nothing more on this stream: END_STREAM or RST_STREAM. */
    void ended(Sender sender, int stream, boolean reset);

    /**
     * Nothing more is told of what this end sends.
     *
     * @param rule broken or given up by, without any of the peer's bytes
     */
    void lost(Sender sender, String rule);
}

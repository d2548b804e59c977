package io.postern.wire.http;

import java.util.Optional;

/**
 * What is kept of one request, of HTTP/1 or HTTP/2. Texts are the peer's, nothing here is judged.
 *
 * @param method at most 32 bytes
 * @param authority of the target, else of Host; at most {@value #LONGEST_TEXT} bytes, and may hold a port, or rubbish
 * @param userAgent at most {@value #LONGEST_TEXT} bytes
 * @param headerOrder see {@link HeaderOrder}
 * @param grpc whether the content is gRPC's: {@code application/grpc}, {@code application/grpc+…}
 */
public record RequestFacts(
        String method,
        Optional<String> authority,
        PathClass path,
        Optional<String> userAgent,
        String headerOrder,
        boolean grpc) {

    public static final int LONGEST_TEXT = 255;
}

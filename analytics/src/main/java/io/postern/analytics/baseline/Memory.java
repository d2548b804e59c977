package io.postern.analytics.baseline;

import io.postern.analytics.flow.Protocol;
import org.jspecify.annotations.Nullable;

/**
 * Hashes and texts that were made lately, so that a flow makes none anew: a place for each of {@value #PLACES}, and whoever
 * comes last has it. Not for several threads.
 */
final class Memory {

    private static final int PLACES = 8_192;

    private final @Nullable String[] hashed = new @Nullable String[PLACES];
    private final long[] hashes = new long[PLACES];
    private final @Nullable String[] ports = new @Nullable String[PLACES];
    private final @Nullable Protocol[] protocols = new @Nullable Protocol[PLACES];
    private final int[] numbers = new int[PLACES];
    private final @Nullable String[] requests = new @Nullable String[PLACES];

    private static int place(int hash) {
        return (hash ^ (hash >>> 16)) & (PLACES - 1);
    }

    /** {@link Hash#of(CharSequence)}. */
    long hash(String text) {
        int at = place(text.hashCode());
        if (!text.equals(hashed[at])) {
            hashed[at] = text;
            hashes[at] = Hash.of(text);
        }
        return hashes[at];
    }

    /** {@link Bands#port}. */
    String port(Protocol protocol, int port) {
        int at = place(protocol.label().hashCode() * 31 + port);
        @Nullable String text = ports[at];
        if (text == null || protocols[at] != protocol || numbers[at] != port) {
            text = Bands.port(protocol, port);
            ports[at] = text;
            protocols[at] = protocol;
            numbers[at] = port;
        }
        return text;
    }

    /** {@link Bands#request}. */
    String request(String method, String pathClass) {
        int at = place(method.hashCode() * 31 + pathClass.hashCode());
        @Nullable String text = requests[at];
        if (text == null || !Bands.isRequest(text, method, pathClass)) {
            text = Bands.request(method, pathClass);
            requests[at] = text;
        }
        return text;
    }
}

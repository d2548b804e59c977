package io.postern.gateway.context;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.Optional;
import java.util.zip.GZIPInputStream;

/** What was compressed by gzip (RFC 1952). */
final class Inflation {

    private Inflation() {}

    /** @return empty when it is no gzip, or would be more than so many bytes */
    static Optional<byte[]> of(byte[] body, int most) {
        try (GZIPInputStream in = new GZIPInputStream(new ByteArrayInputStream(body))) {
            byte[] inflated = in.readNBytes(most + 1);
            return inflated.length > most ? Optional.empty() : Optional.of(inflated);
        } catch (IOException broken) {
            return Optional.empty();
        }
    }
}

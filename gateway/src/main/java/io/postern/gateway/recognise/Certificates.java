package io.postern.gateway.recognise;

import io.postern.tls.cert.CertificateFacts;
import io.postern.tls.cert.CertificateReader;
import java.util.Arrays;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReferenceArray;
import org.jspecify.annotations.Nullable;

/**
 * Reads certificates, and those that came lately once: most connections go to the same few servers, and reading takes longer
 * than all the rest of a handshake. Keeps at most {@value #MOST}, each of {@value #LONGEST} bytes at most; one more takes the
 * place of another. For several threads.
 */
final class Certificates {

    private static final int MOST = 512;

    /** Bytes of what is kept: 4 MiB in all. */
    private static final int LONGEST = 8 * 1024;

    private final CertificateReader reader = new CertificateReader();
    private final AtomicReferenceArray<@Nullable Known> known = new AtomicReferenceArray<>(MOST);
    private final AtomicLong bytes = new AtomicLong();

    /** Empty when these bytes are no certificate. */
    Optional<CertificateFacts> read(byte[] der) {
        if (der.length > LONGEST) {
            return reader.read(der);
        }
        int place = Math.floorMod(Arrays.hashCode(der), MOST);
        Known same = known.get(place);
        if (same == null || !Arrays.equals(same.der, der)) {
            same = new Known(der, reader.read(der));
            Known before = known.getAndSet(place, same);
            bytes.addAndGet(der.length - (before == null ? 0 : before.der.length));
        }
        return same.facts;
    }

    /** Of all that are kept. */
    long bytes() {
        return bytes.get();
    }

    private static final class Known {

        private final byte[] der;
        private final Optional<CertificateFacts> facts;

        Known(byte[] der, Optional<CertificateFacts> facts) {
            this.der = der;
            this.facts = facts;
        }
    }
}

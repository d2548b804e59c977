package io.postern.tls.stream;

import io.postern.tls.watch.Pieces;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * A certificate message up to TLS 1.2, of which the first certificate is kept and the others are counted.
 *
 * <pre>
 * length24 | (length24 | certificate)*           RFC 5246 section 7.4.2
 * </pre>
 */
final class CertificateList {

    static final String TOO_LONG = "certificate longer than the limit, RFC 5246 section 7.4.2";

    private static final int LENGTH = 3;

    private final Pieces kept;
    private final int longest;

    private int number;
    private int lengthBytes;
    private int first;
    private boolean inList;
    private int left;
    private int count;

    CertificateList(Pieces kept, int longest) {
        this.kept = kept;
        this.longest = longest;
    }

    /** The first rule or limit broken, if any. */
    @Nullable
    String take(ByteBuffer bytes, int from, int size) {
        int at = from;
        int end = from + size;
        while (at < end) {
            if (left == 0) {
                String fault = lengthByte(bytes.get(at++) & 0xFF);
                if (fault != null) {
                    return fault;
                }
            } else {
                int part = Math.min(left, end - at);
                if (count == 1 && kept.put(first - left, bytes, at, part) != Pieces.Put.TAKEN) {
                    return Messages.NO_ROOM;
                }
                left -= part;
                at += part;
            }
        }
        return null;
    }

    /** Empty when none came whole. */
    byte[] first() {
        byte[] der = new byte[kept.ready() == first ? first : 0];
        kept.view().get(der);
        return der;
    }

    int count() {
        return count;
    }

    private @Nullable String lengthByte(int octet) {
        number = number << 8 | octet;
        lengthBytes++;
        if (lengthBytes < LENGTH) {
            return null;
        }
        int whole = number & 0xFFFFFF;
        lengthBytes = 0;
        if (!inList) {
            inList = true;
            return null;
        }
        count++;
        left = whole;
        first = count == 1 ? whole : first;
        return count == 1 && whole > longest ? TOO_LONG : null;
    }
}

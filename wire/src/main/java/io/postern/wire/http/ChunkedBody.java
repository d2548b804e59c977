package io.postern.wire.http;

import io.postern.wire.Parse;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;

/**
 * Takes one chunked body apart as its bytes come, without holding or copying data (RFC 9112 section 7.1).
 *
 * <pre>
 * SIZE -> EXTENSION -> SIZE_LF -> DATA -> DATA_CR -> DATA_LF -> SIZE ...
 *                              -> TRAILERS -> ended                       after size 0
 * </pre>
 *
 * <p>Sizes are plain hexadecimal below 2^60; extensions are read over, never passed on. Trailers that frame or route
 * ({@code Content-Length}, {@code Transfer-Encoding}, {@code Host} and what resembles them) break the body. Holds at
 * most {@link HttpLimits#trailers()} bytes. Not thread-safe; one instance per body.
 */
public final class ChunkedBody {

    /** What the bytes shown so far have come to. */
    public sealed interface Piece {}

    /** Data, as a view of the caller's buffer that ends where its position now is. */
    public record Data(ByteBuffer slice) implements Piece {}

    /** All bytes shown are used up and the body goes on. */
    public record Waiting() implements Piece {}

    /** The body ends where the buffer's position now is. */
    public record End(List<Field> trailers) implements Piece {}

    /** The body has no findable end: close both sides. */
    public record Broken(String rule) implements Piece {}

    static final String SIZE = "chunk size is not hexadecimal, RFC 9112 section 7.1";
    static final String TOO_BIG = "chunk size is 2^60 or more, RFC 9112 section 7.1";
    static final String LINE_TOO_LONG = "chunk line longer than the limit, RFC 9112 section 7.1.1";
    static final String EXTENSION = "control byte in chunk extension, RFC 9112 section 7.1.1";
    static final String DATA_END = "chunk data not followed by CRLF, RFC 9112 section 7.1";
    static final String TRAILERS_TOO_LARGE = "trailers longer than the limit, RFC 9112 section 7.1.2";
    static final String FRAMING_TRAILER = "framing or routing field in trailers, RFC 9110 section 6.5.1";

    private enum At {
        SIZE,
        EXTENSION,
        SIZE_LF,
        DATA,
        DATA_CR,
        DATA_LF,
        TRAILERS,
        ENDED
    }

    private static final Waiting WAITING = new Waiting();

    private final HttpLimits limits;
    private At at = At.SIZE;
    private long size;
    private int lineBytes;
    private byte[] trailers = new byte[0];
    private int trailerBytes;
    private Piece last = WAITING;

    public ChunkedBody(HttpLimits limits) {
        this.limits = limits;
    }

    /**
     * Reads on, and moves the buffer's position past what it used. Call again until it waits, ends or breaks; after
     * the end or a fault it uses nothing and says the same again.
     */
    public Piece next(ByteBuffer bytes) {
        while (bytes.hasRemaining() && at != At.ENDED) {
            if (at == At.DATA) {
                return data(bytes);
            }
            step(bytes.get());
        }
        return last;
    }

    private Data data(ByteBuffer bytes) {
        int length = (int) Math.min(size, bytes.remaining());
        ByteBuffer slice = bytes.slice(bytes.position(), length);
        bytes.position(bytes.position() + length);
        size -= length;
        if (size == 0) {
            at = At.DATA_CR;
        }
        return new Data(slice);
    }

    private void step(byte octet) {
        switch (at) {
            case SIZE -> size(octet);
            case EXTENSION -> extension(octet);
            case SIZE_LF -> sizeEnds(octet);
            case DATA_CR -> expect(octet, '\r', At.DATA_LF, DATA_END);
            case DATA_LF -> chunkEnds(octet);
            case TRAILERS -> trailer(octet);
            case DATA, ENDED -> throw new AssertionError(at);
        }
    }

    private void size(byte octet) {
        int digit = Character.digit(octet, 16);
        if (digit >= 0 && size >= 1L << 56) {
            broken(TOO_BIG);
        } else if (digit >= 0) {
            size = (size << 4) | digit;
            lineGrows();
        } else if (lineBytes == 0) {
            broken(SIZE);
        } else if (octet == ';') {
            at = At.EXTENSION;
            lineGrows();
        } else {
            expect(octet, '\r', At.SIZE_LF, SIZE);
        }
    }

    private void extension(byte octet) {
        if (octet == '\r') {
            at = At.SIZE_LF;
        } else if (octet == '\t' || (octet >= ' ' && octet < 0x7F)) {
            lineGrows();
        } else {
            broken(EXTENSION);
        }
    }

    private void sizeEnds(byte octet) {
        expect(octet, '\n', size == 0 ? At.TRAILERS : At.DATA, HeadScanner.BARE_CR);
    }

    private void chunkEnds(byte octet) {
        lineBytes = 0;
        expect(octet, '\n', At.SIZE, DATA_END);
    }

    private void trailer(byte octet) {
        if (trailerBytes == limits.trailers()) {
            broken(TRAILERS_TOO_LARGE);
            return;
        }
        if (trailerBytes == trailers.length) {
            trailers = Arrays.copyOf(trailers, Math.min(limits.trailers(), Math.max(64, 2 * trailers.length)));
        }
        trailers[trailerBytes++] = octet;
        // Only the end of a line can end the section or show a fault, so each line is looked at once it is there.
        if (octet == '\n') {
            trailerLineEnds();
        }
    }

    private void trailerLineEnds() {
        if (trailerBytes < 2 || trailers[trailerBytes - 2] != '\r') {
            broken(HeadScanner.BARE_LF);
        } else if (trailerBytes == 2 || trailers[trailerBytes - 3] == '\n') {
            trailersEnd();
        }
    }

    private void trailersEnd() {
        HeadScanner scan = new HeadScanner(ByteBuffer.wrap(trailers, 0, trailerBytes));
        List<Field> fields = scan.fields(limits.fields(), TRAILERS_TOO_LARGE);
        if (fields == null) {
            Parse<List<Field>> why = scan.stopped();
            broken(why instanceof Parse.Malformed<List<Field>> fault ? fault.rule() : HeadScanner.BARE_CR);
        } else if (fields.stream().anyMatch(ChunkedBody::framesOrRoutes)) {
            broken(FRAMING_TRAILER);
        } else {
            at = At.ENDED;
            last = new End(List.copyOf(fields));
        }
    }

    private static boolean framesOrRoutes(Field field) {
        return field.named("content-length")
                || field.named("transfer-encoding")
                || field.named("host")
                || FramingFields.lookAlike(field.name());
    }

    private void lineGrows() {
        if (++lineBytes > limits.chunkLine()) {
            broken(LINE_TOO_LONG);
        }
    }

    private void expect(byte octet, char wanted, At next, String otherwise) {
        if (octet == wanted) {
            at = next;
        } else {
            broken(otherwise);
        }
    }

    private void broken(String rule) {
        at = At.ENDED;
        last = new Broken(rule);
    }
}

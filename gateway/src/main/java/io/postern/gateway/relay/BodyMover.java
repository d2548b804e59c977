package io.postern.gateway.relay;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.postern.wire.Payloads;
import io.postern.wire.http.BodyFraming;
import io.postern.wire.http.ChunkWriter;
import io.postern.wire.http.ChunkedBody;
import io.postern.wire.http.Forwarding;
import io.postern.wire.http.HttpLimits;
import java.nio.ByteBuffer;
import java.util.function.Consumer;

/**
 * Moves one message's body, taking off the framing it came in and putting on the framing it leaves in. Data is passed
 * on as slices of the buffer it came in; chunks too small for that are passed on together, for each write costs more
 * than a byte.
 */
final class BodyMover {

    /** How a step went. */
    enum Move {
        FINE,
        BROKEN
    }

    /** A slice costs some hundred bytes of bookkeeping, with its chunk's ends three times that. */
    private static final int SMALL = 4096;

    private final BodyFraming received;
    private final boolean chunkedOut;
    private final ChunkedBody chunks = new ChunkedBody(HttpLimits.DEFAULTS);
    private final Forwarding forwarding;
    private final Payloads watch;
    private long left;
    private boolean done;

    /** @param watch shown the body */
    BodyMover(BodyFraming received, BodyFraming sent, Forwarding forwarding, Payloads watch) {
        this.received = received;
        this.chunkedOut = sent.kind() == BodyFraming.Kind.CHUNKED;
        this.forwarding = forwarding;
        this.watch = watch;
        this.left = received.bytes();
        this.done = received.kind() == BodyFraming.Kind.NONE;
    }

    boolean done() {
        return done;
    }

    boolean endsWithConnection() {
        return received.kind() == BodyFraming.Kind.UNTIL_CLOSE;
    }

    /** Takes what belongs to the body from the front of {@code in}. */
    Move move(ByteBuf in, Consumer<ByteBuf> out) {
        return switch (received.kind()) {
            case NONE -> Move.FINE;
            case LENGTH -> length(in, out);
            case UNTIL_CLOSE -> all(in, out);
            case CHUNKED -> chunked(in, out);
        };
    }

    private Move length(ByteBuf in, Consumer<ByteBuf> out) {
        int bytes = (int) Math.min(left, in.readableBytes());
        left -= bytes;
        show(in, bytes);
        ended(left == 0);
        out.accept(in.readRetainedSlice(bytes));
        return Move.FINE;
    }

    private Move all(ByteBuf in, Consumer<ByteBuf> out) {
        show(in, in.readableBytes());
        out.accept(in.readRetainedSlice(in.readableBytes()));
        return Move.FINE;
    }

    private Move chunked(ByteBuf in, Consumer<ByteBuf> out) {
        // For what is left of this read at most.
        ByteBuf small = Unpooled.EMPTY_BUFFER;
        while (true) {
            ByteBuffer view = in.nioBuffer();
            ChunkedBody.Piece piece = chunks.next(view);
            int used = view.position();
            if (piece instanceof ChunkedBody.Data data) {
                int bytes = data.slice().remaining();
                watch.some(view, used - bytes, used);
                in.skipBytes(used - bytes);
                if (bytes < SMALL) {
                    small = small.isReadable() ? small : in.alloc().buffer(SMALL);
                    small.writeBytes(in, bytes);
                } else {
                    small = flush(small, out);
                    chunk(in.readRetainedSlice(bytes), out);
                }
            } else {
                in.skipBytes(used);
                flush(small, out);
                if (piece instanceof ChunkedBody.End end) {
                    ended(true);
                    if (chunkedOut) {
                        out.accept(Unpooled.wrappedBuffer(ChunkWriter.last(forwarding.trailers(end.trailers()))));
                    }
                }
                return piece instanceof ChunkedBody.Broken ? Move.BROKEN : Move.FINE;
            }
        }
    }

    private void ended(boolean whether) {
        done = whether;
        if (done) {
            watch.ends();
        }
    }

    private void show(ByteBuf in, int bytes) {
        if (watch.wants()) {
            watch.some(in.nioBuffer(in.readerIndex(), bytes), 0, bytes);
        }
    }

    private ByteBuf flush(ByteBuf small, Consumer<ByteBuf> out) {
        if (small.isReadable()) {
            chunk(small, out);
        }
        return Unpooled.EMPTY_BUFFER;
    }

    private void chunk(ByteBuf data, Consumer<ByteBuf> out) {
        if (chunkedOut) {
            out.accept(Unpooled.wrappedBuffer(ChunkWriter.start(data.readableBytes())));
            out.accept(data);
            out.accept(Unpooled.wrappedBuffer(ChunkWriter.end()));
        } else {
            out.accept(data);
        }
    }
}

package io.postern.gateway.dns;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import org.jspecify.annotations.Nullable;

/**
 * Keeps a client's goodbye from TLS until the client has its answers. Who says goodbye sends nothing more and still reads (RFC
 * 8446 section 6.1, RFC 7766 section 6.2.4); BoringSSL ends both directions at it.
 *
 * <pre>
 * 23 | 0303 | length16 | an alert's two bytes, their type, 16 of the tag      RFC 8446 section 5.2
 *               19         from most
 *               35         from the JDK, which adds 16 zeros
 * </pre>
 *
 * <p>That a record of this length is a goodbye nobody can see from outside: it may be a part of a question, of which none is so
 * short, and then more comes. So one is kept only while nothing stands behind it, and goes on with what comes. What may become
 * such a record is kept too, for nobody takes back what TLS has of it. Sees what is received before TLS does, and keeps one
 * record at most.
 */
final class Goodbye extends ChannelInboundHandlerAdapter {

    private static final int HEAD = 5;
    private static final int USUAL = 19;
    private static final int PADDED = 35;
    private static final int DATA = 23;

    private final byte[] head = new byte[HEAD];
    /** Bytes of a record's head that are there, and then of its body that are not. */
    private int headed;

    private int left;
    private @Nullable ByteBuf kept;
    private @Nullable ChannelHandlerContext here;
    private boolean busy;

    @Override
    public void handlerAdded(ChannelHandlerContext ctx) {
        here = ctx;
    }

    /** Whether answers are under way; when they are not, what was kept goes on, but not from inside this. */
    void busy(boolean under) {
        busy = under;
        if (!under && kept != null && here != null) {
            here.executor().execute(() -> {
                if (!busy) {
                    letGo();
                }
            });
        }
    }

    private void letGo() {
        ByteBuf record = kept;
        if (record != null && here != null) {
            kept = null;
            here.fireChannelRead(record);
            here.fireChannelReadComplete();
        }
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object read) {
        ByteBuf bytes = joined((ByteBuf) read);
        int last = last(bytes);
        if (last < 0) {
            ctx.fireChannelRead(bytes);
            return;
        }
        int rest = bytes.writerIndex() - last;
        // Copied: what it stands in may be large, and a client may take its time.
        kept = Unpooled.copiedBuffer(bytes.slice(last, rest));
        if (last == bytes.readerIndex()) {
            bytes.release();
        } else {
            ctx.fireChannelRead(bytes.writerIndex(last));
        }
    }

    /** Behind what was kept, which began a record. */
    private ByteBuf joined(ByteBuf read) {
        ByteBuf before = kept;
        if (before == null) {
            return read;
        }
        kept = null;
        headed = 0;
        left = 0;
        return Unpooled.wrappedBuffer(before, read);
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext ctx) {
        // First what came before it is answered, or is under way.
        ctx.fireChannelReadComplete();
        if (!busy) {
            letGo();
        }
    }

    /** Where the last record begins that these bytes end with or in, if it may be a goodbye; else negative. */
    private int last(ByteBuf bytes) {
        int begin = -1;
        int at = bytes.readerIndex();
        int end = bytes.writerIndex();
        while (at < end) {
            if (left > 0) {
                int more = Math.min(left, end - at);
                left -= more;
                at += more;
                continue;
            }
            if (headed == 0) {
                begin = at;
            }
            head[headed++] = bytes.getByte(at++);
            if (headed == HEAD) {
                left = (head[3] & 0xFF) << 8 | (head[4] & 0xFF);
                headed = 0;
            }
        }
        return begin >= 0 && mayBeOne(bytes, begin, end - begin) ? begin : -1;
    }

    /** @param there bytes of the record, from one on */
    private static boolean mayBeOne(ByteBuf bytes, int begin, int there) {
        int low = there < HEAD ? USUAL : bytes.getByte(begin + 4);
        return bytes.getByte(begin) == DATA
                && (there < HEAD - 1 || bytes.getByte(begin + 3) == 0)
                && (low == USUAL || low == PADDED);
    }

    @Override
    public void handlerRemoved(ChannelHandlerContext ctx) {
        if (kept != null) {
            kept.release();
            kept = null;
        }
    }
}

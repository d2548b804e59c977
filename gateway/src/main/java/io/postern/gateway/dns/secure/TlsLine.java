package io.postern.gateway.dns.secure;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.LengthFieldBasedFrameDecoder;
import java.util.concurrent.ThreadLocalRandom;

/** DNS over TLS (RFC 7858): messages with their length before them, answered in any order, known by their ids. */
final class TlsLine extends Line {

    private static final int LENGTH = 2;
    private static final int CAPACITY = 256;

    private int nextId = ThreadLocalRandom.current().nextInt(1 << 16);

    private TlsLine(Channel channel, Lines lines) {
        super(channel, lines);
    }

    static Line begin(Channel channel, Lines lines) {
        TlsLine line = new TlsLine(channel, lines);
        channel.pipeline()
                .addLast("frame", new LengthFieldBasedFrameDecoder(LENGTH + LONGEST, 0, LENGTH, 0, LENGTH))
                .addLast("answers", line);
        return line;
    }

    @Override
    int capacity() {
        return CAPACITY;
    }

    @Override
    Object send(byte[] message) {
        // One after the other: an id comes again long after whoever had it has gone.
        int id = nextId++ & 0xFFFF;
        ByteBuf framed = channel.alloc().buffer(LENGTH + message.length);
        framed.writeShort(message.length).writeBytes(message).setShort(LENGTH, id);
        channel.writeAndFlush(framed, channel.voidPromise());
        return id;
    }

    @Override
    void abandon(Object key) {}

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object read) {
        ByteBuf framed = (ByteBuf) read;
        try {
            if (framed.readableBytes() >= 2) {
                heard(framed.getUnsignedShort(framed.readerIndex()), ByteBufUtil.getBytes(framed));
            }
        } finally {
            framed.release();
        }
    }
}

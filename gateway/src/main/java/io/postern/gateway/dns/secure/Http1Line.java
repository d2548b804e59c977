package io.postern.gateway.dns.secure;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.http.DefaultFullHttpRequest;
import io.netty.handler.codec.http.FullHttpRequest;
import io.netty.handler.codec.http.FullHttpResponse;
import io.netty.handler.codec.http.HttpClientCodec;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpObjectAggregator;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.HttpVersion;
import io.postern.dns.forward.Server;

/** DNS over HTTPS (RFC 8484) by HTTP/1.1: one question at a time. */
final class Http1Line extends Line {

    private static final Object THE_ONE = new Object();

    private final Server server;

    private Http1Line(Channel channel, Lines lines, Server server) {
        super(channel, lines);
        this.server = server;
    }

    static Line begin(Channel channel, Lines lines, Server server) {
        Http1Line line = new Http1Line(channel, lines, server);
        channel.pipeline()
                .addLast("http", new HttpClientCodec())
                .addLast("whole", new HttpObjectAggregator(LONGEST))
                .addLast("answers", line);
        return line;
    }

    @Override
    int capacity() {
        return 1;
    }

    @Override
    Object send(byte[] message) {
        // Id 0, so that equal questions are equal to whoever keeps answers (RFC 8484 section 4.1).
        ByteBuf body = Unpooled.copiedBuffer(message).setShort(0, 0);
        FullHttpRequest request =
                new DefaultFullHttpRequest(HttpVersion.HTTP_1_1, HttpMethod.POST, server.path(), body);
        request.headers()
                .set(HttpHeaderNames.HOST, Doh.authority(server))
                .set(HttpHeaderNames.ACCEPT, Doh.MESSAGE)
                .set(HttpHeaderNames.CONTENT_TYPE, Doh.MESSAGE)
                .setInt(HttpHeaderNames.CONTENT_LENGTH, message.length);
        channel.writeAndFlush(request, channel.voidPromise());
        return THE_ONE;
    }

    /** Its answer would be taken for the next one's. */
    @Override
    void abandon(Object key) {
        leave();
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object read) {
        FullHttpResponse response = (FullHttpResponse) read;
        try {
            if (!HttpUtil.isKeepAlive(response)) {
                leave();
            }
            boolean good = response.decoderResult().isSuccess()
                    && response.status().equals(HttpResponseStatus.OK)
                    && Doh.isMessage(response.headers().get(HttpHeaderNames.CONTENT_TYPE));
            if (good) {
                heard(THE_ONE, ByteBufUtil.getBytes(response.content()));
            } else {
                refused(THE_ONE);
            }
        } finally {
            response.release();
        }
    }
}

package io.postern.gateway.dns.secure;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.http2.DefaultHttp2DataFrame;
import io.netty.handler.codec.http2.DefaultHttp2Headers;
import io.netty.handler.codec.http2.DefaultHttp2HeadersFrame;
import io.netty.handler.codec.http2.DefaultHttp2ResetFrame;
import io.netty.handler.codec.http2.DefaultHttp2WindowUpdateFrame;
import io.netty.handler.codec.http2.Http2ChannelDuplexHandler;
import io.netty.handler.codec.http2.Http2DataFrame;
import io.netty.handler.codec.http2.Http2Error;
import io.netty.handler.codec.http2.Http2FrameCodec;
import io.netty.handler.codec.http2.Http2FrameCodecBuilder;
import io.netty.handler.codec.http2.Http2FrameStream;
import io.netty.handler.codec.http2.Http2FrameStreamException;
import io.netty.handler.codec.http2.Http2GoAwayFrame;
import io.netty.handler.codec.http2.Http2Headers;
import io.netty.handler.codec.http2.Http2HeadersFrame;
import io.netty.handler.codec.http2.Http2ResetFrame;
import io.netty.handler.codec.http2.Http2Settings;
import io.netty.handler.codec.http2.Http2SettingsFrame;
import io.netty.util.ReferenceCountUtil;
import io.postern.dns.forward.Server;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;

/** DNS over HTTPS (RFC 8484) by HTTP/2: a stream for each question. */
final class Http2Line extends Line {

    private static final int CAPACITY = 100;
    private static final int HEADER_BYTES = 8_192;
    private static final int CONTROL_FRAMES = 1_000;
    private static final int CLOSING_MILLIS = 1_000;

    private final Server server;
    private final Streams streams = new Streams();
    private final Map<Http2FrameStream, byte[]> bodies = new HashMap<>();
    private int capacity = CAPACITY;

    /** Netty gives new streams to handlers of this kind only. */
    private static final class Streams extends Http2ChannelDuplexHandler {
        Http2FrameStream next() {
            return newStream();
        }
    }

    private Http2Line(Channel channel, Lines lines, Server server) {
        super(channel, lines);
        this.server = server;
    }

    static Line begin(Channel channel, Lines lines, Server server) {
        Http2FrameCodec codec = Http2FrameCodecBuilder.forClient()
                .initialSettings(
                        Http2Settings.defaultSettings().pushEnabled(false).maxHeaderListSize(HEADER_BYTES))
                .encoderEnforceMaxQueuedControlFrames(CONTROL_FRAMES)
                .gracefulShutdownTimeoutMillis(CLOSING_MILLIS)
                .build();
        Http2Line line = new Http2Line(channel, lines, server);
        channel.pipeline()
                .addLast("http2", codec)
                .addLast("streams", line.streams)
                .addLast("answers", line);
        return line;
    }

    @Override
    int capacity() {
        return capacity;
    }

    @Override
    Object send(byte[] message) {
        Http2FrameStream stream = streams.next();
        Http2Headers headers = new DefaultHttp2Headers(false)
                .method("POST")
                .scheme("https")
                .authority(Doh.authority(server))
                .path(server.path())
                .set("accept", Doh.MESSAGE)
                .set("content-type", Doh.MESSAGE)
                .setInt("content-length", message.length);
        // Id 0, so that equal questions are equal to whoever keeps answers (RFC 8484 section 4.1).
        ByteBuf body = Unpooled.copiedBuffer(message).setShort(0, 0);
        channel.write(new DefaultHttp2HeadersFrame(headers, false).stream(stream));
        channel.writeAndFlush(new DefaultHttp2DataFrame(body, true).stream(stream));
        return stream;
    }

    @Override
    void abandon(Object key) {
        Http2FrameStream stream = (Http2FrameStream) key;
        bodies.remove(stream);
        if (channel.isActive()) {
            channel.writeAndFlush(new DefaultHttp2ResetFrame(Http2Error.CANCEL).stream(stream));
        }
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object read) {
        try {
            if (read instanceof Http2HeadersFrame headers) {
                head(headers);
            } else if (read instanceof Http2DataFrame data) {
                body(data);
            } else if (read instanceof Http2ResetFrame reset) {
                lost(reset.stream());
            } else if (read instanceof Http2SettingsFrame settings) {
                Long streams = settings.settings().maxConcurrentStreams();
                capacity = streams == null ? CAPACITY : (int) Math.min(CAPACITY, streams);
            } else if (read instanceof Http2GoAwayFrame) {
                leave();
            }
        } finally {
            ReferenceCountUtil.release(read);
        }
    }

    private void head(Http2HeadersFrame frame) {
        CharSequence status = frame.headers().status();
        if (status != null && status.length() == 3 && status.charAt(0) == '1') {
            return;
        }
        boolean good = status != null
                && status.toString().equals("200")
                && Doh.isMessage(frame.headers().get("content-type"))
                && !frame.isEndStream();
        if (good) {
            bodies.put(frame.stream(), new byte[0]);
        } else if (!bodies.containsKey(frame.stream())) {
            giveUp(frame.stream(), frame.isEndStream());
        }
    }

    private void giveUp(Http2FrameStream stream, boolean ended) {
        if (!ended) {
            abandon(stream);
        }
        lost(stream);
    }

    private void lost(Http2FrameStream stream) {
        bodies.remove(stream);
        refused(stream);
    }

    private void body(Http2DataFrame data) {
        Http2FrameStream stream = data.stream();
        channel.write(new DefaultHttp2WindowUpdateFrame(data.initialFlowControlledBytes()).stream(stream));
        byte[] before = bodies.get(stream);
        if (before == null) {
            return;
        }
        byte[] more = ByteBufUtil.getBytes(data.content());
        if (before.length + more.length > LONGEST) {
            giveUp(stream, data.isEndStream());
            return;
        }
        byte[] all = before.length == 0 ? more : Arrays.copyOf(before, before.length + more.length);
        if (before.length > 0) {
            System.arraycopy(more, 0, all, before.length, more.length);
        }
        if (data.isEndStream()) {
            bodies.remove(stream);
            heard(stream, all);
        } else {
            bodies.put(stream, all);
        }
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext ctx) {
        ctx.flush();
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        if (cause instanceof Http2FrameStreamException one) {
            lost(one.stream());
        } else {
            super.exceptionCaught(ctx, cause);
        }
    }
}

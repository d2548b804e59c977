package io.postern.gateway.ingress;

import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.util.AttributeKey;
import io.postern.gateway.identity.ClientPrint;
import io.postern.tls.fingerprint.Ja4;
import io.postern.tls.hello.ClientHello;
import io.postern.tls.hello.ClientHelloParser;
import io.postern.tls.hello.TlsSettings;
import io.postern.wire.Parse;
import java.nio.ByteBuffer;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Looks at the ClientHello that a client says to a listener with TLS, in front of TLS and without holding it up, and
 * goes. Of its JA4 what a resumed session does not change is kept: version, suites, ALPN.
 */
public final class ListenerHello extends ChannelInboundHandlerAdapter {

    /** Beside what TLS holds of a hello in pieces; longer ones are not looked at, and few are over 2 KiB. */
    private static final int MOST = 8 * 1024;

    private static final ClientHelloParser HELLOS = new ClientHelloParser(new TlsSettings(MOST, 64));
    private static final ThreadLocal<Ja4> JA4 = ThreadLocal.withInitial(Ja4::new);
    private static final AttributeKey<Long> PRINT = AttributeKey.valueOf(ListenerHello.class, "print");

    private byte[] held = new byte[0];

    /** What the client's hello hashes to; zero without one. */
    static long print(Channel client) {
        @Nullable Long print = client.attr(PRINT).get();
        return print == null ? 0 : print;
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
        if (message instanceof ByteBuf bytes) {
            look(ctx, bytes);
        }
        ctx.fireChannelRead(message);
    }

    private void look(ChannelHandlerContext ctx, ByteBuf bytes) {
        ByteBuffer all = held.length == 0 ? bytes.nioBuffer() : ByteBuffer.wrap(more(bytes));
        Parse<ClientHello> parse = HELLOS.parse(all);
        if (parse instanceof Parse.NeedMore<ClientHello> && all.remaining() <= MOST) {
            held = held.length == 0 ? more(bytes) : all.array();
            return;
        }
        if (parse instanceof Parse.Done<ClientHello> done) {
            ctx.channel().attr(PRINT).set(print(JA4.get().of(done.value(), Ja4.Transport.TCP)));
        }
        held = new byte[0];
        ctx.pipeline().remove(this);
    }

    private byte[] more(ByteBuf bytes) {
        byte[] all = Arrays.copyOf(held, held.length + bytes.readableBytes());
        bytes.getBytes(bytes.readerIndex(), all, held.length, bytes.readableBytes());
        return all;
    }

    /** {@code t13d1516h2_8daaf6152771_…}: all but the number of extensions and what they hash to. */
    private static long print(String ja4) {
        return ClientPrint.hash(ja4.substring(0, 6) + ja4.substring(8, ja4.lastIndexOf('_')));
    }
}

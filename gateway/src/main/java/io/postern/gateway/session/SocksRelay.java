package io.postern.gateway.session;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.socket.DatagramChannel;
import io.netty.channel.socket.DatagramPacket;
import io.netty.util.ReferenceCountUtil;
import io.postern.gateway.flows.Destination;
import io.postern.gateway.ingress.Caller;
import io.postern.gateway.records.CloseReason;
import io.postern.wire.Parse;
import io.postern.wire.socks.SocksDatagram;
import java.net.InetSocketAddress;
import org.jspecify.annotations.Nullable;

/**
 * The socket of one association. It is its client's alone: datagrams of another address are dropped, and of another
 * port than the first one's (facts of egress, E7).
 */
final class SocksRelay extends ChannelInboundHandlerAdapter {

    private final SessionTable<Destination> sessions;
    private final DatagramChannel socket;
    private final Caller caller;
    private final int port;
    private @Nullable InetSocketAddress client;
    private boolean used;

    /** @param port the client said it would send from, or 0 */
    SocksRelay(SessionTable<Destination> sessions, DatagramChannel socket, Caller caller, int port) {
        this.sessions = sessions;
        this.socket = socket;
        this.caller = caller;
        this.port = port;
    }

    /** Whether it has a session, or had one since this was last asked. */
    boolean used() {
        boolean was = used;
        used = false;
        return was || !sessions.isEmpty();
    }

    void close(CloseReason why) {
        sessions.close(why);
        socket.close();
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
        try {
            if (message instanceof DatagramPacket packet) {
                received(packet.sender(), packet.content());
            }
        } finally {
            ReferenceCountUtil.release(message);
        }
    }

    private void received(InetSocketAddress from, ByteBuf datagram) {
        if (!ours(from)) {
            sessions.sessions().dropped(DatagramDrop.FOREIGN);
            return;
        }
        Parse<SocksDatagram> parse = SocksDatagram.PARSER.parse(datagram.nioBuffer());
        if (!(parse instanceof Parse.Done<SocksDatagram> done)) {
            sessions.sessions().dropped(DatagramDrop.MALFORMED);
            return;
        }
        byte[] header = ByteBufUtil.getBytes(datagram, datagram.readerIndex(), done.consumed());
        datagram.skipBytes(done.consumed());
        if (!datagram.isReadable()) {
            sessions.sessions().dropped(DatagramDrop.EMPTY);
            return;
        }
        used = true;
        if (client == null) {
            client = from;
        }
        // One object for all of its sessions.
        InetSocketAddress sender = client;
        Destination destination =
                new Destination(done.value().host(), done.value().port());
        sessions.received(
                destination,
                datagram,
                same -> new SessionTable.Beginning(
                        new Caller(sender, caller.shown(), caller.certificate(), caller.print()),
                        same,
                        new Back(sender, header)));
    }

    private boolean ours(InetSocketAddress from) {
        if (client != null) {
            return client.equals(from);
        }
        return from.getAddress().equals(caller.client().getAddress()) && (port == 0 || port == from.getPort());
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext ctx) {
        sessions.flush();
    }

    @Override
    @SuppressWarnings("deprecation") // ChannelInboundHandler's own method is not
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        DatagramDrop.of(cause).ifPresent(sessions.sessions()::dropped);
    }

    /**
     * Answers come with the address that the client wrote, a name if it wrote one: sing-box knows an answer by that, and
     * mihomo, which reads addresses only, writes nothing else.
     */
    private final class Back implements Client {

        private final InetSocketAddress to;
        private final byte[] header;

        Back(InetSocketAddress to, byte[] header) {
            this.to = to;
            this.header = header;
        }

        @Override
        public boolean takes() {
            if (!socket.isWritable()) {
                socket.flush();
            }
            return socket.isWritable();
        }

        @Override
        public void send(ByteBuf datagram) {
            ByteBuf all = socket.alloc()
                    .directBuffer(header.length + datagram.readableBytes())
                    .writeBytes(header)
                    .writeBytes(datagram);
            socket.write(new DatagramPacket(all, to), socket.voidPromise());
        }

        @Override
        public void flush() {
            socket.flush();
        }
    }
}

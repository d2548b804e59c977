package io.postern.gateway.dns;

import io.netty.buffer.ByteBuf;
import io.netty.channel.socket.SocketChannel;
import io.postern.dns.message.PortQuestion;
import io.postern.gateway.flows.MemoryBudget;
import io.postern.gateway.meters.Counters;
import io.postern.gateway.session.OwnResolver;
import java.net.InetSocketAddress;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * What a device asks another server's port 53, answered here in that server's name, where it comes to a transparent
 * listener: by the desk that answers questions to {@code dns} listeners, so with their policy, bounds, records and memory.
 */
public final class TakenDns implements OwnResolver {

    private static final int PORT = 53;

    /**
     * How long a connection may leave open what it is.
     *
     * @param silent nanoseconds without a byte: its server may be who speaks first
     * @param undecided nanoseconds with some that may become a question
     */
    public record Times(long silent, long undecided) {}

    private final DnsDesk desk;
    private final MemoryBudget held;
    private final Times times;
    private final Counters<DnsDrop> drops;
    private final Counters<DnsTransport> taken;

    /** @param held charged for what connections say before it is known what they are */
    TakenDns(DnsDesk desk, MemoryBudget held, Times times, Counters<DnsDrop> drops, Counters<DnsTransport> taken) {
        this.desk = desk;
        this.held = held;
        this.times = times;
        this.drops = drops;
        this.taken = taken;
    }

    @Override
    public boolean takes(int port, ByteBuf datagram) {
        return port == PORT && PortQuestion.in(datagram.nioBuffer());
    }

    @Override
    public void ask(Question question, Consumer<byte[]> back) {
        taken.count(DnsTransport.UDP);
        desk.received(
                question.message(),
                new DnsDesk.Asked(
                        DnsTransport.UDP,
                        question.client(),
                        question.meant(),
                        Optional.empty(),
                        Optional.empty(),
                        question.loop(),
                        (reply, seconds) -> back.accept(reply)));
    }

    @Override
    public void full() {
        drops.count(DnsDrop.BACKLOG);
    }

    /** Whether a connection may carry questions. */
    public boolean mayTake(SocketChannel client) {
        return client.localAddress() != null && client.localAddress().getPort() == PORT;
    }

    /**
     * Sees what a connection that {@link #mayTake} begins with, and answers it if that is a question.
     *
     * @param flow adds what carries it on if it is something else
     */
    public void look(SocketChannel client, Runnable flow) {
        InetSocketAddress meant = client.localAddress();
        client.pipeline().addLast("first", new FirstQuestion(held, times, () -> answer(client, meant), flow));
    }

    private void answer(SocketChannel client, InetSocketAddress meant) {
        taken.count(DnsTransport.TCP);
        DnsStream.addTo(client.pipeline(), desk, meant, drops);
    }
}

package io.postern.gateway.session;

import io.netty.buffer.ByteBuf;
import io.netty.channel.EventLoop;
import java.net.InetSocketAddress;
import java.util.function.Consumer;

/** Answers questions in datagrams that were meant for another server, in its place. */
public interface OwnResolver {

    /**
     * One that it {@link #takes}.
     *
     * @param meant the server that was asked, from where the answer must come
     * @param loop that the answer comes on
     */
    @SuppressWarnings("ArrayRecordComponent") // nobody compares them
    record Question(byte[] message, InetSocketAddress client, InetSocketAddress meant, EventLoop loop) {}

    /**
     * Whether it is a question; else it is carried where it was meant to go.
     *
     * @param port it was meant for
     * @param datagram only looked at
     */
    boolean takes(int port, ByteBuf datagram);

    /** @param back told once, also in the middle of this call; with nothing when there is no answer */
    void ask(Question question, Consumer<byte[]> back);

    /** The system took no more datagrams: an answer that it told is dropped. */
    void full();
}

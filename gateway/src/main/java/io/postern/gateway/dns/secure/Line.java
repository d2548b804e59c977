package io.postern.gateway.dns.secure;

import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.timeout.IdleStateEvent;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A connection to a server, open and inside TLS, with the questions that wait on it. One that is silent for a while is
 * closed, and one that has not said anything since a question was asked whose time is over. Single-threaded on its loop.
 */
abstract class Line extends ChannelInboundHandlerAdapter {

    private static final Logger LOG = LoggerFactory.getLogger(Line.class);

    /** Longest answer, RFC 1035 section 4.2.2. */
    static final int LONGEST = 65_535;

    final Channel channel;
    private final Lines lines;
    private final Map<Object, Question> waiting = new LinkedHashMap<>();
    private long heardAt = System.nanoTime();
    private boolean proven;
    private boolean leaving;

    Line(Channel channel, Lines lines) {
        this.channel = channel;
        this.lines = lines;
    }

    /** Questions that it takes at a time. */
    abstract int capacity();

    /** Sends one; what its answer will be known by. */
    abstract Object send(byte[] message);

    /** Nobody waits for that answer any more. */
    abstract void abandon(Object key);

    final boolean free() {
        return !leaving && channel.isActive() && waiting.size() < capacity();
    }

    final void ask(Question question) {
        question.line = this;
        question.sentAt = System.nanoTime();
        waiting.put(send(question.message()), question);
    }

    /** The server ends it when what it has taken is answered. */
    final void leave() {
        leaving = true;
        if (waiting.isEmpty()) {
            channel.close();
        }
    }

    final void end(Question question, boolean unanswered) {
        waiting.entrySet().stream()
                .filter(each -> each.getValue() == question)
                .map(Map.Entry::getKey)
                .findFirst()
                .ifPresent(key -> {
                    waiting.remove(key);
                    abandon(key);
                });
        if (unanswered && heardAt - question.sentAt < 0) {
            // Nothing has come since: whoever asks next would wait as long.
            leaving = true;
            channel.close();
        }
    }

    final void heard(Object key, byte[] reply) {
        heardAt = System.nanoTime();
        proven = true;
        Question question = waiting.remove(key);
        if (question != null) {
            question.answer(reply);
            lines.room();
        }
        if (leaving && waiting.isEmpty()) {
            channel.close();
        }
    }

    /** The server says that it will not answer that one. */
    final void refused(Object key) {
        heardAt = System.nanoTime();
        Question question = waiting.remove(key);
        if (question != null) {
            question.fail();
            lines.room();
        }
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
        if (event instanceof IdleStateEvent && waiting.isEmpty()) {
            leaving = true;
            channel.close();
        }
        ctx.fireUserEventTriggered(event);
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) {
        List<Question> left = new ArrayList<>(waiting.values());
        waiting.clear();
        lines.closed(this, left, proven);
        ctx.fireChannelInactive();
    }

    /** A server that restarts, say: whether it can be reached is seen when it is connected to again. */
    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        LOG.debug("a connection to a dns server broke: {}", cause.toString());
        channel.close();
    }
}

package io.postern.gateway.dns;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.postern.gateway.flows.MemoryBudget;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.xbill.DNS.DClass;
import org.xbill.DNS.Message;
import org.xbill.DNS.Name;
import org.xbill.DNS.Record;
import org.xbill.DNS.Type;

/** What a connection to port 53 begins with says what it is, and nothing of it is lost either way. */
class FirstQuestionTest {

    private static final TakenDns.Times TIMES =
            new TakenDns.Times(TimeUnit.MILLISECONDS.toNanos(300), TimeUnit.SECONDS.toNanos(5));

    private final MemoryBudget memory = new MemoryBudget(64 << 10, () -> {});
    private final List<String> told = new ArrayList<>();
    private final EmbeddedChannel client = connected();

    private EmbeddedChannel connected() {
        EmbeddedChannel channel = new EmbeddedChannel();
        channel.freezeTime();
        channel.pipeline()
                .addLast(new FirstQuestion(
                        memory, TIMES, () -> next(channel, "questions"), () -> next(channel, "flow")));
        channel.pipeline().fireChannelActive();
        return channel;
    }

    private void next(EmbeddedChannel channel, String what) {
        channel.pipeline().addLast(new ChannelInboundHandlerAdapter() {
            @Override
            public void channelActive(ChannelHandlerContext ctx) {
                told.add(what + " begins");
            }

            @Override
            public void channelRead(ChannelHandlerContext ctx, Object read) {
                ByteBuf bytes = (ByteBuf) read;
                told.add(what + " " + bytes.readableBytes());
                bytes.release();
            }

            @Override
            public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
                told.add(what + " hears the end");
            }
        });
    }

    @AfterEach
    void nothingIsHeldAnyMore() {
        client.close();
        assertThat(memory.held()).isZero();
    }

    @Test
    void aQuestionIsAnsweredHere() throws Exception {
        byte[] question = framed();
        client.writeInbound(Unpooled.wrappedBuffer(question));
        assertThat(told).containsExactly("questions " + question.length);
        client.writeInbound(Unpooled.wrappedBuffer(question));
        assertThat(told).hasSize(2);
        client.advanceTimeBy(1, TimeUnit.MINUTES);
        client.runScheduledPendingTasks();
        assertThat(told).hasSize(2);
    }

    @Test
    void howeverItIsCut() throws Exception {
        byte[] question = framed();
        for (byte octet : question) {
            assertThat(told).isEmpty();
            client.writeInbound(Unpooled.buffer(1).writeByte(octet));
        }
        assertThat(told).containsExactly("questions " + question.length);
    }

    @Test
    void anythingElseIsAFlow() {
        client.writeInbound(Unpooled.copiedBuffer("GET / HTTP/1.1\r\n\r\n", StandardCharsets.US_ASCII));
        assertThat(told).containsExactly("flow begins", "flow 18");
    }

    @Test
    void whoSaysNothingMayWaitForItsServer() {
        after(299, TimeUnit.MILLISECONDS);
        assertThat(told).isEmpty();
        after(1, TimeUnit.MILLISECONDS);
        assertThat(told).containsExactly("flow begins");
    }

    @Test
    void whoSaysTooLittleIsWaitedForLonger() throws Exception {
        client.writeInbound(Unpooled.wrappedBuffer(framed(), 0, 5));
        after(4, TimeUnit.SECONDS);
        assertThat(told).isEmpty();
        after(1, TimeUnit.SECONDS);
        assertThat(told).containsExactly("flow begins", "flow 5");
    }

    @Test
    void whoEndsTooEarlyHasAFlowThatEnds() throws Exception {
        client.writeInbound(Unpooled.wrappedBuffer(framed(), 0, 5));
        client.pipeline().fireUserEventTriggered(ChannelInputShutdownEvent.INSTANCE);
        assertThat(told).containsExactly("flow begins", "flow 5", "flow hears the end");
    }

    @Test
    void withoutRoomNobodyIsHeld() throws Exception {
        assertThat(memory.take(64 << 10)).isTrue();
        client.writeInbound(Unpooled.wrappedBuffer(framed(), 0, 5));
        assertThat(told).containsExactly("flow begins", "flow 5");
        memory.giveBack(64 << 10);
    }

    private void after(long time, TimeUnit unit) {
        client.advanceTimeBy(time, unit);
        client.runScheduledPendingTasks();
    }

    private static byte[] framed() throws Exception {
        byte[] message = Message.newQuery(Record.newRecord(Name.fromString("www.acme.example."), Type.A, DClass.IN))
                .toWire();
        byte[] framed = new byte[2 + message.length];
        framed[1] = (byte) message.length;
        System.arraycopy(message, 0, framed, 2, message.length);
        return framed;
    }
}

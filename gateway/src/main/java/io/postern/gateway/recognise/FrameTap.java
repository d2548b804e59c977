package io.postern.gateway.recognise;

import io.postern.gateway.flows.Learner;
import io.postern.gateway.flows.Recognised;
import io.postern.gateway.records.WebSocketFacts;
import io.postern.tls.watch.Side;
import io.postern.wire.websocket.FrameFault;
import io.postern.wire.websocket.FrameReader;
import io.postern.wire.websocket.Message;
import java.nio.ByteBuffer;
import java.util.function.Consumer;

/**
 * Reads the frames of a WebSocket: tells its flow the messages and how random they look, and counts what breaks its rules; the ends may settle
 * that themselves.
 */
final class FrameTap implements Tap {

    private final Learner flow;
    private final FrameReader client;
    private final FrameReader server;
    private boolean closed;

    FrameTap(Learner flow, Consumer<FrameFault> faults) {
        this.flow = flow;
        client = new FrameReader(
                FrameReader.Sender.CLIENT,
                faults,
                message -> seen(Side.CLIENT, message),
                new PayloadWatch(flow, Side.CLIENT));
        server = new FrameReader(
                FrameReader.Sender.SERVER,
                faults,
                message -> seen(Side.SERVER, message),
                new PayloadWatch(flow, Side.SERVER));
    }

    private void seen(Side by, Message message) {
        Recognised known = flow.recognised();
        WebSocketFacts so = known.spoken().webSocket().orElse(WebSocketFacts.NONE);
        flow.learnt(known.saying(known.spoken()
                .with(new WebSocketFacts(
                        so.out() + (by == Side.CLIENT ? 1 : 0),
                        so.in() + (by == Side.SERVER ? 1 : 0),
                        so.fragmented() + (message.frames() > 1 ? 1 : 0),
                        so.deflated() || message.deflated()))));
    }

    @Override
    public void fromClient(ByteBuffer bytes) {
        client.read(bytes);
    }

    @Override
    public void fromServer(ByteBuffer bytes) {
        server.read(bytes);
    }

    @Override
    public boolean over() {
        return closed || (client.over() && server.over());
    }

    @Override
    public void close() {
        closed = true;
    }
}

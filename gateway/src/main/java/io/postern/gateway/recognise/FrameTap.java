package io.postern.gateway.recognise;

import io.postern.wire.websocket.FrameFault;
import io.postern.wire.websocket.FrameReader;
import java.nio.ByteBuffer;
import java.util.function.Consumer;

/** Reads the frame headers of a WebSocket, and counts what breaks its rules; the ends may settle that themselves. */
final class FrameTap implements Tap {

    private final FrameReader client;
    private final FrameReader server;

    FrameTap(Consumer<FrameFault> faults) {
        client = new FrameReader(FrameReader.Sender.CLIENT, faults);
        server = new FrameReader(FrameReader.Sender.SERVER, faults);
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
        return false;
    }

    @Override
    public void close() {}
}

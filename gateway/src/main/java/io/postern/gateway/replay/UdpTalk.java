package io.postern.gateway.replay;

import io.postern.gateway.recognise.DatagramSniffers;
import io.postern.gateway.recognise.SessionHearing;
import io.postern.gateway.records.CloseReason;
import io.postern.tls.watch.Side;
import io.postern.wire.packet.Packet;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/** The datagrams of one session. */
final class UdpTalk implements Talk {

    private final ReplayFlow flow;
    private final DatagramSniffers sniffers;
    /** Null but in the middle of a handshake. */
    private @Nullable SessionHearing hearing;

    private int looks;

    UdpTalk(ReplayFlow flow, DatagramSniffers sniffers) {
        this.flow = flow;
        this.sniffers = sniffers;
    }

    @Override
    public Taken packet(Packet packet, boolean fromClient) {
        if (fromClient) {
            flow.movedOut(packet.wireLength());
        } else {
            flow.movedIn(packet.wireLength());
        }
        if (packet.length() > 0) {
            look(fromClient ? Side.CLIENT : Side.SERVER, packet);
        }
        return Taken.YES;
    }

    private void look(Side by, Packet packet) {
        SessionHearing current = hearing;
        if (current == null) {
            int first = packet.bytes().get(packet.from()) & 0xFF;
            if (!DatagramSniffers.worthwhile(by, first, looks, flow.recognised())) {
                return;
            }
            current = sniffers.hear(flow, flow.ends.server().port(), looks);
        }
        current.datagram(by, packet.bytes().duplicate().limit(packet.to()).position(packet.from()));
        looks = current.looks();
        hearing = current;
        if (!current.watching()) {
            close();
        }
    }

    @Override
    public CloseReason end() {
        return CloseReason.INPUT_ENDED;
    }

    @Override
    public boolean over() {
        return false;
    }

    @Override
    public OptionalLong setupMicros() {
        return OptionalLong.empty();
    }

    @Override
    public void close() {
        if (hearing != null) {
            hearing.close();
            hearing = null;
        }
    }
}

package io.postern.gateway.replay;

import io.postern.gateway.recognise.SessionHearing;
import io.postern.gateway.records.CloseReason;
import io.postern.wire.packet.Packet;
import java.util.OptionalLong;

/** The datagrams of one session. */
final class UdpTalk implements Talk {

    private final ReplayFlow flow;
    private final SessionHearing hearing;

    UdpTalk(ReplayFlow flow, SessionHearing hearing) {
        this.flow = flow;
        this.hearing = hearing;
    }

    @Override
    public Taken packet(Packet packet, boolean fromClient) {
        if (fromClient) {
            flow.movedOut(packet.wireLength());
        } else {
            flow.movedIn(packet.wireLength());
        }
        // Of a datagram that was cut nobody can say whether it is whole.
        if (!hearing.over() && !packet.cut()) {
            hearing.datagram(packet.bytes().duplicate().limit(packet.to()).position(packet.from()), fromClient);
        }
        return Taken.YES;
    }

    @Override
    public CloseReason end() {
        return CloseReason.INPUT_ENDED;
    }

    @Override
    public OptionalLong setupMicros() {
        return OptionalLong.empty();
    }

    @Override
    public void close() {
        hearing.close();
    }
}

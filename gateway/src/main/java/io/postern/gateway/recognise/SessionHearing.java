package io.postern.gateway.recognise;

import io.postern.analytics.flow.Basis;
import io.postern.analytics.flow.Protocol;
import io.postern.gateway.flows.Learner;
import io.postern.gateway.flows.Recognised;
import java.nio.ByteBuffer;

/**
 * Recognises a session of datagrams: by each of its first ones while nobody recognises any, and by handshakes behind
 * whatever else was sent.
 */
public final class SessionHearing {

    /** Datagrams that everybody looks at while nobody recognises any. */
    private static final int LOOKS = 8;

    private final DatagramSniffers sniffers;
    private final Learner flow;
    private int looks;
    private boolean over;

    public SessionHearing(DatagramSniffers sniffers, Learner flow) {
        this.sniffers = sniffers;
        this.flow = flow;
    }

    /** One whole datagram of either end; moves no index. */
    public void datagram(ByteBuffer bytes, boolean fromClient) {
        looks++;
        Recognised now = sniffers.ask(bytes);
        if (now.protocol() != Protocol.UNKNOWN) {
            flow.learnt(now);
            over = true;
        } else if (flow.recognised().basis() == Basis.END) {
            flow.learnt(now);
        }
        over |= looks == LOOKS;
    }

    public boolean over() {
        return over;
    }

    public void close() {
        over = true;
    }
}

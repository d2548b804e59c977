package io.postern.gateway.dns;

import io.netty.channel.ChannelException;
import io.netty.channel.EventLoop;
import io.postern.dns.forward.Inquiry.Step;
import org.jspecify.annotations.Nullable;

/** One message by UDP, on a socket that for so long is nobody else's. */
final class UdpAttempt implements Attempt {

    private final EventLoop loop;
    private final UdpPorts ports;
    private final Step.Send send;
    private final Told told;
    private @Nullable UdpPort port;

    UdpAttempt(EventLoop loop, UdpPorts ports, Step.Send send, Told told) {
        this.loop = loop;
        this.ports = ports;
        this.send = send;
        this.told = told;
    }

    @Override
    public void begin() {
        try {
            port = ports.take(send.server());
        } catch (ChannelException noSocket) {
            loop.execute(told::failed);
            return;
        }
        port.ask(send.message(), told);
    }

    @Override
    public void end(End why) {
        if (port != null) {
            port.leave(why == End.ANSWERED);
            port = null;
        }
    }
}

package io.postern.gateway.dns;

import io.netty.channel.EventLoop;
import io.postern.dns.forward.Inquiry.Step;
import io.postern.gateway.dns.secure.SecureServers;
import org.jspecify.annotations.Nullable;

/** One message on a connection inside TLS that others share. */
final class SecureAttempt implements Attempt {

    private final EventLoop loop;
    private final SecureServers servers;
    private final Step.Send send;
    private final Told told;
    private SecureServers.@Nullable Waiting waiting;

    SecureAttempt(EventLoop loop, SecureServers servers, Step.Send send, Told told) {
        this.loop = loop;
        this.servers = servers;
        this.send = send;
        this.told = told;
    }

    @Override
    public void begin() {
        waiting = servers.ask(loop, send.server(), send.message(), new SecureServers.Asker() {
            @Override
            public void received(byte[] message) {
                told.received(message);
            }

            @Override
            public void failed() {
                told.failed();
            }

            @Override
            public void unreachable() {
                told.unreachable();
            }
        });
    }

    @Override
    public void end(End why) {
        if (waiting != null) {
            waiting.end(why == End.UNANSWERED);
        }
    }
}

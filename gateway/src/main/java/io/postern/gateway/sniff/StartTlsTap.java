package io.postern.gateway.sniff;

import io.netty.buffer.ByteBuf;
import io.postern.gateway.flows.LiveFlow;
import io.postern.tls.hello.ClientHello;
import io.postern.tls.hello.ClientHelloParser;
import io.postern.wire.Parse;
import io.postern.wire.dialogue.Dialogue;
import io.postern.wire.dialogue.StartTls;
import java.nio.ByteBuffer;

/** Watches a dialogue for STARTTLS and its like, and tells the flow the ClientHello that follows. */
final class StartTlsTap implements Tap {

    private final LiveFlow flow;
    private final StartTls dialogue;
    private final ClientHelloParser hellos;
    private final Kept hello;
    private int needed;
    private boolean over;

    StartTlsTap(LiveFlow flow, Dialogue dialogue, ClientHelloParser hellos, Kept hello) {
        this.flow = flow;
        this.dialogue = new StartTls(dialogue);
        this.hellos = hellos;
        this.hello = hello;
    }

    @Override
    public void fromClient(ByteBuf bytes) {
        if (over) {
            return;
        }
        ByteBuffer view = bytes.nioBuffer();
        dialogue.fromClient(view);
        // What follows a hello in the same read may be long.
        view.limit(Math.min(view.limit(), view.position() + hello.room()));
        if (dialogue.over() || !hello.add(view)) {
            close();
        } else {
            look();
        }
    }

    @Override
    public void fromServer(ByteBuf bytes) {
        if (!over) {
            dialogue.fromServer(bytes.nioBuffer());
            look();
        }
    }

    private void look() {
        if (!dialogue.started() || hello.length() < needed) {
            return;
        }
        Parse<ClientHello> parse = hellos.parse(hello.all());
        if (parse instanceof Parse.NeedMore<ClientHello> more) {
            needed = more.total();
            return;
        }
        close();
        if (parse instanceof Parse.Done<ClientHello> done) {
            flow.learnt(flow.recognised().turnedTo(HelloFacts.of(done.value())));
        }
    }

    @Override
    public void close() {
        over = true;
        hello.release();
    }
}

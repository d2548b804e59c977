package io.postern.gateway.recognise;

import io.postern.gateway.flows.Learner;
import io.postern.tls.fingerprint.Ja4;
import io.postern.tls.hello.ClientHello;
import io.postern.tls.hello.ClientHelloParser;
import io.postern.wire.Parse;
import io.postern.wire.dialogue.Dialogue;
import io.postern.wire.dialogue.StartTls;
import java.nio.ByteBuffer;

/** Watches a dialogue for STARTTLS and its like, and tells the flow the ClientHello that follows. */
final class StartTlsTap implements Tap {

    private final Learner flow;
    private final StartTls dialogue;
    private final ClientHelloParser hellos;
    private final Kept hello;
    private int needed;
    private boolean over;

    StartTlsTap(Learner flow, Dialogue dialogue, ClientHelloParser hellos, Kept hello) {
        this.flow = flow;
        this.dialogue = new StartTls(dialogue);
        this.hellos = hellos;
        this.hello = hello;
    }

    @Override
    public void fromClient(ByteBuffer bytes) {
        if (over) {
            return;
        }
        dialogue.fromClient(bytes);
        // What follows a hello in the same read may be long.
        bytes.limit(Math.min(bytes.limit(), bytes.position() + hello.room()));
        if (dialogue.over() || !hello.add(bytes)) {
            close();
        } else {
            look();
        }
    }

    @Override
    public void fromServer(ByteBuffer bytes) {
        if (!over) {
            dialogue.fromServer(bytes);
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
            flow.learnt(flow.recognised().turnedTo(HelloFacts.of(done.value(), Ja4.Transport.TCP)));
        }
    }

    @Override
    public boolean over() {
        return over;
    }

    @Override
    public void close() {
        over = true;
        hello.release();
    }
}

package io.postern.gateway.recognise;

import io.postern.tls.watch.Side;
import io.postern.wire.dialogue.Dialogue;
import io.postern.wire.dialogue.StartTls;
import java.nio.ByteBuffer;
import java.util.function.Supplier;

/** Watches a dialogue for STARTTLS and its like, and hands what follows to who watches TLS. */
final class StartTlsTap implements Tap {

    private final StartTls dialogue;
    private final Supplier<Tap> watchers;
    /** What a client sent behind its dialogue, until the server has said that it may. */
    private final Kept early;

    private Tap tls = Tap.NONE;
    private boolean turned;
    private boolean over;

    /** @param watchers of the TLS behind it */
    StartTlsTap(Dialogue dialogue, Supplier<Tap> watchers, Kept early) {
        this.dialogue = new StartTls(dialogue);
        this.watchers = watchers;
        this.early = early;
    }

    @Override
    public void fromClient(ByteBuffer bytes) {
        if (turned) {
            tls.fromClient(bytes);
            return;
        }
        dialogue.fromClient(bytes);
        // What follows a hello in the same read may be long.
        bytes.limit(Math.min(bytes.limit(), bytes.position() + early.room()));
        if (dialogue.over() || !early.add(bytes)) {
            close();
        } else {
            look();
        }
    }

    @Override
    public void fromServer(ByteBuffer bytes) {
        if (turned) {
            tls.fromServer(bytes);
            return;
        }
        dialogue.fromServer(bytes);
        look();
    }

    private void look() {
        if (dialogue.started()) {
            turned = true;
            tls = watchers.get();
            tls.fromClient(early.all());
            early.release();
        }
    }

    @Override
    public void missed(Side by, int bytes) {
        if (turned) {
            tls.missed(by, bytes);
        } else {
            close();
        }
    }

    @Override
    public boolean over() {
        return over || (turned && tls.over());
    }

    @Override
    public void close() {
        over = true;
        tls.close();
        early.release();
    }
}

package io.postern.gateway.recognise;

import io.postern.analytics.flow.Basis;
import io.postern.gateway.flows.Learner;
import io.postern.gateway.flows.MemoryBudget;
import io.postern.gateway.flows.Recognised;
import io.postern.tls.watch.Side;
import java.nio.ByteBuffer;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Recognises a stream that nobody waits for: shown both directions in order, it asks who is asked about a living flow, in
 * the same order, and goes on with the same taps. Copies first bytes only while somebody is unsure.
 */
public final class StreamHearing {

    private static final ByteBuffer NOTHING = ByteBuffer.allocate(0);

    private final Sniffers sniffers;
    private final Taps taps;
    private final Learner flow;

    /** Null once it is decided. */
    private @Nullable Hearing hearing;

    private final Kept client;
    private final Kept server;
    private int saidByServer;
    private Tap tap = Tap.NONE;

    public StreamHearing(Sniffers sniffers, Taps taps, MemoryBudget budget, Learner flow) {
        this.sniffers = sniffers;
        this.taps = taps;
        this.flow = flow;
        this.hearing = new Hearing(sniffers);
        this.client = new Kept(budget, sniffers.mostFromClient());
        this.server = new Kept(budget, Sniffers.MOST_GREETING);
    }

    /** @param bytes the next ones; a view whose position may be moved */
    public void fromClient(ByteBuffer bytes) {
        Hearing undecided = hearing;
        if (undecided == null) {
            if (!tap.over()) {
                tap.fromClient(bytes);
            }
            return;
        }
        // What comes whole at once, as most does, is asked about where it lies.
        boolean first = client.length() == 0;
        ByteBuffer all = bytes;
        boolean room = bytes.remaining() <= sniffers.mostFromClient();
        if (!first) {
            room = client.add(bytes);
            all = client.all();
        }
        if (!settled(undecided.waitsForClient(all.remaining()), all, server.all(), room) && first && !client.add(all)) {
            decide(Recognised.unknown(Basis.LIMIT), all, server.all());
        }
    }

    /** @param bytes the next ones; a view whose position may be moved */
    public void fromServer(ByteBuffer bytes) {
        Hearing undecided = hearing;
        if (undecided == null) {
            if (!tap.over()) {
                tap.fromServer(bytes);
            }
            return;
        }
        saidByServer += bytes.remaining();
        boolean first = server.length() == 0;
        ByteBuffer all = bytes;
        if (!first) {
            bytes.limit(bytes.position() + Math.min(bytes.remaining(), server.room()));
            server.add(bytes);
            all = server.all();
        }
        boolean room = saidByServer <= sniffers.mostFromServer();
        if (!settled(undecided.waitsForServer(saidByServer), client.all(), all, room) && first) {
            all.limit(all.position() + Math.min(all.remaining(), server.room()));
            if (!server.add(all)) {
                decide(Recognised.unknown(Basis.LIMIT), client.all(), NOTHING);
            }
        }
    }

    /** So many bytes of this side are not to be had: what was begun cannot be read on. */
    public void missed(Side by, int bytes) {
        if (hearing != null) {
            decide(Recognised.unknown(Basis.NO_MATCH), client.all(), server.all());
        }
        if (!tap.over()) {
            tap.missed(by, bytes);
        }
    }

    /** Whether it looks at nothing any more. */
    public boolean over() {
        return hearing == null && tap.over();
    }

    /** The stream is over. */
    public void close() {
        if (hearing != null && (client.length() > 0 || server.length() > 0)) {
            decide(Recognised.unknown(Basis.END), client.all(), server.all());
        }
        hearing = null;
        tap.close();
        client.release();
        server.release();
    }

    private boolean settled(boolean ask, ByteBuffer fromClient, ByteBuffer fromServer, boolean room) {
        Hearing undecided = hearing;
        Optional<Recognised> known =
                ask && undecided != null ? undecided.ask(fromClient, fromServer) : Optional.empty();
        if (known.isEmpty() && !room) {
            known = Optional.of(Recognised.unknown(Basis.LIMIT));
        }
        known.ifPresent(what -> decide(what, fromClient, fromServer));
        return known.isPresent();
    }

    private void decide(Recognised what, ByteBuffer fromClient, ByteBuffer fromServer) {
        hearing = null;
        flow.learnt(what);
        tap = taps.on(flow, what);
        if (!tap.over() && fromClient.hasRemaining()) {
            tap.fromClient(fromClient);
        }
        if (!tap.over() && fromServer.hasRemaining()) {
            tap.fromServer(fromServer);
        }
        client.release();
        server.release();
    }
}

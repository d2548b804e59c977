package io.postern.gateway.sniff;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.handler.codec.ByteToMessageDecoder;
import io.postern.analytics.flow.Basis;
import io.postern.gateway.flows.MemoryBudget;
import io.postern.gateway.flows.Recognised;
import io.postern.gateway.recognise.Hearing;
import io.postern.gateway.recognise.Sniffers;
import java.nio.ByteBuffer;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What both ends of an undecided flow have said so far: the client's bytes themselves, and a copy of the server's first
 * ones. Asks the sniffers whenever that may help, and charges the budget for all it keeps.
 */
final class Heard {

    private static final ByteBuffer NOTHING = ByteBuffer.allocate(0);

    private final Sniffers sniffers;
    private final Hearing hearing;
    private final MemoryBudget budget;
    /** From its reader index on; what comes first may share its buffer with the request it came behind. */
    private @Nullable ByteBuf client;
    /** At most {@link Sniffers#MOST_GREETING}. */
    private @Nullable ByteBuf server;

    private int saidByServer;
    private int budgeted;
    private boolean crowded;

    Heard(Sniffers sniffers, MemoryBudget budget) {
        this.sniffers = sniffers;
        this.hearing = new Hearing(sniffers);
        this.budget = budget;
    }

    /** Whether neither end has said anything. */
    boolean nothing() {
        return client == null && saidByServer == 0;
    }

    /** What the client said, to be looked at; null before it said anything. */
    @Nullable
    ByteBuf client() {
        return client;
    }

    /**
     * Takes the bytes over.
     *
     * @return what the flow speaks, or that it will not be known for want of room; empty while somebody is unsure
     */
    Optional<Recognised> client(ByteBufAllocator alloc, ByteBuf bytes) {
        ByteBuf all = client == null ? bytes : ByteToMessageDecoder.MERGE_CUMULATOR.cumulate(alloc, client, bytes);
        client = all;
        return settled(hearing.waitsForClient(all.readableBytes()), all.readableBytes() <= sniffers.mostFromClient());
    }

    /**
     * Only looks at the bytes.
     *
     * @return as for the client's
     */
    Optional<Recognised> server(ByteBufAllocator alloc, ByteBuf bytes) {
        ByteBuf all = server == null ? alloc.buffer(bytes.readableBytes()) : server;
        int room = Sniffers.MOST_GREETING - all.readableBytes();
        all.writeBytes(bytes, bytes.readerIndex(), Math.min(room, bytes.readableBytes()));
        server = all;
        saidByServer += bytes.readableBytes();
        return settled(hearing.waitsForServer(saidByServer), saidByServer <= sniffers.mostFromServer());
    }

    private Optional<Recognised> settled(boolean ask, boolean room) {
        if (ask) {
            Optional<Recognised> known = hearing.ask(view(client), view(server));
            if (known.isPresent()) {
                return known;
            }
        }
        return room && charge() ? Optional.empty() : Optional.of(Recognised.unknown(Basis.LIMIT));
    }

    private static ByteBuffer view(@Nullable ByteBuf bytes) {
        return bytes == null ? NOTHING : bytes.nioBuffer();
    }

    /** Whether there is room for what is held: charged with every byte, asked about or not. */
    private boolean charge() {
        int more = capacity(client) + capacity(server) - budgeted;
        boolean room = budget.take(more);
        if (room) {
            budgeted += more;
        } else {
            crowded = true;
        }
        return room;
    }

    /** Whether the budget had no room, which then is why nobody will know. */
    boolean crowded() {
        return crowded;
    }

    private static int capacity(@Nullable ByteBuf bytes) {
        return bytes == null ? 0 : bytes.capacity();
    }

    /** What the client said, the caller's from now on; the rest is let go. */
    Optional<ByteBuf> take() {
        Optional<ByteBuf> all = Optional.ofNullable(client);
        client = null;
        release();
        return all;
    }

    /** May be called twice. */
    void release() {
        if (client != null) {
            client.release();
            client = null;
        }
        if (server != null) {
            server.release();
            server = null;
        }
        budget.giveBack(budgeted);
        budgeted = 0;
    }
}

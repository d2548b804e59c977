package io.postern.gateway.recognise;

import io.postern.gateway.flows.Recognised;
import java.nio.ByteBuffer;
import java.util.Optional;

/** Asks the sniffers about one flow by all that its ends have said so far, whenever that may help. Keeps no bytes. */
public final class Hearing {

    private static final Sniffers.Answer.Unsure ANYTHING = new Sniffers.Answer.Unsure(1, 1);

    private final Sniffers sniffers;
    private Sniffers.Answer.Unsure needed = ANYTHING;

    public Hearing(Sniffers sniffers) {
        this.sniffers = sniffers;
    }

    /** Whether so much of the client's, in bytes from its first one, may tell more than what was asked about. */
    public boolean waitsForClient(int said) {
        return said >= needed.fromClient();
    }

    /** Whether so much of the server's may. */
    public boolean waitsForServer(int said) {
        return said >= needed.fromServer();
    }

    /**
     * By all bytes from the first one on; either end may have said nothing.
     *
     * @return what the flow speaks; empty while somebody is unsure
     */
    public Optional<Recognised> ask(ByteBuffer client, ByteBuffer server) {
        Sniffers.Answer answer = sniffers.ask(client, server);
        if (answer instanceof Sniffers.Answer.Certain certain) {
            return Optional.of(certain.recognised());
        }
        needed = (Sniffers.Answer.Unsure) answer;
        return Optional.empty();
    }
}

package io.postern.gateway.dns.secure;

import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** A message that waits for its answer; single-threaded on its loop. */
final class Question {

    private final byte[] message;
    private final Consumer<byte[]> answered;
    private final Runnable failed;

    /** The connection it is on; null while it waits for one, and when it is over. */
    @Nullable
    Line line;

    long sentAt;
    /** Whether it was on a connection that ended under it. */
    boolean again;

    private boolean over;

    Question(byte[] message, Consumer<byte[]> answered, Runnable failed) {
        this.message = message;
        this.answered = answered;
        this.failed = failed;
    }

    byte[] message() {
        return message;
    }

    boolean over() {
        return over;
    }

    void forget() {
        over = true;
        line = null;
    }

    /** With the id that it was asked by, whatever it had on the way. */
    void answer(byte[] reply) {
        if (!over) {
            forget();
            if (reply.length >= 2) {
                reply[0] = message[0];
                reply[1] = message[1];
            }
            answered.accept(reply);
        }
    }

    void fail() {
        if (!over) {
            forget();
            failed.run();
        }
    }
}

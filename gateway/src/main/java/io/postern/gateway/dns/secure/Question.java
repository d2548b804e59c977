package io.postern.gateway.dns.secure;

import org.jspecify.annotations.Nullable;

/** A message that waits for its answer; single-threaded on its loop. */
final class Question {

    private final byte[] message;
    private final SecureServers.Asker asker;

    /** The connection it is on; null while it waits for one, and when it is over. */
    @Nullable
    Line line;

    long sentAt;
    /** Whether it was on a connection that ended under it. */
    boolean again;

    private boolean over;

    Question(byte[] message, SecureServers.Asker asker) {
        this.message = message;
        this.asker = asker;
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
            asker.received(reply);
        }
    }

    void fail() {
        if (!over) {
            forget();
            asker.failed();
        }
    }

    void unreachable() {
        if (!over) {
            forget();
            asker.unreachable();
        }
    }
}

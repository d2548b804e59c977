package io.postern.gateway.flows;

import io.netty.channel.Channel;
import java.util.List;

/** What is left to be sent on connections that are to be closed: while it grows less, somebody is still taking it. */
public final class Unsent {

    private final List<Channel> channels;
    private long least = Long.MAX_VALUE;

    public Unsent(Channel... channels) {
        this.channels = List.of(channels);
    }

    public boolean any() {
        return left() > 0;
    }

    /** Whether there is any, and less than when this was last asked. */
    public boolean shrinks() {
        long left = left();
        boolean less = left > 0 && left < least;
        least = left;
        return less;
    }

    private long left() {
        return channels.stream().mapToLong(LastWord::pending).sum();
    }
}

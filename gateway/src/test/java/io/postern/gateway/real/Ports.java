package io.postern.gateway.real;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicInteger;

/** Ports for programs that take none of the system's choice. */
public final class Ports {

    /** Below those that a system gives to whoever asks for any: no connection of another test's takes one in between. */
    private static final int FIRST = 10_240;

    private static final int LAST = 32_767;

    /** Not where another run begins. */
    private static final AtomicInteger NEXT =
            new AtomicInteger(ThreadLocalRandom.current().nextInt(LAST - FIRST));

    private Ports() {}

    /**
     * One of loopback's that nobody has, and that this run gives nobody else.
     *
     * @throws IOException when there is none
     */
    public static int free() throws IOException {
        for (int tries = FIRST; tries <= LAST; tries++) {
            int port = FIRST + Math.floorMod(NEXT.getAndIncrement(), LAST - FIRST + 1);
            try (ServerSocket some = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
                return some.getLocalPort();
            } catch (IOException taken) {
                // The next one.
            }
        }
        throw new IOException("no port from " + FIRST + " to " + LAST + " is free");
    }
}

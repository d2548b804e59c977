package io.postern.gateway;

import io.netty.util.concurrent.DefaultThreadFactory;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.Executor;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/**
 * Where servers' certificates are read, up to a millisecond each: no event loop waits for that. Servers can make it read
 * many, so few wait and the rest are not read. Its thread ends when it has nothing to do.
 */
final class CertificateThread {

    private static final int MOST_WAITING = 256;
    private static final long IDLE_SECONDS = 10;

    private CertificateThread() {}

    /** @param busy told of each that is not read */
    static Executor start(Runnable busy) {
        return new ThreadPoolExecutor(
                0,
                1,
                IDLE_SECONDS,
                TimeUnit.SECONDS,
                new ArrayBlockingQueue<>(MOST_WAITING),
                new DefaultThreadFactory("certificates", true),
                (work, pool) -> busy.run());
    }
}

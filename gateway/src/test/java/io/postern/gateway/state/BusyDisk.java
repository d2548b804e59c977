package io.postern.gateway.state;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** A store whose disk is busy until it is let go: {@link #sync} waits meanwhile. */
public final class BusyDisk extends StoreOver {

    private static final int PATIENCE_SECONDS = 30;

    private volatile CountDownLatch asked = new CountDownLatch(1);
    private volatile CountDownLatch free = new CountDownLatch(0);

    public BusyDisk(Store to) {
        super(to);
    }

    /** From now on until {@link #free}. */
    public void keepBusy() {
        asked = new CountDownLatch(1);
        free = new CountDownLatch(1);
    }

    public void free() {
        free.countDown();
    }

    /** Returns once somebody waits for the disk that is kept busy. */
    public void untilAsked() throws InterruptedException {
        if (!asked.await(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
            throw new AssertionError("nobody writes");
        }
    }

    @Override
    public void sync() throws IOException {
        CountDownLatch until = free;
        if (until.getCount() > 0) {
            asked.countDown();
            try {
                if (!until.await(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
                    throw new IOException("nobody has let the disk go");
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new InterruptedIOException();
            }
        }
        to.sync();
    }
}

package io.postern.gateway.replay;

import io.postern.analytics.context.ContextEvent;
import io.postern.analytics.detect.Detection;
import io.postern.analytics.detect.Finding;
import io.postern.analytics.detect.Score;
import io.postern.analytics.flow.FlowEvent;
import java.io.Closeable;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A detection on a thread of its own: it is told the same in the same order, up to {@value #BATCHES} batches of
 * {@value #BATCH} later, so that findings do not depend on how many processors there are. Whoever takes findings is called
 * on that thread, until {@link #scores} or {@link #flush} has returned. For one caller.
 */
final class DetectionThread implements Detection, Closeable {

    private static final int BATCH = 2048;
    private static final int BATCHES = 8;

    /** One thing after another: a {@link FlowEvent}, a {@link ContextEvent}, or a {@link Long} for a time reached. */
    private static final class Batch {
        final @Nullable Object[] told = new @Nullable Object[BATCH];
        final Consumer<Finding> findings;
        final CountDownLatch passed = new CountDownLatch(1);
        int size;

        Batch(Consumer<Finding> findings) {
            this.findings = findings;
        }
    }

    private static final Batch END = new Batch(finding -> {});

    private final Detection detection;
    private final BlockingQueue<Batch> batches = new ArrayBlockingQueue<>(BATCHES);
    private final Thread thread = new Thread(this::run, "replay-detect");
    private Batch next = END;
    private volatile @Nullable Throwable fault;

    DetectionThread(Detection detection) {
        this.detection = detection;
        thread.setDaemon(true);
        thread.start();
    }

    @Override
    public void observe(FlowEvent event, Consumer<Finding> findings) {
        add(event, findings);
    }

    @Override
    public void told(ContextEvent event, Consumer<Finding> findings) {
        add(event, findings);
    }

    @Override
    public void reached(long atMillis, Consumer<Finding> findings) {
        add(atMillis, findings);
    }

    @Override
    public void scores(Consumer<Score> scores) {
        flush();
        detection.scores(scores);
    }

    private void add(Object what, Consumer<Finding> findings) {
        if (next.findings != findings || next.size == BATCH) {
            hand();
            next = new Batch(findings);
        }
        next.told[next.size++] = what;
    }

    private void hand() {
        failed();
        if (next.size > 0) {
            put(next);
            next = END;
        }
    }

    /**
     * All that it was told has become findings.
     *
     * @throws RuntimeException what detection, or whoever takes its findings, threw
     */
    void flush() {
        hand();
        Batch last = new Batch(END.findings);
        put(last);
        try {
            last.passed.await();
        } catch (InterruptedException e) {
            throw interrupted(e);
        }
        failed();
    }

    private void put(Batch batch) {
        try {
            batches.put(batch);
        } catch (InterruptedException e) {
            throw interrupted(e);
        }
    }

    private static IllegalStateException interrupted(InterruptedException e) {
        Thread.currentThread().interrupt();
        return new IllegalStateException("interrupted", e);
    }

    private void failed() {
        Throwable what = fault;
        if (what instanceof RuntimeException e) {
            throw e;
        }
        if (what instanceof Error e) {
            throw e;
        }
    }

    /** What was not handed over is not told. */
    @Override
    public void close() {
        thread.interrupt();
    }

    private void run() {
        try {
            while (true) {
                Batch batch = batches.take();
                if (fault == null) {
                    tell(batch);
                }
                batch.passed.countDown();
            }
        } catch (InterruptedException e) {
            // Closed.
            Thread.currentThread().interrupt();
        }
    }

    private void tell(Batch batch) {
        try {
            for (int i = 0; i < batch.size; i++) {
                Object what = batch.told[i];
                if (what instanceof FlowEvent event) {
                    detection.observe(event, batch.findings);
                } else if (what instanceof ContextEvent fact) {
                    detection.told(fact, batch.findings);
                } else if (what instanceof Long atMillis) {
                    detection.reached(atMillis, batch.findings);
                }
            }
        } catch (Throwable e) {
            // An Error too: it is the caller's, who waits.
            fault = e;
        }
    }
}

package io.postern.gateway.quarantine;

import io.postern.analytics.flow.AppTag;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What rules ask for, taken by a thread of its own, many at a time: who asks is an event loop and never waits. */
final class RuleWords {

    /** A rule has ended a flow and wants whoever had it contained. */
    record Word(AppTag tag, String rule) {}

    private static final Logger LOG = LoggerFactory.getLogger(RuleWords.class);

    private static final int WAITING = 4_096;
    private static final int BATCH = 256;
    private static final Duration CLOSE_WITHIN = Duration.ofSeconds(5);

    private final Consumer<List<Word>> taker;
    private final BlockingQueue<Word> words = new ArrayBlockingQueue<>(WAITING);
    private final Thread thread = new Thread(this::run, "quarantine");
    private volatile boolean closing;

    /** @param taker given some of them, in the order they came; may wait for the disk */
    RuleWords(Consumer<List<Word>> taker) {
        this.taker = taker;
        thread.setDaemon(true);
    }

    void start() {
        thread.start();
    }

    /** @return false when too many wait; then it is not taken */
    boolean offer(AppTag tag, String rule) {
        return words.offer(new Word(tag, rule));
    }

    private void run() {
        List<Word> batch = new ArrayList<>(BATCH);
        while (!closing) {
            try {
                Word first = words.poll(1, TimeUnit.SECONDS);
                if (first != null) {
                    batch.add(first);
                    words.drainTo(batch, BATCH - 1);
                    taker.accept(batch);
                }
            } catch (InterruptedException stopping) {
                closing = true;
            } catch (RuntimeException e) {
                LOG.error("words of rules could not be taken", e);
            }
            batch.clear();
        }
    }

    boolean alive() {
        return thread.isAlive();
    }

    /** @return false when whoever closes was interrupted */
    boolean close() {
        closing = true;
        try {
            thread.join(CLOSE_WITHIN.toMillis());
            return true;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }
}

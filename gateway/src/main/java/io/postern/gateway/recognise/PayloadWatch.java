package io.postern.gateway.recognise;

import io.postern.analytics.flow.InClear.Payload;
import io.postern.analytics.instrument.ByteSample;
import io.postern.analytics.instrument.Entropy;
import io.postern.gateway.flows.Learner;
import io.postern.tls.watch.Side;
import io.postern.wire.Payloads;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * Measures what one end of a flow sends in clear: the beginnings of its first {@value #FIRST} messages and of every
 * {@value #EVERY}th after them. Tells the flow of the first, and of each that looks more random by a twentieth than those
 * before, {@value #STEPS} times at most. Keeps counts of bytes and none of the bytes, 600 bytes from the first message on.
 */
public final class PayloadWatch implements Payloads {

    static final int FIRST = 16;
    static final int EVERY = 16;

    private static final int STEPS = 20;

    private final Learner flow;
    private final Side by;
    private @Nullable ByteSample sample;
    private long messages;
    private boolean measuring;
    private int told = -1;

    public PayloadWatch(Learner flow, Side by) {
        this.flow = flow;
        this.by = by;
    }

    /** A message begins, whatever became of the one before. */
    @Override
    public void begins(boolean compressed) {
        measuring = messages < FIRST || messages % EVERY == 0;
        messages++;
        if (measuring) {
            if (sample == null) {
                sample = new ByteSample();
            }
            sample.begin(compressed);
        }
    }

    @Override
    public boolean wants() {
        return measuring;
    }

    @Override
    public void some(ByteBuffer bytes, int from, int to, int key, long at) {
        if (measuring && sample != null) {
            sample.add(bytes, from, to, key, at);
            if (sample.full()) {
                ends();
            }
        }
    }

    @Override
    public void ends() {
        if (!measuring || sample == null) {
            return;
        }
        measuring = false;
        Payload payload = sample.take();
        if (payload.measured()) {
            int step = payload.compressed() ? 0 : Math.min(STEPS, (int) (STEPS * Entropy.ofRandom(payload)));
            if (step > told) {
                told = step;
                flow.learnt(flow.recognised().saying(flow.recognised().spoken().with(by, payload)));
            }
        }
    }
}

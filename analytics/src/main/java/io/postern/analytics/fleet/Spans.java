package io.postern.analytics.fleet;

import java.util.Arrays;

/** Stretches of time, [from, to) each, in order and apart. */
final class Spans {

    static final Spans NONE = new Spans(new long[0]);

    private final long[] bounds;

    private Spans(long[] bounds) {
        this.bounds = bounds;
    }

    int count() {
        return bounds.length / 2;
    }

    long from(int span) {
        return bounds[2 * span];
    }

    long to(int span) {
        return bounds[2 * span + 1];
    }

    boolean contains(long at) {
        return (begun(at) & 1) == 1;
    }

    /** The time itself, or the end of the span it lies in. */
    long after(long at) {
        int begun = begun(at);
        return (begun & 1) == 1 ? bounds[begun] : at;
    }

    /** The first bound after it, or the end of time. */
    long next(long at) {
        int begun = begun(at);
        return begun < bounds.length ? bounds[begun] : Long.MAX_VALUE;
    }

    /** How many bounds are not later. */
    private int begun(long at) {
        int found = Arrays.binarySearch(bounds, at);
        return found >= 0 ? found + 1 : -found - 1;
    }

    /** What is left of a stretch without these. */
    void without(long from, long to, Each each) {
        long at = from;
        for (int i = 0; i < count() && at < to; i++) {
            if (to(i) <= at) {
                continue;
            }
            if (from(i) > at) {
                each.span(at, Math.min(from(i), to));
            }
            at = Math.max(at, to(i));
        }
        if (at < to) {
            each.span(at, to);
        }
    }

    /** Told of a span. */
    interface Each {
        void span(long from, long to);
    }

    /** Gathers them in order; what touches or overlaps becomes one. */
    static final class Builder {
        private long[] bounds = new long[16];
        private int size;

        void add(long from, long to) {
            if (to <= from) {
                return;
            }
            if (size > 0 && from <= bounds[size - 1]) {
                bounds[size - 1] = Math.max(bounds[size - 1], to);
                return;
            }
            if (size == bounds.length) {
                bounds = Arrays.copyOf(bounds, 2 * size);
            }
            bounds[size++] = from;
            bounds[size++] = to;
        }

        void addAll(Spans spans) {
            for (int i = 0; i < spans.count(); i++) {
                add(spans.from(i), spans.to(i));
            }
        }

        Spans build() {
            return size == 0 ? NONE : new Spans(Arrays.copyOf(bounds, size));
        }
    }
}

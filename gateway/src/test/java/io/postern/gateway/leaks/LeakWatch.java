package io.postern.gateway.leaks;

import io.netty.util.ResourceLeakDetector;
import io.netty.util.ResourceLeakDetectorFactory;
import io.netty.util.ResourceLeakTracker;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;

/**
 * Hears of every leak that any of Netty's detectors finds, and can have them all look.
 *
 * <p>A detector looks only when something is tracked, and sees only what the garbage collector has seen: a leak of the
 * last test would go unnoticed, so {@link #look} collects and tracks until a leak of its own has come round.
 */
final class LeakWatch extends ResourceLeakDetectorFactory {

    /** Far more than it takes; only so that a collector that never collects ends in a word instead of a hang. */
    private static final int MOST_ROUNDS = 200;

    private final Consumer<String> leaks;
    private final List<Detector<?>> detectors = new CopyOnWriteArrayList<>();

    LeakWatch(Consumer<String> leaks) {
        this.leaks = leaks;
    }

    @Override
    @SuppressWarnings("deprecation") // the one abstract method, and deprecated
    public <T> ResourceLeakDetector<T> newResourceLeakDetector(Class<T> resource, int samplingInterval, long most) {
        return newResourceLeakDetector(resource, samplingInterval);
    }

    @Override
    public <T> ResourceLeakDetector<T> newResourceLeakDetector(Class<T> resource, int samplingInterval) {
        Detector<T> detector = new Detector<>(resource, samplingInterval, leaks);
        detectors.add(detector);
        return detector;
    }

    /** @return false when the garbage collector would not collect, and nothing can be said */
    boolean look() {
        AtomicBoolean seen = new AtomicBoolean();
        Detector<Object> canary = new Detector<>(Object.class, 1, leak -> seen.set(true));
        canary.forget();
        for (int round = 0; round < MOST_ROUNDS; round++) {
            System.gc();
            detectors.forEach(Detector::touch);
            canary.touch();
            if (seen.get()) {
                // What died with the canary may have been queued behind it.
                detectors.forEach(Detector::touch);
                return true;
            }
        }
        return false;
    }

    private static final class Detector<T> extends ResourceLeakDetector<T> {

        private final Consumer<String> leaks;

        Detector(Class<T> resource, int samplingInterval, Consumer<String> leaks) {
            super(resource, samplingInterval);
            this.leaks = leaks;
        }

        /** Tracks something and lets it go in order, which makes the detector look. */
        @SuppressWarnings("unchecked") // a detector keeps no more of what it tracks than that it is alive
        void touch() {
            T some = (T) new Object();
            ResourceLeakTracker<T> tracker = track(some);
            if (tracker != null) {
                tracker.close(some);
            }
        }

        /** Tracks something and loses it. */
        @SuppressWarnings("unchecked")
        void forget() {
            track((T) new Object());
        }

        @Override
        protected boolean needReport() {
            return true;
        }

        @Override
        protected void reportTracedLeak(String resource, String records) {
            leaks.accept("LEAK: " + resource + " was not released" + records);
        }

        @Override
        protected void reportUntracedLeak(String resource) {
            leaks.accept("LEAK: " + resource + " was not released");
        }
    }
}

package io.postern.gateway.leaks;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.util.ResourceLeakDetector;
import io.netty.util.ResourceLeakDetectorFactory;
import io.netty.util.ResourceLeakTracker;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;

class LeakWatchTest {

    private final List<String> leaks = new CopyOnWriteArrayList<>();
    private final LeakWatch watch = new LeakWatch(leaks::add);
    private final ResourceLeakDetector<Object> detector = watch.newResourceLeakDetector(Object.class, 1);

    @Test
    void whatIsForgottenIsReported() {
        detector.track(new Object());
        assertThat(watch.look()).isTrue();
        assertThat(leaks).singleElement().asString().startsWith("LEAK: Object");
    }

    @Test
    void whatIsReleasedIsNot() {
        Object some = new Object();
        ResourceLeakTracker<Object> tracker = detector.track(some);
        assertThat(tracker).isNotNull();
        tracker.close(some);
        assertThat(watch.look()).isTrue();
        assertThat(leaks).isEmpty();
    }

    /** Otherwise this whole gate would be open without anybody noticing. */
    @Test
    void nettysOwnDetectorsAreListenedTo() {
        assertThat(ResourceLeakDetectorFactory.instance()).isInstanceOf(LeakWatch.class);
        assertThat(ResourceLeakDetector.getLevel()).isEqualTo(ResourceLeakDetector.Level.PARANOID);
    }
}

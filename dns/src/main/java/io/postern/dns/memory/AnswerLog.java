package io.postern.dns.memory;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.postern.dns.names.PublicSuffixes;
import java.net.InetAddress;
import java.time.Duration;
import java.util.List;
import java.util.OptionalLong;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Which names were devices told the addresses of? Each answer is remembered by its device for its time and
 * {@link AnswerLogSettings#grace} more, so that a flow that comes with an address only has its name.
 *
 * <p>That a device was <em>never</em> told of an address means something only of one that is <em>seen</em>: one that asks here
 * for what it goes to. It is, where all of this holds:
 *
 * <ul>
 *   <li>it was told {@value DeviceAnswers#LEAST_ANSWERS} times of addresses, over an hour or longer, never half an hour apart, the
 *       last time at most half an hour ago: what it may still remember from elsewhere is over;
 *   <li>nothing that was still good was forgotten for want of room meanwhile;
 *   <li>it was not seen asking anybody else for a day ({@link #asksElsewhere}).
 * </ul>
 *
 * <p>Bounded by {@link AnswerLogSettings}; nothing of it outlives a restart, so nobody is seen for an hour after one. Thread-safe.
 */
public final class AnswerLog {

    private final AnswerLogSettings settings;
    private final LongSupplier millis;
    private final Cache<Object, DeviceAnswers> devices;
    private final LongAdder forgotten = new LongAdder();

    /** @param millis the clock answers age by, Unix time */
    public AnswerLog(AnswerLogSettings settings, LongSupplier millis) {
        this.settings = settings;
        this.millis = millis;
        devices = Caffeine.newBuilder()
                .maximumWeight(settings.entries())
                .weigher((Object device, DeviceAnswers answers) -> 1 + answers.size())
                .evictionListener((device, answers, cause) -> forget(answers))
                .executor(Runnable::run)
                .build();
    }

    private void forget(@Nullable DeviceAnswers answers) {
        if (answers != null) {
            forgotten.add(answers.size());
        }
    }

    /**
     * A device was answered.
     *
     * @param device what tells devices apart, with {@code equals}
     * @param name lower case, no trailing dot
     * @param seconds that it was told it may keep the addresses
     */
    public void told(Object device, String name, List<InetAddress> addresses, long seconds) {
        if (addresses.isEmpty()) {
            return;
        }
        long now = millis.getAsLong();
        long until = now + Duration.ofSeconds(seconds).plus(settings.grace()).toMillis();
        DeviceAnswers answers = devices.get(device, fresh -> new DeviceAnswers());
        int before = answers.size();
        forgotten.add(answers.told(name, addresses, now, until, settings.perDevice()));
        if (answers.size() != before) {
            // What it weighs is asked when it is put.
            devices.put(device, answers);
        }
    }

    /** A device asks somebody else, so that it may go where nobody here was asked for. */
    public void asksElsewhere(Object device) {
        DeviceAnswers answers = devices.getIfPresent(device);
        if (answers != null) {
            answers.asksElsewhere(millis.getAsLong());
        }
    }

    /** Nothing is remembered of a device. */
    public void forget(Object device) {
        devices.invalidate(device);
    }

    /** What is known of an address that a device goes to now. */
    public Remembered of(Object device, InetAddress address) {
        DeviceAnswers answers = devices.getIfPresent(device);
        return answers == null
                ? Remembered.NOTHING
                : answers.of(address, millis.getAsLong(), PublicSuffixes.shipped()::registrable);
    }

    /** Addresses remembered, and one for each device. */
    public long size() {
        return devices.policy()
                .eviction()
                .map(bound -> bound.weightedSize())
                .orElse(OptionalLong.empty())
                .orElse(0);
    }

    /** Addresses that were forgotten for want of room while they were still good, or with their device. */
    public long forgotten() {
        return forgotten.sum();
    }
}

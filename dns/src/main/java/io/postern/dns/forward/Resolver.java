package io.postern.dns.forward;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.Expiry;
import com.github.benmanes.caffeine.cache.RemovalCause;
import io.postern.dns.message.QuestionKey;
import io.postern.dns.message.Reply;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Answers from memory, or asks the servers: once for all who want to know the same, so that a flood of one question
 * cannot raise the odds of forging its answer.
 *
 * <pre>
 * remembered, fresh           → told
 * remembered, past its time   → asked; told after 1.8 s, or when nobody answers, for 30 s more   RFC 8767 section 5
 * not remembered              → asked
 * </pre>
 *
 * Answers are kept 5 s to a day, that there is nothing for 5 min at most, that nobody answers for 1 s, that the answer
 * is not to be believed for 30 s. A question to servers is over after twice their time, and a quarter of that, whatever
 * becomes of whoever carries it. Thread-safe; the caller's thread is not kept.
 */
public final class Resolver {

    private static final long LEAST_SECONDS = 5;
    private static final long MOST_SECONDS = Duration.ofDays(1).toSeconds();

    /** What a name lacks may come soon, and the operator who adds it should not have to wait a day. */
    private static final long MOST_NEGATIVE_SECONDS = Duration.ofMinutes(5).toSeconds();

    /** Long enough that an app which retries in a loop does not multiply its questions (RFC 9520 section 3.2). */
    private static final Duration FAILURE = Duration.ofSeconds(1);

    /** What does not hold takes more to find out, and whoever sends it shall not have that done for each question. */
    private static final Duration BOGUS = Duration.ofSeconds(30);

    /** RFC 8767 section 5: who asks is told before he gives up, and the servers are not asked again at once. */
    private static final Duration STALE_AFTER = Duration.ofMillis(1_800);

    private static final Duration STALE_FOR = Duration.ofSeconds(30);

    private final ResolverSettings settings;
    private final Servers servers;
    private final Carrier carrier;
    private final ScheduledExecutorService timers;
    private final LongSupplier nanoTime;
    private final Cache<QuestionKey, Remembered> memory;
    private final Map<QuestionKey, Flight> flights = new ConcurrentHashMap<>();
    private final AtomicBoolean sweeping = new AtomicBoolean();
    /** After which nobody brings an answer any more. */
    private final Duration lost;

    private final AtomicLong evicted = new AtomicLong();

    /**
     * What is told.
     *
     * @param reply empty when it could not be found out
     * @param loss why not; of no meaning with a reply
     * @param seconds that it may be kept
     * @param stale whether it is past its time
     */
    public record Answered(Optional<Reply> reply, Loss loss, long seconds, boolean stale) {}

    /** A question under way. */
    private static final class Flight {
        private final CompletableFuture<Answered> answer = new CompletableFuture<>();
        /** What is told if nobody answers. */
        private final @Nullable Remembered old;
        /** By the clock that answers age by. */
        private final long began;

        Flight(@Nullable Remembered old, long began) {
            this.old = old;
            this.began = began;
        }
    }

    /**
     * @param timers runs deadlines, which do not block
     * @param nanoTime the clock answers age by, in nanoseconds from any origin: {@code System::nanoTime}
     */
    public Resolver(
            ResolverSettings settings,
            Servers servers,
            Carrier carrier,
            ScheduledExecutorService timers,
            LongSupplier nanoTime) {
        this.settings = settings;
        this.servers = servers;
        this.carrier = carrier;
        this.timers = timers;
        this.nanoTime = nanoTime;
        this.lost = servers.timeout().multipliedBy(2);
        memory = Caffeine.newBuilder()
                .maximumWeight(settings.cacheBytes())
                .weigher((QuestionKey key, Remembered known) -> key.name().length + known.bytes())
                .expireAfter(Expiry.<QuestionKey, Remembered>writing(
                        (key, known) -> Duration.ofNanos(known.keptUntil() - nanoTime.getAsLong())))
                .ticker(nanoTime::getAsLong)
                .evictionListener((key, known, cause) -> {
                    if (cause == RemovalCause.SIZE) {
                        evicted.incrementAndGet();
                    }
                })
                .executor(Runnable::run)
                .build();
    }

    /** What is known and still good, at once. */
    public Optional<Answered> known(QuestionKey key) {
        Remembered known = memory.getIfPresent(key);
        long now = nanoTime.getAsLong();
        return known != null && known.fresh(now) ? Optional.of(told(known, now)) : Optional.empty();
    }

    /** The answer; never fails but by a fault of ours. */
    public CompletionStage<Answered> ask(QuestionKey key) {
        Remembered known = memory.getIfPresent(key);
        long now = nanoTime.getAsLong();
        if (known != null && known.fresh(now)) {
            return CompletableFuture.completedStage(told(known, now));
        }
        @Nullable Remembered old = known != null && known.tellable(now) ? known : null;
        Flight flight = new Flight(old, now);
        CompletableFuture<Answered> made = flight.answer;
        Flight flying = flights.putIfAbsent(key, flight);
        if (flying != null) {
            return flying.answer.minimalCompletionStage();
        }
        if (flights.size() > settings.flights()) {
            flights.remove(key, flight);
            made.complete(old != null ? stale(old) : new Answered(Optional.empty(), Loss.OVERLOAD, 0, false));
        } else {
            fly(key, flight);
        }
        return made.minimalCompletionStage();
    }

    /** What is known is not believed any more. */
    public void forget(QuestionKey key) {
        memory.invalidate(key);
    }

    /** Questions under way now. */
    public int underWay() {
        return flights.size();
    }

    /** Answers that are remembered, about. */
    public long remembered() {
        return memory.estimatedSize();
    }

    /** Bytes that answers take, about. */
    public long rememberedBytes() {
        // As it was weighed for the bound: to weigh an answer again when it leaves would mean to read it again.
        return memory.policy()
                .eviction()
                .map(bound -> bound.weightedSize())
                .orElse(OptionalLong.empty())
                .orElse(0);
    }

    /** Answers forgotten for want of room. */
    public long evicted() {
        return evicted.get();
    }

    private void fly(QuestionKey key, Flight flight) {
        CompletableFuture<Answered> answer = flight.answer;
        if (flight.old != null) {
            tellLate(answer, flight.old);
        }
        try {
            sweepLater();
            carrier.carry(new Inquiry(key, servers), done -> landed(key, flight, done));
        } catch (RejectedExecutionException closing) {
            flights.remove(key, flight);
            answer.complete(new Answered(Optional.empty(), Loss.OVERLOAD, 0, false));
        } catch (RuntimeException fault) {
            flights.remove(key, flight);
            answer.completeExceptionally(fault);
        }
    }

    private void tellLate(CompletableFuture<Answered> answer, Remembered old) {
        try {
            Future<?> timer =
                    timers.schedule(() -> answer.complete(stale(old)), STALE_AFTER.toNanos(), TimeUnit.NANOSECONDS);
            var unused = answer.whenComplete((done, failure) -> timer.cancel(false));
        } catch (RejectedExecutionException closing) {
            answer.complete(stale(old));
        }
    }

    /** One look after all of them costs less than a deadline for each, of which hardly any is ever reached. */
    private void sweepLater() {
        if (!sweeping.get() && sweeping.compareAndSet(false, true)) {
            timers.schedule(this::sweep, lost.toNanos() / 4, TimeUnit.NANOSECONDS);
        }
    }

    private void sweep() {
        sweeping.set(false);
        long now = nanoTime.getAsLong();
        flights.forEach((key, flight) -> {
            if (now - flight.began >= lost.toNanos()) {
                landed(key, flight, new Inquiry.Step.Done(Optional.empty(), Loss.TIMEOUT));
            }
        });
        if (!flights.isEmpty()) {
            sweepLater();
        }
    }

    private void landed(QuestionKey key, Flight flight, Inquiry.Step.Done done) {
        if (flights.get(key) != flight) {
            // Its time is over.
            return;
        }
        @Nullable Remembered old = flight.old;
        long now = nanoTime.getAsLong();
        // What is forged is no want of an answer.
        boolean wanting = done.reply().isEmpty() && !done.loss().bogus();
        Remembered known = old != null && wanting ? longer(old, now) : fresh(done, now);
        memory.put(key.bare(), known);
        // Only now: whoever comes between finds it remembered.
        flights.remove(key, flight);
        flight.answer.complete(told(known, now));
    }

    private Remembered fresh(Inquiry.Step.Done done, long now) {
        if (done.reply().isEmpty()) {
            long until = now + (done.loss().bogus() ? BOGUS : FAILURE).toNanos();
            return new Remembered(done.reply(), done.loss(), until, until, false);
        }
        Reply reply = done.reply().get();
        long most = reply.positive() ? MOST_SECONDS : MOST_NEGATIVE_SECONDS;
        long seconds = Math.max(LEAST_SECONDS, Math.min(reply.ttl(), most));
        long until = now + TimeUnit.SECONDS.toNanos(seconds);
        return new Remembered(
                done.reply(), done.loss(), until, until + settings.serveStale().toNanos(), false);
    }

    private static Remembered longer(Remembered old, long now) {
        return new Remembered(old.reply(), old.loss(), now + STALE_FOR.toNanos(), old.keptUntil(), true);
    }

    private static Answered told(Remembered known, long now) {
        return new Answered(known.reply(), known.loss(), known.seconds(now), known.stale());
    }

    private static Answered stale(Remembered old) {
        return new Answered(old.reply(), old.loss(), STALE_FOR.toSeconds(), true);
    }
}

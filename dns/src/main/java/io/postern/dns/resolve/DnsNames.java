package io.postern.dns.resolve;

import com.github.benmanes.caffeine.cache.AsyncCache;
import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.Expiry;
import io.postern.dns.forward.Resolver;
import io.postern.wire.ip.HostText;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.LongSupplier;

/**
 * Names asked from DNS servers, by the resolver that devices ask too. Names are absolute: no search path, no hosts file.
 *
 * <p>Bounds: names remembered and lookups under way by {@link DnsSettings}; equal names asked at the same time are one
 * lookup, so a flood for one name cannot be used to raise the odds of forging its answer; answers live 5 s to a day,
 * negative ones at most 5 min, failures 1 s.
 *
 * <p>Thread-safe. What is remembered is answered at once, on the caller's thread; everything else happens on the
 * executor, and answers are completed there.
 */
public final class DnsNames implements Names {

    private final DnsSettings settings;
    private final LocalNames local;
    private final ScheduledExecutorService executor;
    private final Upstreams upstreams;
    private final AsyncCache<String, Learned> remembered;
    private final AtomicInteger underWay = new AtomicInteger();

    /**
     * Ready to ask.
     *
     * @param local names that nobody is asked for
     * @param resolver shared with all others that ask
     * @param executor runs callbacks and deadlines, none of which blocks; an event loop will do
     * @param nanoTime the clock answers age by, in nanoseconds from any origin: {@code System::nanoTime}
     */
    public DnsNames(
            DnsSettings settings,
            LocalNames local,
            Resolver resolver,
            ScheduledExecutorService executor,
            LongSupplier nanoTime) {
        this.settings = settings;
        this.local = local;
        this.executor = executor;
        this.upstreams = new Upstreams(resolver, executor);
        this.remembered = Caffeine.newBuilder()
                .maximumSize(settings.cacheEntries())
                .expireAfter(Expiry.<String, Learned>creating((name, learned) -> learned.lifetime()))
                .ticker(nanoTime::getAsLong)
                // Maintenance is a few list moves; on the executor it would be refused, and logged, while closing.
                .executor(Runnable::run)
                .buildAsync();
    }

    @Override
    public CompletionStage<Answer> resolve(HostText.Name name) {
        Optional<Answer> settled = local.find(name);
        return settled.isPresent()
                ? CompletableFuture.completedStage(settled.get())
                : remembered
                        .get(name.name(), (key, same) -> lookup(key))
                        .thenApply(Learned::answer)
                        .minimalCompletionStage();
    }

    /** Lookups under way now: for a gauge. */
    public int lookups() {
        return underWay.get();
    }

    private CompletableFuture<Learned> lookup(String name) {
        if (underWay.incrementAndGet() > settings.lookups()) {
            underWay.decrementAndGet();
            return CompletableFuture.completedFuture(Learned.OVERLOAD);
        }
        Lookup lookup = new Lookup(name, upstreams, executor);
        try {
            lookup.start(settings.timeout());
        } catch (RejectedExecutionException closing) {
            lookup.answer().complete(Learned.OVERLOAD);
        }
        // The stage behind the count is what is handed out: whoever has an answer finds its place free.
        return lookup.answer().whenComplete((done, failure) -> underWay.decrementAndGet());
    }
}

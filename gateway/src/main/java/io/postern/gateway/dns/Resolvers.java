package io.postern.gateway.dns;

import io.netty.util.concurrent.DefaultThreadFactory;
import io.postern.config.DnsAnswers;
import io.postern.config.GatewaySettings;
import io.postern.dns.forward.Carrier;
import io.postern.dns.forward.Resolver;
import io.postern.dns.forward.ResolverSettings;
import io.postern.dns.forward.Servers;
import io.postern.dns.validate.Validation;
import io.postern.dns.validate.Validator;
import io.postern.gateway.meters.Counters;
import io.postern.gateway.meters.Meters;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.Executor;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The resolver that all ask, and behind it, where answers are checked, the one that remembers what servers say. Each has
 * half of the room then.
 */
final class Resolvers {

    private static final Logger LOG = LoggerFactory.getLogger(Resolvers.class);

    /** Steps of checking that wait; one answer has one at a time. */
    private static final int MOST_WAITING = 1_024;

    private static final long IDLE_SECONDS = 10;

    /** The one in front, which all ask. */
    private final Resolver asked;

    private final List<Resolver> all;

    private Resolvers(Resolver asked, List<Resolver> all) {
        this.asked = asked;
        this.all = all;
    }

    static Resolvers of(
            GatewaySettings.Dns settings,
            Servers servers,
            Carrier carrier,
            ScheduledExecutorService timers,
            Clock clock,
            Meters meters) {
        int flights = 2 * settings.lookups();
        DnsAnswers.Dnssec dnssec = settings.answers().dnssec();
        Counters<Validation> counts = meters.dnsValidated(Validation.class, Validation::label);
        if (!dnssec.validate()) {
            Resolver only = new Resolver(
                    new ResolverSettings(settings.cacheSize(), settings.serveStale(), flights),
                    servers,
                    carrier,
                    timers,
                    System::nanoTime);
            return new Resolvers(only, List.of(only));
        }
        long half = settings.cacheSize() / 2;
        // What is past its time is told from what was checked in its time: signatures end.
        Resolver behind = new Resolver(
                new ResolverSettings(half, Duration.ZERO, flights), servers, carrier, timers, System::nanoTime);
        Validator validator = new Validator(
                new Validator.Settings(dnssec.trustAnchors(), settings.timeout()),
                behind,
                DnsPolicy.zones(dnssec.uncheckedZones()),
                checks(),
                timers,
                clock,
                counts::count,
                fault -> LOG.error("an answer was not checked by a fault of ours", fault));
        Resolver front = new Resolver(
                new ResolverSettings(half, settings.serveStale(), flights),
                servers,
                validator,
                timers,
                System::nanoTime);
        return new Resolvers(front, List.of(front, behind));
    }

    /** A signature takes up to a millisecond; half of the processors are left to flows, whatever zones make of theirs. */
    private static Executor checks() {
        int threads = Math.max(1, Runtime.getRuntime().availableProcessors() / 2);
        ThreadPoolExecutor checks = new ThreadPoolExecutor(
                threads,
                threads,
                IDLE_SECONDS,
                TimeUnit.SECONDS,
                new ArrayBlockingQueue<>(MOST_WAITING),
                new DefaultThreadFactory("signatures", true));
        checks.allowCoreThreadTimeOut(true);
        return checks;
    }

    Resolver asked() {
        return asked;
    }

    /** Questions to servers under way. */
    int underWay() {
        return all.get(all.size() - 1).underWay();
    }

    long remembered() {
        return all.stream().mapToLong(Resolver::remembered).sum();
    }

    long rememberedBytes() {
        return all.stream().mapToLong(Resolver::rememberedBytes).sum();
    }

    long evicted() {
        return all.stream().mapToLong(Resolver::evicted).sum();
    }
}

package io.postern.dns.resolve;

import static org.assertj.core.api.Assertions.assertThat;

import io.postern.dns.forward.Resolver;
import io.postern.dns.forward.ResolverSettings;
import io.postern.dns.forward.Servers;
import io.postern.wire.ip.AddressText;
import io.postern.wire.ip.HostText;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/** Asks names on one thread called {@code asking}, by a clock that only moves when told. */
final class TestingAsker implements AutoCloseable {

    static final HostText.Name NAME = new HostText.Name("www.example");

    private final ScheduledExecutorService executor =
            Executors.newSingleThreadScheduledExecutor(task -> new Thread(task, "asking"));
    private final AtomicLong now = new AtomicLong();

    ScheduledExecutorService executor() {
        return executor;
    }

    /** Lets that time pass, for what was answered before. */
    void age(Duration time) {
        // An answer's age begins in the task that completed it.
        CompletableFuture.runAsync(() -> {}, executor).join();
        now.addAndGet(time.toNanos());
    }

    DnsNames names(TestingNameServer server) {
        return names(settings(server, Duration.ofSeconds(30)));
    }

    DnsNames names(DnsSettings settings) {
        return names(settings, new LocalNames(name -> false));
    }

    DnsNames names(DnsSettings settings, LocalNames local) {
        return new DnsNames(settings, local, resolver(settings), executor, now::get);
    }

    Resolver resolver(DnsSettings settings) {
        return new Resolver(
                new ResolverSettings(1024 * 1024, Duration.ofDays(1), 2 * settings.lookups()),
                new Servers(settings.servers(), settings.patience(), now::get),
                new TestingCarrier(),
                executor,
                now::get);
    }

    static DnsSettings settings(TestingNameServer server, Duration timeout) {
        return new DnsSettings(List.of(AddressText.of(server.address())), timeout, 100, 10);
    }

    static Answer ask(DnsNames names) {
        return ask(names, NAME.name());
    }

    static Answer ask(DnsNames names, String name) {
        return settled(names.resolve(new HostText.Name(name)).toCompletableFuture());
    }

    static Answer settled(CompletableFuture<Answer> answer) {
        return answer.orTimeout(40, TimeUnit.SECONDS).join();
    }

    static List<String> addresses(Answer answer) {
        assertThat(answer).isInstanceOf(Answer.Addresses.class);
        return ((Answer.Addresses) answer)
                .addresses().stream().map(AddressText::of).toList();
    }

    @Override
    public void close() {
        executor.shutdownNow();
    }
}

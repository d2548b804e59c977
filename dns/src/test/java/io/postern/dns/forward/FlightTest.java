package io.postern.dns.forward;

import static org.assertj.core.api.Assertions.assertThat;

import io.postern.dns.message.QuestionKey;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.xbill.DNS.Name;
import org.xbill.DNS.Type;

/** A question to servers ends, whatever becomes of whoever carries it. */
@Timeout(60)
class FlightTest {

    private static final QuestionKey KEY =
            new QuestionKey(Name.fromConstantString("www.example.").toWireCanonical(), Type.A, false, false);

    private final ScheduledExecutorService timers = Executors.newSingleThreadScheduledExecutor();

    @AfterEach
    void stop() {
        timers.shutdownNow();
    }

    @Test
    void whatNobodyBringsBackIsOver() {
        CompletableFuture<Consumer<Inquiry.Step.Done>> carried = new CompletableFuture<>();
        Resolver resolver = new Resolver(
                ResolverSettings.DEFAULTS,
                new Servers(
                        List.of(Server.plain(new InetSocketAddress(InetAddress.getLoopbackAddress(), 53))),
                        Duration.ofMillis(50),
                        System::nanoTime),
                (inquiry, done) -> carried.complete(done),
                timers,
                System::nanoTime);
        Resolver.Answered answered = resolver.ask(KEY)
                .toCompletableFuture()
                .orTimeout(20, TimeUnit.SECONDS)
                .join();
        assertThat(answered.reply()).isEmpty();
        assertThat(answered.loss()).isEqualTo(Loss.TIMEOUT);
        assertThat(resolver.underWay()).isZero();
        long remembered = resolver.rememberedBytes();
        assertThat(remembered).isPositive();
        // What comes after that changes nothing.
        carried.join().accept(new Inquiry.Step.Done(Optional.empty(), Loss.NETWORK));
        assertThat(resolver.underWay()).isZero();
        assertThat(resolver.rememberedBytes()).isEqualTo(remembered);
    }
}

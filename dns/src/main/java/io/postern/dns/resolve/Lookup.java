package io.postern.dns.resolve;

import io.postern.dns.resolve.Answer.Reason;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.xbill.DNS.DClass;
import org.xbill.DNS.Name;
import org.xbill.DNS.Record;
import org.xbill.DNS.TextParseException;
import org.xbill.DNS.Type;

/**
 * One name being asked, for both families at once.
 *
 * <pre>
 * asked → both families settled        → answered with both
 *       → IPv4 settled, patience over → answered with IPv4
 *       → deadline                     → answered with what is there
 * </pre>
 *
 * Whatever comes first settles it. IPv6 alone waits for IPv4 until the deadline: a network without IPv6 could not use
 * it. IPv4 does not wait as long, because middleboxes that drop AAAA questions are many and each would hold an app for
 * the whole timeout (RFC 8305 section 3 waits 50 ms; behind DNS64 the AAAA answer comes after the A answer, which takes
 * the resolver a second round).
 */
final class Lookup {

    private static final Duration PATIENCE = Duration.ofMillis(500);

    private static final Found UNSETTLED = new Found.Failed(Reason.TIMEOUT);

    private final String name;
    private final Upstreams upstreams;
    private final ScheduledExecutorService executor;
    private final CompletableFuture<Found> ipv6 = new CompletableFuture<>();
    private final CompletableFuture<Found> ipv4 = new CompletableFuture<>();
    private final CompletableFuture<Learned> answer = new CompletableFuture<>();

    Lookup(String name, Upstreams upstreams, ScheduledExecutorService executor) {
        this.name = name;
        this.upstreams = upstreams;
        this.executor = executor;
    }

    CompletableFuture<Learned> answer() {
        return answer;
    }

    /**
     * Asks, and settles the answer by then at the latest.
     *
     * @throws RejectedExecutionException if the executor is closed
     */
    void start(Duration timeout) {
        settleAfter(timeout);
        var asked = CompletableFuture.runAsync(this::ask, executor);
        var settledByIpv4 = asked.thenCombine(ipv4, (done, found) -> found).thenAccept(found -> {
            if (settlesName(found) && !answer.isDone()) {
                settleAfter(PATIENCE);
            }
        });
        var settledByBoth = settledByIpv4.runAfterBoth(ipv6, this::settle);
        var unused = settledByBoth.exceptionally(this::fail);
    }

    /** Addresses, or that the name does not exist, which holds for IPv6 as well (RFC 8020). */
    private static boolean settlesName(Found found) {
        return found instanceof Found.Some || (found instanceof Found.None none && none.noSuchName());
    }

    private void settleAfter(Duration delay) {
        Future<?> timer = executor.schedule(this::settle, delay.toNanos(), TimeUnit.NANOSECONDS);
        var unused = answer.whenComplete((done, failure) -> timer.cancel(false));
    }

    private void settle() {
        answer.complete(Learned.of(ipv6.getNow(UNSETTLED), ipv4.getNow(UNSETTLED)));
    }

    /** The executor has closed, or it is a fault of ours and the asker shall see it. */
    private @Nullable Void fail(Throwable fault) {
        if (fault.getCause() instanceof RejectedExecutionException) {
            answer.complete(Learned.OVERLOAD);
        } else {
            answer.completeExceptionally(fault);
        }
        return null;
    }

    private void ask() {
        ask(Type.AAAA, ipv6);
        ask(Type.A, ipv4);
    }

    private void ask(int type, CompletableFuture<Found> family) {
        var unused = follow(question(type), 0, Long.MAX_VALUE)
                .thenAccept(family::complete)
                .exceptionally(this::fail);
    }

    /** Asks, and asks on where an alias leads out of the reply; bounded by {@link AnswerReader#MAX_ALIASES}. */
    private CompletionStage<Found> follow(Record question, int aliases, long ttl) {
        return upstreams.ask(question).thenCompose(reply -> {
            if (reply instanceof Upstreams.Reply.Lost lost) {
                return CompletableFuture.completedFuture(new Found.Failed(lost.reason()));
            }
            AnswerReader.Read read = AnswerReader.read(((Upstreams.Reply.Got) reply).message(), question, aliases, ttl);
            if (read instanceof AnswerReader.Read.GoOn on && !answer.isDone()) {
                return follow(question(on.target(), question.getType()), on.aliases(), on.ttl());
            }
            Found found = read instanceof AnswerReader.Read.End end ? end.found() : UNSETTLED;
            return CompletableFuture.completedFuture(found);
        });
    }

    private Record question(int type) {
        try {
            return question(Name.fromString(name + "."), type);
        } catch (TextParseException impossible) {
            throw new AssertionError("a canonical host name is a DNS name", impossible);
        }
    }

    private static Record question(Name name, int type) {
        return Record.newRecord(name, type, DClass.IN);
    }
}

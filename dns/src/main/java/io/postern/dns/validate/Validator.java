package io.postern.dns.validate;

import io.postern.dns.forward.Carrier;
import io.postern.dns.forward.Inquiry;
import io.postern.dns.forward.Loss;
import io.postern.dns.forward.Resolver;
import io.postern.dns.message.QuestionKey;
import io.postern.dns.message.Reply;
import io.postern.dns.names.DomainTable;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Properties;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Executor;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.xbill.DNS.DClass;
import org.xbill.DNS.Flags;
import org.xbill.DNS.Message;
import org.xbill.DNS.Name;
import org.xbill.DNS.Rcode;
import org.xbill.DNS.Record;
import org.xbill.DNS.Type;
import org.xbill.DNS.dnssec.ValidatingResolver;

/**
 * Stands between a resolver that remembers what is checked and one that remembers what servers say. To the first one it
 * is its carrier, so each question is checked once for all who ask it, and what is checked is remembered.
 *
 * <pre>
 * asked unchecked (CD), or excepted     → as servers say it, without AD
 * checked: secure                       → AD, good no longer than its signatures
 * checked: insecure                     → without AD
 * checked: bogus                        → nothing, and why; what it was made of is forgotten
 * late, no room, servers do not answer  → nothing
 * </pre>
 *
 * Signatures are checked on the executor alone; what one answer may cost is bounded by {@link Work}, what all may cost by
 * the executor. Thread-safe.
 */
public final class Validator implements Carrier {

    /** More rounds are taken for unsigned, RFC 9276 section 3.2; zones should have none. */
    private static final String MOST_ROUNDS = "50";

    /** Answers being checked: some steps of dnsjava take the common pool, which is as wide as there are steps to take. */
    private static final int MOST_AT_ONCE = 512;

    private final Settings settings;
    private final Resolver unchecked;
    private final ValidatingResolver validator;
    private final DomainTable<Boolean> excepted;
    private final Executor executor;
    private final ScheduledExecutorService timers;
    private final Consumer<Validation> counted;
    private final Consumer<Throwable> faults;
    private final AtomicInteger atOnce = new AtomicInteger();

    /**
     * @param anchors as {@link TrustAnchor} reads them
     * @param timeout until an answer that is not checked is none
     */
    public record Settings(List<String> anchors, Duration timeout) {

        public Settings {
            anchors = List.copyOf(anchors);
            for (String anchor : anchors) {
                if (TrustAnchor.parse(anchor).isEmpty()) {
                    throw new IllegalArgumentException(
                            "trust anchor is '" + anchor + "', must be a DS or DNSKEY record");
                }
            }
            if (anchors.isEmpty()) {
                throw new IllegalArgumentException("trust anchors are empty, must be at least one");
            }
        }
    }

    /**
     * @param unchecked told what servers say; it must not tell what is past its time, for signatures end
     * @param excepted names that are not checked (RFC 7646)
     * @param executor where signatures are checked; may reject
     * @param timers runs deadlines
     * @param clock signatures are held against
     * @param counted told of each answer
     * @param faults told of those of ours
     */
    public Validator(
            Settings settings,
            Resolver unchecked,
            DomainTable<Boolean> excepted,
            Executor executor,
            ScheduledExecutorService timers,
            Clock clock,
            Consumer<Validation> counted,
            Consumer<Throwable> faults) {
        this.settings = settings;
        this.unchecked = unchecked;
        this.excepted = excepted;
        this.executor = executor;
        this.timers = timers;
        this.counted = counted;
        this.faults = faults;
        this.validator = new ValidatingResolver(new SharedResolver(unchecked, clock), clock);
        try {
            validator.init(bounds());
            byte[] anchors = String.join("\n", settings.anchors).getBytes(StandardCharsets.UTF_8);
            validator.getTrustAnchors().clear();
            validator.loadTrustAnchors(new ByteArrayInputStream(anchors));
        } catch (IOException impossible) {
            throw new AssertionError("anchors were read before", impossible);
        }
        validator.setAddReasonToAdditional(false);
    }

    private static Properties bounds() {
        Properties bounds = new Properties();
        for (int bits : new int[] {1_024, 2_048, 4_096}) {
            bounds.setProperty("dnsjava.dnssec.nsec3.iterations." + bits, MOST_ROUNDS);
        }
        return bounds;
    }

    @Override
    public void carry(Inquiry inquiry, Consumer<Inquiry.Step.Done> done) {
        QuestionKey key = inquiry.key();
        // Signatures themselves are signed by nobody.
        if (key.unchecked() || key.type() == Type.RRSIG || excepted.find(key.text()) != null) {
            pass(key, done);
            return;
        }
        if (atOnce.incrementAndGet() > MOST_AT_ONCE) {
            atOnce.decrementAndGet();
            done.accept(lost(Loss.OVERLOAD));
            return;
        }
        Work work = new Work(executor);
        AtomicBoolean told = new AtomicBoolean();
        Consumer<Inquiry.Step.Done> once = outcome -> {
            if (told.compareAndSet(false, true)) {
                done.accept(outcome);
            }
        };
        try {
            Future<?> deadline =
                    timers.schedule(() -> late(work, once), settings.timeout.toNanos(), TimeUnit.NANOSECONDS);
            // From its first step on: an answer that is remembered would be checked by whoever asks for it.
            work.execute(() -> check(key, work, outcome -> {
                atOnce.decrementAndGet();
                deadline.cancel(false);
                once.accept(outcome);
            }));
        } catch (RejectedExecutionException full) {
            atOnce.decrementAndGet();
            once.accept(lost(Loss.OVERLOAD));
        }
    }

    private void late(Work work, Consumer<Inquiry.Step.Done> once) {
        work.giveUp();
        once.accept(lost(Loss.TIMEOUT));
    }

    private void check(QuestionKey key, Work work, Consumer<Inquiry.Step.Done> done) {
        var unused = CompletableFuture.completedStage(question(key))
                .thenCompose(question -> validator.sendAsync(question, work))
                .thenApply(message -> outcome(key, message, work))
                .exceptionally(this::failed)
                .thenAccept(done);
    }

    private void pass(QuestionKey key, Consumer<Inquiry.Step.Done> done) {
        QuestionKey asked = new QuestionKey(key.name(), key.type(), key.signatures(), true);
        var unused = unchecked.ask(asked).whenComplete((answered, fault) -> {
            counted.accept(Validation.UNCHECKED);
            done.accept(
                    answered == null
                            ? failed(fault)
                            : new Inquiry.Step.Done(
                                    answered.reply().map(reply -> reply.with(false, answered.seconds())),
                                    answered.loss()));
        });
    }

    private static Message question(QuestionKey key) {
        try {
            return Message.newQuery(Record.newRecord(new Name(key.name()), key.type(), DClass.IN));
        } catch (IOException impossible) {
            throw new AssertionError("a canonical name is a name", impossible);
        }
    }

    private Inquiry.Step.Done outcome(QuestionKey key, Message message, Work work) {
        int rcode = message.getRcode();
        if (rcode != Rcode.NOERROR && rcode != Rcode.NXDOMAIN) {
            @Nullable Loss why = work.loss();
            return why == null
                    ? bogus(work.reason(Bogus.why(message)), work)
                    : why.bogus() ? bogus(why, work) : lost(why);
        }
        boolean secure = message.getHeader().getFlag(Flags.AD);
        Optional<Reply> reply = Checked.reply(message, key);
        if (reply.isEmpty()) {
            return lost(Loss.MALFORMED);
        }
        counted.accept(secure ? Validation.SECURE : Validation.INSECURE);
        long seconds = Math.min(reply.get().ttl(), secure ? work.leastSeconds() : Long.MAX_VALUE);
        return new Inquiry.Step.Done(Optional.of(reply.get().with(secure, seconds)), Loss.SERVFAIL);
    }

    /** Whoever asks again shall not be answered from the same false parts for a day. */
    private Inquiry.Step.Done bogus(Loss why, Work work) {
        work.asked().forEach(unchecked::forget);
        counted.accept(Validation.BOGUS);
        return new Inquiry.Step.Done(Optional.empty(), why);
    }

    private Inquiry.Step.Done lost(Loss why) {
        counted.accept(Validation.LOST);
        return new Inquiry.Step.Done(Optional.empty(), why);
    }

    private Inquiry.Step.Done failed(@Nullable Throwable fault) {
        @Nullable Throwable cause = fault instanceof CompletionException ? fault.getCause() : fault;
        if (!(cause instanceof RejectedExecutionException)) {
            faults.accept(cause == null ? new IllegalStateException("nothing came of it") : cause);
        }
        return lost(Loss.OVERLOAD);
    }
}

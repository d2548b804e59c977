package io.postern.gateway.webhook;

import io.postern.config.ResponseSettings;
import io.postern.config.SecretFile;
import io.postern.gateway.meters.Counters;
import io.postern.gateway.meters.Meters;
import io.postern.gateway.records.DeviceLines;
import io.postern.gateway.state.Store;
import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells a receiver over HTTP, one letter after the other, on a thread of its own, as Standard Webhooks 1.0 has it.
 *
 * <pre>
 * tell → outbox on the disk → POST → taken (2xx)
 *                               └──→ behind the others, a while later … → dead letters
 * </pre>
 *
 * A letter is told at least once: after a crash, or when the answer is lost, it comes again with the same id. What is not taken
 * is tried again, first after a second, then after twice as long and so on up to five minutes, until it is given up.
 */
public final class Webhook implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(Webhook.class);
    private static final long FIRST_PAUSE = 1_000;
    private static final long LONGEST_PAUSE = Duration.ofMinutes(5).toMillis();
    private static final long AGAIN_MILLIS = 1_000;
    private static final long IDLE_NANOS = Duration.ofMinutes(1).toNanos();
    private static final Duration CLOSE_WITHIN = Duration.ofSeconds(5);
    private static final String FULL = "too many letters wait";

    private final ResponseSettings.Webhook settings;
    private final Clock clock;
    private final HttpClient client;
    private final Outbox outbox;
    private final DeadLetters dead;
    private final Counters<Result> results;
    private final Thread thread = new Thread(this::run, "webhook");
    private final Thread keeper = new Thread(this::keepAll, "webhook-store");
    /** Guards what is done once letters are on the disk, and whether none come any more. */
    private final Object keeping = new Object();

    private final List<Runnable> unkept = new ArrayList<>();
    private boolean ending;
    /** Guards what follows; waited on for letters and for the end of a pause. */
    private final Object bell = new Object();

    private boolean rung;
    private boolean closing;
    private @Nullable CompletableFuture<?> asking;
    private long pause;
    private boolean faultLogged;

    /** What became of one try, or of a letter. */
    enum Result {
        DELIVERED,
        FAILED,
        GIVEN_UP,
        NO_ROOM;

        String label() {
            return name().toLowerCase(Locale.ROOT).replace('_', '-');
        }
    }

    private Webhook(ResponseSettings.Webhook settings, Store store, Clock clock, Meters meters) throws IOException {
        this.settings = settings;
        this.clock = clock;
        HttpClient.Builder builder =
                HttpClient.newBuilder().connectTimeout(settings.timeout()).followRedirects(HttpClient.Redirect.NEVER);
        if (settings.caFile().isPresent()) {
            builder.sslContext(Trust.only(settings.caFile().get()));
        }
        this.client = builder.build();
        this.outbox = new Outbox(store, settings.queue(), settings.giveUp(), clock.millis());
        this.dead = new DeadLetters(settings.deadLetters());
        this.results = meters.webhook(Result.class, Result::label);
        meters.watch("postern.webhook.waiting", "Letters that wait to be taken", outbox::size);
        thread.setDaemon(true);
        keeper.setDaemon(true);
    }

    /**
     * Goes on with what waits in the store.
     *
     * @throws IOException when the store or the certificates that are trusted cannot be read
     */
    public static Webhook start(ResponseSettings.Webhook settings, Store store, Clock clock, Meters meters)
            throws IOException {
        Webhook webhook = new Webhook(settings, store, clock, meters);
        webhook.thread.start();
        webhook.keeper.start();
        return webhook;
    }

    /**
     * Takes a letter, which is on the disk soon after, with those that come meanwhile; where there is no room it is set aside at once. For
     * any thread but an event loop's.
     *
     * @param kept done once it is on the disk, on a thread that it must not hold up; not if it was set aside
     */
    public void tell(Letter letter, Runnable kept) {
        if (!outbox.put(letter)) {
            setAside(letter);
            return;
        }
        synchronized (keeping) {
            unkept.add(kept);
            keeping.notifyAll();
        }
        synchronized (bell) {
            rung = true;
            bell.notifyAll();
        }
    }

    /** Not by whoever tells, for a forced write takes some milliseconds, and not by whoever posts, for an answer takes seconds. */
    private void keepAll() {
        boolean failing = false;
        while (true) {
            List<Runnable> some;
            synchronized (keeping) {
                try {
                    for (; failing || unkept.isEmpty(); failing = false) {
                        if (ending) {
                            return;
                        }
                        keeping.wait(failing ? AGAIN_MILLIS : 0);
                    }
                } catch (InterruptedException e) {
                    return;
                }
                some = List.copyOf(unkept);
                unkept.clear();
            }
            failing = !keep(some);
        }
    }

    private boolean keep(List<Runnable> some) {
        try {
            outbox.sync();
            some.forEach(Runnable::run);
            return true;
        } catch (IOException e) {
            LOG.error("letters to the webhook are not on the disk: {}", e.toString());
            synchronized (keeping) {
                unkept.addAll(0, some);
            }
        } catch (RuntimeException e) {
            LOG.error("a fault of ours in what is done with letters that are on the disk", e);
        }
        return false;
    }

    /**
     * Removes the letters about a device that wait, and those that nobody has taken; how many. One that is on its way is told once. The store
     * is to be synced.
     *
     * @throws IOException when not all of them could be
     */
    public long forget(DeviceLines device) throws IOException {
        return outbox.forget(device) + dead.erase(device);
    }

    /**
     * Removes the letters about a device that wait since there was a receiver, and those that it has not taken. The store is to be synced.
     *
     * @param dead where these are by default
     */
    public static long forget(Store store, Path dead, DeviceLines device) throws IOException {
        try (DeadLetters letters = new DeadLetters(dead)) {
            return Outbox.forget(store.table(Outbox.TABLE), device) + letters.erase(device);
        }
    }

    private void setAside(Letter letter) {
        results.count(Result.NO_ROOM);
        try {
            dead.add(letter, clock.millis(), FULL);
        } catch (IOException e) {
            LOG.error("a letter to the webhook is lost id={}", letter.id(), e);
        }
    }

    private void run() {
        while (!closed()) {
            try {
                turn();
                faultLogged = false;
            } catch (IOException | RuntimeException e) {
                if (!faultLogged) {
                    faultLogged = true;
                    LOG.error("letters to the webhook cannot be kept; trying on", e);
                }
                failed();
                rest();
            }
        }
    }

    private void turn() throws IOException {
        Optional<Outbox.Turn> turn = outbox.first();
        if (turn.isEmpty()) {
            rung(System.nanoTime() + IDLE_NANOS);
            return;
        }
        // Nobody hears of what a crash would make undone.
        outbox.sync();
        Letter letter = turn.get().letter();
        Optional<String> failure = post(letter);
        if (failure.isEmpty()) {
            outbox.done(turn.get());
            results.count(Result.DELIVERED);
            if (pause > 0) {
                LOG.info("the webhook takes letters again, waiting={}", outbox.size());
            }
            pause = 0;
        } else if (!closed()) {
            results.count(Result.FAILED);
            if (pause == 0) {
                LOG.warn("the webhook does not take letters: {}; trying on, waiting={}", failure.get(), outbox.size());
            }
            putAside(turn.get(), failure.get());
            failed();
            rest();
        }
    }

    private void putAside(Outbox.Turn turn, String reason) throws IOException {
        if (!outbox.has(turn)) {
            return;
        }
        if (turn.last()) {
            dead.add(turn.letter(), clock.millis(), reason);
            outbox.done(turn);
            results.count(Result.GIVEN_UP);
            LOG.warn(
                    "a letter to the webhook is given up id={} reason={}",
                    turn.letter().id(),
                    reason);
        } else {
            outbox.later(turn);
        }
    }

    /** Why it was not taken, if it was not. */
    private Optional<String> post(Letter letter) {
        try {
            CompletableFuture<HttpResponse<Void>> answer = client.sendAsync(request(letter), BodyHandlers.discarding());
            synchronized (bell) {
                asking = answer;
                if (closing) {
                    answer.cancel(true);
                }
            }
            try {
                int status = answer.get(settings.timeout().toNanos(), TimeUnit.NANOSECONDS)
                        .statusCode();
                return status / 100 == 2 ? Optional.empty() : Optional.of("answered " + status);
            } finally {
                // An answer without end is no answer.
                answer.cancel(true);
            }
        } catch (IOException e) {
            return Optional.of(e.toString());
        } catch (ExecutionException e) {
            return Optional.of(String.valueOf(e.getCause()));
        } catch (TimeoutException e) {
            return Optional.of("no answer within " + settings.timeout().toMillis() + " ms");
        } catch (CancellationException e) {
            return Optional.of("closing");
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return Optional.of("interrupted");
        }
    }

    private HttpRequest request(Letter letter) throws IOException {
        long seconds = clock.instant().getEpochSecond();
        // Read each time: a new secret counts from the next try on.
        Signature signature = new Signature(SecretFile.read(settings.secretFile()));
        return HttpRequest.newBuilder(settings.url())
                .timeout(settings.timeout())
                .header("content-type", "application/json")
                .header("webhook-id", letter.id())
                .header("webhook-timestamp", Long.toString(seconds))
                .header("webhook-signature", signature.of(letter.id(), seconds, letter.body()))
                .POST(BodyPublishers.ofByteArray(letter.body()))
                .build();
    }

    private void failed() {
        pause = Math.min(LONGEST_PAUSE, Math.max(FIRST_PAUSE, 2 * pause));
    }

    private boolean closed() {
        synchronized (bell) {
            return closing;
        }
    }

    /** By a fifth more or less: gateways that failed together do not come back together. */
    private void rest() {
        long millis = pause * ThreadLocalRandom.current().nextLong(80, 121) / 100;
        long end = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(millis);
        while (!closed() && end - System.nanoTime() > 0) {
            rung(end);
        }
    }

    /** Waits for a letter until then. */
    private void rung(long endNanos) {
        synchronized (bell) {
            long left = endNanos - System.nanoTime();
            while (!rung && !closing && left > 0) {
                try {
                    bell.wait(Math.max(1, TimeUnit.NANOSECONDS.toMillis(left)));
                } catch (InterruptedException e) {
                    closing = true;
                    Thread.currentThread().interrupt();
                }
                left = endNanos - System.nanoTime();
            }
            rung = false;
        }
    }

    /** What waits is kept for the next start. */
    @Override
    public void close() {
        synchronized (bell) {
            closing = true;
            bell.notifyAll();
            if (asking != null) {
                asking.cancel(true);
            }
        }
        try {
            thread.join(CLOSE_WITHIN.toMillis());
            synchronized (keeping) {
                ending = true;
                keeping.notifyAll();
            }
            keeper.join(CLOSE_WITHIN.toMillis());
            outbox.sync();
            dead.close();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (IOException e) {
            LOG.warn("letters to the webhook may be lost", e);
        }
    }
}

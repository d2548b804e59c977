package io.postern.dns.forward;

import java.security.SecureRandom;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.atomic.AtomicIntegerArray;
import java.util.concurrent.atomic.AtomicLongArray;
import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.function.LongSupplier;

/**
 * The servers in order of preference, and how they are. One that does not answer is left alone for a second, then for
 * two, and so on to a minute; when that is over one question tries it. When all are left alone they are asked all the
 * same. Thread-safe.
 *
 * <pre>
 * asked → silent → left alone → tried by one → asked
 * </pre>
 */
public final class Servers {

    private static final long FIRST_PAUSE = Duration.ofSeconds(1).toNanos();
    private static final int MOST_DOUBLINGS = 6;
    private static final int CLIENT_COOKIE = 8;
    /** A server's part of a cookie, RFC 7873 section 4. */
    private static final int LEAST_SERVER_COOKIE = 8;

    private static final int MOST_SERVER_COOKIE = 32;

    private final List<Server> servers;
    private final Duration patience;
    private final LongSupplier nanoTime;
    private final AtomicIntegerArray failures;
    private final AtomicLongArray silentUntil;
    private final AtomicReferenceArray<byte[]> cookies;
    private final byte[][] ownCookies;
    private final Latencies latencies;
    private final HedgeShare hedges = new HedgeShare();

    /**
     * @param servers one at least
     * @param patience with one attempt
     * @param nanoTime in nanoseconds from any origin: {@code System::nanoTime}
     */
    public Servers(List<Server> servers, Duration patience, LongSupplier nanoTime) {
        if (servers.isEmpty()) {
            throw new IllegalArgumentException("servers are empty, must be at least one");
        }
        this.servers = List.copyOf(servers);
        this.patience = patience;
        this.nanoTime = nanoTime;
        failures = new AtomicIntegerArray(servers.size());
        silentUntil = new AtomicLongArray(servers.size());
        cookies = new AtomicReferenceArray<>(servers.size());
        latencies = new Latencies(servers.size(), patience);
        ownCookies = new byte[servers.size()][CLIENT_COOKIE];
        SecureRandom random = new SecureRandom();
        for (int server = 0; server < servers.size(); server++) {
            random.nextBytes(ownCookies[server]);
            cookies.set(server, ownCookies[server]);
        }
    }

    Server server(int server) {
        return servers.get(server);
    }

    long now() {
        return nanoTime.getAsLong();
    }

    /** After how long without an answer another server may be asked too; never where there is no other. */
    Duration lateAfter(int server) {
        hedges.asked();
        return servers.size() == 1 ? patience : Duration.ofNanos(latencies.late19of20(server));
    }

    /** Whom to ask as well as that one, which is late; -1 for nobody. */
    int beside(int server) {
        latencies.late(server);
        int other = (server + 1) % servers.size();
        boolean well = other != server && failures.get(other) == 0;
        return well && hedges.take() ? other : -1;
    }

    /** Questions that were asked of a second server because the first was late. */
    public long hedged() {
        return hedges.taken();
    }

    Duration patience() {
        return patience;
    }

    /** Of servers that are left alone for now: for a gauge. */
    public int silent() {
        long now = nanoTime.getAsLong();
        int silent = 0;
        for (int server = 0; server < servers.size(); server++) {
            silent += failures.get(server) > 0 && now - silentUntil.get(server) < 0 ? 1 : 0;
        }
        return silent;
    }

    /** Whom to ask. */
    int first() {
        return from(0);
    }

    /** Whom to ask when that one has failed. */
    int after(int server) {
        return from((server + 1) % servers.size());
    }

    private int from(int first) {
        for (int i = 0; i < servers.size(); i++) {
            int server = (first + i) % servers.size();
            if (usable(server)) {
                return server;
            }
        }
        return first;
    }

    private boolean usable(int server) {
        if (failures.get(server) == 0) {
            return true;
        }
        long until = silentUntil.get(server);
        long now = nanoTime.getAsLong();
        // Whoever changes it is the one that tries; the others wait to see what becomes of that.
        return now - until >= 0 && silentUntil.compareAndSet(server, until, now + patience.toNanos());
    }

    /** @param askedAt of {@link #now} */
    void answered(int server, long askedAt) {
        failures.set(server, 0);
        latencies.answered(server, nanoTime.getAsLong() - askedAt);
    }

    void failed(int server) {
        int before = failures.getAndUpdate(server, count -> Math.min(count + 1, MOST_DOUBLINGS));
        silentUntil.set(server, nanoTime.getAsLong() + (FIRST_PAUSE << before));
    }

    /** What goes into the COOKIE option of a question to it. */
    byte[] cookie(int server) {
        return cookies.get(server);
    }

    /** Whether it has shown a cookie of its own: then each answer must. */
    boolean knowsCookies(int server) {
        return cookies.get(server).length > CLIENT_COOKIE;
    }

    /** Whether the option in an answer begins with what we sent; a good one is remembered. */
    boolean cookieReturned(int server, byte[] option) {
        int servers = option.length - CLIENT_COOKIE;
        boolean good = servers >= LEAST_SERVER_COOKIE
                && servers <= MOST_SERVER_COOKIE
                && Arrays.equals(option, 0, CLIENT_COOKIE, ownCookies[server], 0, CLIENT_COOKIE);
        if (good) {
            cookies.set(server, option);
        }
        return good;
    }
}

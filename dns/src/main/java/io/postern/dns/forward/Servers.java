package io.postern.dns.forward;

import io.postern.dns.message.QuestionKey;
import io.postern.dns.names.PublicSuffixes;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.function.LongSupplier;

/**
 * The servers in order of preference, and how they are ({@link Health}). When all are left alone they are asked all the
 * same. Thread-safe.
 */
public final class Servers {

    private static final int CLIENT_COOKIE = 8;
    /** A server's part of a cookie, RFC 7873 section 4. */
    private static final int LEAST_SERVER_COOKIE = 8;

    private static final int MOST_SERVER_COOKIE = 32;

    private final List<Server> servers;
    private final Duration patience;
    private final LongSupplier nanoTime;
    private final PublicSuffixes suffixes = PublicSuffixes.shipped();
    private final List<Health> healths;
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
        long now = nanoTime.getAsLong();
        healths = servers.stream().map(server -> new Health(now)).toList();
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

    /** Whom to ask as well as that one, which is late; -1 for nobody. One that was left alone is tried so: nobody waits for it. */
    int beside(int server) {
        latencies.late(server);
        int other = hedges.any() ? usableBut(server) : -1;
        return other >= 0 && hedges.take() ? other : -1;
    }

    /** Questions that were asked of a second server because the first was late. */
    public long hedged() {
        return hedges.taken();
    }

    Duration patience() {
        return patience;
    }

    /** With a question, all attempts included. */
    Duration timeout() {
        return patience.multipliedBy(Inquiry.ATTEMPTS);
    }

    /** Of servers that are left alone for now: for a gauge. */
    public int silent() {
        return (int) healths.stream().filter(health -> !health.well()).count();
    }

    /** Whom to ask. */
    int first() {
        int other = usable(0) ? 0 : usableBut(0);
        return Math.max(other, 0);
    }

    /** Whom to ask when that one has failed: another, also one that is left alone. */
    int after(int server) {
        int other = usableBut(server);
        return other >= 0 ? other : (server + 1) % servers.size();
    }

    /** The next that may be asked; -1 for none. */
    private int usableBut(int server) {
        for (int i = 1; i < servers.size(); i++) {
            int other = (server + i) % servers.size();
            if (usable(other)) {
                return other;
            }
        }
        return -1;
    }

    private boolean usable(int server) {
        return healths.get(server).ask(nanoTime.getAsLong(), patience.toNanos());
    }

    /** @param askedAt of {@link #now} */
    void answered(int server, long askedAt) {
        long now = nanoTime.getAsLong();
        healths.get(server).heard(now);
        latencies.answered(server, now - askedAt);
    }

    /** It said that it has more to say. */
    void heard(int server) {
        healths.get(server).heard(nanoTime.getAsLong());
    }

    /** There was no answer of use to that question, which it was asked first; to another there may be one. */
    void silent(int server, QuestionKey key, long askedAt) {
        String name = key.text();
        String domain = suffixes.registrable(name);
        healths.get(server).silent(domain.isEmpty() ? name : domain, askedAt, nanoTime.getAsLong());
    }

    /** There was none of it either, after or beside another server. */
    void silentToo(int server, long askedAt) {
        healths.get(server).silentToo(askedAt, nanoTime.getAsLong());
    }

    /** Nobody is there to be asked. */
    void unreachable(int server, long askedAt) {
        healths.get(server).unreachable(askedAt, nanoTime.getAsLong());
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

package io.postern.dns.resolve;

import java.net.InetAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** An answer and how long it may be remembered. */
record Learned(Answer answer, Duration lifetime) {

    private static final long LEAST_SECONDS = 5;
    private static final long MOST_SECONDS = Duration.ofDays(1).toSeconds();

    /** What a name lacks may come soon, and the operator who adds it should not have to wait a day. */
    private static final long MOST_NEGATIVE_SECONDS = Duration.ofMinutes(5).toSeconds();

    /** Long enough that an app which retries in a loop does not multiply its questions (RFC 9520 section 3.2). */
    private static final Duration FAILURE = Duration.ofSeconds(1);

    /** Nothing was asked, so nothing was learned. */
    static final Learned OVERLOAD = new Learned(new Answer.Failed(Answer.Reason.OVERLOAD), Duration.ZERO);

    /**
     * Puts the families together. Addresses of one stand when the other is missing, but only for the least time; that
     * there is no address takes both to say.
     */
    static Learned of(Found ipv6, Found ipv4) {
        List<Found.Some> some = both(ipv6, ipv4, Found.Some.class);
        List<Found.None> none = both(ipv6, ipv4, Found.None.class);
        if (!some.isEmpty()) {
            boolean complete = some.size() + none.size() == 2;
            return addresses(some, complete);
        }
        boolean noSuchName = none.stream().anyMatch(Found.None::noSuchName);
        if (none.size() == 2) {
            long ttl = none.stream().mapToLong(Found.None::ttl).min().orElse(0);
            boolean agreed = none.stream().allMatch(Found.None::noSuchName);
            return negative(agreed ? new Answer.NoSuchName() : new Answer.NoAddress(), ttl);
        }
        if (noSuchName) {
            return negative(new Answer.NoSuchName(), LEAST_SECONDS);
        }
        Found.Failed failed = both(ipv4, ipv6, Found.Failed.class).get(0);
        return new Learned(new Answer.Failed(failed.reason()), FAILURE);
    }

    private static Learned addresses(List<Found.Some> some, boolean complete) {
        List<InetAddress> addresses = new ArrayList<>();
        some.forEach(family -> addresses.addAll(family.addresses()));
        long least = some.stream().mapToLong(Found.Some::ttl).min().orElse(0);
        Duration ttl = Duration.ofSeconds(complete ? clamp(least, MOST_SECONDS) : LEAST_SECONDS);
        return new Learned(new Answer.Addresses(addresses, ttl), ttl);
    }

    private static Learned negative(Answer answer, long ttl) {
        return new Learned(answer, Duration.ofSeconds(clamp(ttl, MOST_NEGATIVE_SECONDS)));
    }

    private static long clamp(long seconds, long most) {
        return Math.max(LEAST_SECONDS, Math.min(seconds, most));
    }

    private static <T extends Found> List<T> both(Found one, Found other, Class<T> type) {
        return Stream.of(one, other).filter(type::isInstance).map(type::cast).toList();
    }
}

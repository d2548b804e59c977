package io.postern.dns.resolve;

import java.net.InetAddress;
import java.time.Duration;
import java.util.List;
import java.util.Locale;

/** What is known of a name's addresses. */
public sealed interface Answer {

    /**
     * It has these, in the order of the server, IPv6 before IPv4; the dialler orders them with {@link DialOrder}.
     *
     * @param addresses one to {@value AnswerReader#MAX_ADDRESSES} of each family
     * @param ttl how long they may be kept from when they were learned, clamped to 5 s and 1 day
     */
    record Addresses(List<InetAddress> addresses, Duration ttl) implements Answer {
        public Addresses {
            addresses = List.copyOf(addresses);
            if (addresses.isEmpty()) {
                throw new IllegalArgumentException("addresses are empty, must be at least one");
            }
        }
    }

    /** The name does not exist (NXDOMAIN). */
    record NoSuchName() implements Answer {}

    /** The name exists, without any address. */
    record NoAddress() implements Answer {}

    /** It could not be found out. */
    record Failed(Reason cause) implements Answer {

        /** As written in metrics and records: {@code servfail}. */
        public String reason() {
            return cause.label();
        }
    }

    /** Why it could not be found out. */
    enum Reason {
        /** No server answered in time. */
        TIMEOUT,
        /** The servers answered that they cannot (SERVFAIL, or any code but the others here). */
        SERVFAIL,
        /** The servers do not answer us (REFUSED). */
        REFUSED,
        /** The servers could not be reached. */
        NETWORK,
        /** The answer breaks a rule, or its chain of aliases is too long or a loop. */
        MALFORMED,
        /** Too many questions are under way; nothing was asked. */
        OVERLOAD,
        /** It is not what its owner has signed (DNSSEC). */
        BOGUS;

        private final String label = name().toLowerCase(Locale.ROOT);

        public String label() {
            return label;
        }
    }
}

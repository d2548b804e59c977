package io.postern.dns.message;

import java.net.InetAddress;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * What is kept of one DNS message.
 *
 * @param relative whose message this is, by its form
 * @param id by which an answer finds its question
 * @param question the first; empty when a response repeats none
 * @param rcode with EDNS's upper bits, 0 to 4095
 * @param answers records in the answer section, by its count
 * @param addresses of its A and AAAA records, at most {@value #MOST_ADDRESSES}
 * @param ednsSize bytes of UDP payload that the sender takes, RFC 6891 section 6.2.3
 */
public record DnsFacts(
        Relative relative,
        int id,
        boolean response,
        Optional<Question> question,
        int rcode,
        int answers,
        List<InetAddress> addresses,
        OptionalInt ednsSize) {

    public static final int MOST_ADDRESSES = 16;

    /** Protocols of the same form. */
    public enum Relative {
        DNS,
        /** RFC 6762: id 0, no recursion, {@code .local} or a name of {@code _tcp}, {@code _udp} or {@code .arpa}. */
        MULTICAST,
        /** RFC 1002: names of 32 letters A to P, types NB and NBSTAT. */
        NETBIOS
    }

    /**
     * One question.
     *
     * @param name lower case, without the last dot, RFC 1035's escapes; at most {@value #LONGEST_NAME} chars, {@code .} of the root
     * @param alone whether its message holds nothing else that a sender is free to choose, but for EDNS and a cookie
     */
    public record Question(String name, int type, int recordClass, boolean alone) {

        public static final int LONGEST_NAME = 255;

        /** Of a message that is not at hand. */
        public Question(String name, int type, int recordClass) {
            this(name, type, recordClass, false);
        }
    }

    public DnsFacts {
        addresses = List.copyOf(addresses);
    }
}

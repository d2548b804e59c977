package io.postern.dns.message;

/**
 * A client's question, ready to be answered.
 *
 * @param message the whole of it; not changed any more
 * @param questionEnd behind the question; {@link DnsHead#LENGTH} when that cannot be repeated
 * @param edns whether the client speaks EDNS, and is answered in it
 * @param padded whether it is answered with padding
 * @param udpSize bytes that it takes by UDP: 512 at least
 */
@SuppressWarnings("ArrayRecordComponent") // nobody compares them
public record Query(byte[] message, int questionEnd, QuestionKey key, boolean edns, boolean padded, int udpSize) {

    /** Of a client without EDNS, RFC 1035 section 4.2.1. */
    public static final int LEAST_UDP = 512;

    /** What fits any path without fragments, RFC 9715. */
    public static final int MOST_UDP = 1_232;

    /** What became of reading one. */
    public sealed interface Read {

        record Asks(Query query) implements Read {}

        /** To be answered with that code. */
        record Faulty(Query query, int rcode) implements Read {}

        /** To be answered by nothing: whoever sent it may not be who it says, or speaks something else. */
        record Unanswered(Fault fault) implements Read {}
    }

    /** Why there is no answer. */
    public enum Fault {
        SHORT,
        /** An answer sent as a question: two servers could keep each other busy for ever. */
        RESPONSE,
        OPCODE
    }
}

package io.postern.dns.resolve;

import java.net.InetAddress;
import java.util.List;

/** What is known of a name's addresses of one family. */
sealed interface Found {

    /**
     * These.
     *
     * @param ttl seconds, the least along the chain of aliases, as received
     */
    record Some(List<InetAddress> addresses, long ttl) implements Found {}

    /**
     * None.
     *
     * @param noSuchName whether the name itself does not exist, which holds for every family (RFC 8020)
     * @param ttl seconds that may be remembered (RFC 2308 section 5), as received
     */
    record None(boolean noSuchName, long ttl) implements Found {}

    /** It could not be found out. */
    record Failed(Answer.Reason reason) implements Found {}
}

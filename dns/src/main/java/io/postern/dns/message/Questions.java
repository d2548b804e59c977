package io.postern.dns.message;

import java.security.SecureRandom;
import java.util.Arrays;
import org.xbill.DNS.Type;

/**
 * Writes questions to servers. Each has a random id, and by UDP its name in random case: servers copy the question as
 * they got it, so every letter is one more bit that a forger must guess (draft-vixie-dnsext-dns0x20).
 */
public final class Questions {

    private static final int OPT = 11;
    private static final int COOKIE = 10;
    private static final int PADDING = 12;
    /** RFC 8467 section 4.1. */
    private static final int BLOCK = 128;

    private static final int DNSSEC_OK = 0x8000;
    private static final SecureRandom RANDOM = new SecureRandom();

    private Questions() {}

    /**
     * @param mixed whether in random case
     * @param edns whether with EDNS; some old servers know nothing of it
     * @param cookie what goes into its COOKIE option; empty for none
     */
    public static byte[] of(QuestionKey key, boolean mixed, boolean edns, byte[] cookie) {
        byte[] name = key.name();
        int questionEnd = DnsHead.LENGTH + name.length + 4;
        int option = edns && cookie.length > 0 ? 4 + cookie.length : 0;
        byte[] message = new byte[questionEnd + (edns ? OPT + option : 0)];
        byte[] coins = new byte[2 + (name.length + 7) / 8];
        RANDOM.nextBytes(coins);
        message[0] = coins[0];
        message[1] = coins[1];
        DnsHead.put16(message, 2, DnsHead.RECURSION_DESIRED | (key.unchecked() ? DnsHead.CHECKING_DISABLED : 0));
        DnsHead.put16(message, DnsHead.QUESTIONS, 1);
        DnsHead.put16(message, DnsHead.ADDITIONAL, edns ? 1 : 0);
        for (int i = 0; i < name.length; i++) {
            // Length bytes are below 64, so a byte in the range of lower-case letters is a letter.
            boolean upper = mixed && name[i] >= 'a' && name[i] <= 'z' && (coins[2 + i / 8] >> i % 8 & 1) != 0;
            message[DnsHead.LENGTH + i] = upper ? (byte) (name[i] - 0x20) : name[i];
        }
        DnsHead.put16(message, questionEnd - 4, key.type());
        DnsHead.put16(message, questionEnd - 2, 1);
        if (edns) {
            options(message, questionEnd, key.signatures(), cookie);
        }
        return message;
    }

    /**
     * Of a question inside TLS, as long as many others are (RFC 8467): its length tells nothing.
     *
     * @param edns whether with EDNS, which padding is a part of
     */
    public static byte[] padded(QuestionKey key, boolean edns) {
        byte[] bare = of(key, false, edns, new byte[0]);
        // Whoever cannot be overheard may say what it has checked, RFC 6840 section 5.7.
        bare[3] |= (byte) DnsHead.AUTHENTIC;
        if (!edns) {
            return bare;
        }
        int padded = (bare.length + 4 + BLOCK - 1) / BLOCK * BLOCK;
        byte[] message = Arrays.copyOf(bare, padded);
        DnsHead.put16(message, bare.length - 2, padded - bare.length);
        DnsHead.put16(message, bare.length, PADDING);
        DnsHead.put16(message, bare.length + 2, padded - bare.length - 4);
        return message;
    }

    private static void options(byte[] message, int from, boolean signatures, byte[] cookie) {
        DnsHead.put16(message, from + 1, Type.OPT);
        DnsHead.put16(message, from + 3, Query.MOST_UDP);
        DnsHead.put16(message, from + 7, signatures ? DNSSEC_OK : 0);
        if (cookie.length > 0) {
            DnsHead.put16(message, from + 9, 4 + cookie.length);
            DnsHead.put16(message, from + 11, COOKIE);
            DnsHead.put16(message, from + 13, cookie.length);
            System.arraycopy(cookie, 0, message, from + 15, cookie.length);
        }
    }

    /** Whether the reply repeats the question of the query byte for byte. */
    public static boolean copied(byte[] query, byte[] reply, QuestionKey key) {
        int end = DnsHead.LENGTH + key.name().length + 4;
        return reply.length >= end && Arrays.equals(query, DnsHead.LENGTH, end, reply, DnsHead.LENGTH, end);
    }
}

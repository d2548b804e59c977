package io.postern.dns.resolve;

import java.io.IOException;
import java.security.SecureRandom;
import org.xbill.DNS.Name;
import org.xbill.DNS.Record;

/**
 * Asks for {@code eXAmPLe.cOm}: servers copy the question as they got it, so every letter is one more bit that a forger
 * must guess (draft-vixie-dnsext-dns0x20). A server that does not copy it is asked again by TCP, without this.
 */
final class MixedCase {

    private static final SecureRandom RANDOM = new SecureRandom();

    private MixedCase() {}

    static Record of(Record question) {
        byte[] wire = question.getName().toWireCanonical();
        byte[] coins = new byte[wire.length];
        RANDOM.nextBytes(coins);
        for (int at = 0; at < wire.length; at++) {
            // Length bytes are below 64, so a byte in the range of lower-case letters is a letter.
            if (wire[at] >= 'a' && wire[at] <= 'z' && coins[at] < 0) {
                wire[at] = (byte) (wire[at] - 0x20);
            }
        }
        try {
            return Record.newRecord(new Name(wire), question.getType(), question.getDClass());
        } catch (IOException impossible) {
            throw new AssertionError("a name is a name in any case", impossible);
        }
    }

    /** Whether the names are the same letter by letter; {@code Name.equals} ignores case. */
    static boolean same(Record asked, Record copied) {
        return asked.getName().toString().equals(copied.getName().toString());
    }
}

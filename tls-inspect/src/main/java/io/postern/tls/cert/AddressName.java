package io.postern.tls.cert;

import io.postern.wire.ip.AddressText;
import java.net.InetAddress;
import java.net.UnknownHostException;

/** An iPAddress of subjectAltName (RFC 5280 section 4.2.1.6). */
final class AddressName {

    /** Empty unless it has 4 or 16 bytes. */
    static String text(byte[] octets) {
        try {
            return AddressText.of(InetAddress.getByAddress(octets));
        } catch (UnknownHostException otherLength) {
            return "";
        }
    }

    private AddressName() {}
}

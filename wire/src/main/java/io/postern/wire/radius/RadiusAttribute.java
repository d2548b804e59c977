package io.postern.wire.radius;

import java.nio.charset.StandardCharsets;
import java.util.OptionalLong;

/**
 * One attribute, RFC 2865 section 5.
 *
 * @param vendor SMI number of who defines the type; 0 where that is the standard
 * @param at where the value begins, in bytes from the packet's first
 * @param value one char per byte, at most 253
 */
public record RadiusAttribute(int vendor, int type, int at, String value) {

    public static final int USER_NAME = 1;
    public static final int NAS_IP_ADDRESS = 4;
    public static final int FRAMED_IP_ADDRESS = 8;
    public static final int CLASS = 25;
    public static final int VENDOR_SPECIFIC = 26;
    public static final int CALLING_STATION_ID = 31;
    public static final int NAS_IDENTIFIER = 32;
    public static final int PROXY_STATE = 33;
    public static final int ACCT_STATUS_TYPE = 40;
    public static final int ACCT_DELAY_TIME = 41;
    public static final int ACCT_SESSION_ID = 44;
    public static final int EVENT_TIMESTAMP = 55;
    public static final int MESSAGE_AUTHENTICATOR = 80;
    public static final int NAS_IPV6_ADDRESS = 95;
    public static final int FRAMED_IPV6_PREFIX = 97;
    public static final int DELEGATED_IPV6_PREFIX = 123;
    public static final int FRAMED_IPV6_ADDRESS = 168;

    /** As a number of four bytes; empty when it has more or fewer. */
    public OptionalLong number() {
        if (value.length() != 4) {
            return OptionalLong.empty();
        }
        long number = 0;
        for (int i = 0; i < 4; i++) {
            number = number << 8 | value.charAt(i);
        }
        return OptionalLong.of(number);
    }

    public byte[] bytes() {
        return value.getBytes(StandardCharsets.ISO_8859_1);
    }
}

package io.postern.gateway.identity;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Decides what a compact tag proves: a device, and that device's word for the app.
 *
 * <p>Every rejection looks the same to the client; the reason is for the operator's counter. Thread-safe.
 */
public final class TagVerifier {

    // user '.' 4 parts, password '~' 4 parts, expiry up to the year 9999.
    private static final int USER_PARTS = 4;
    private static final int PASSWORD_PARTS = 4;
    private static final int MAX_EXPIRY_DIGITS = 12;

    private final String tenant;
    private final Map<String, TagKeyMaterial> keys = new HashMap<>();

    /** @param keys all of them verify, whichever signs */
    public TagVerifier(String tenant, List<TagKeyMaterial> keys) {
        this.tenant = tenant;
        keys.forEach(key -> this.keys.put(key.id(), key));
    }

    public Proof verify(CompactTag tag) {
        if (tag.user().length() > CompactTag.MAX_BYTES || tag.password().length() > CompactTag.MAX_BYTES) {
            return new Proof.Refused(Reason.MALFORMED);
        }
        String[] user = tag.user().split("\\.", -1);
        String[] password = tag.password().split("~", -1);
        if (user.length != USER_PARTS
                || password.length != PASSWORD_PARTS
                || !user[0].equals(CompactTag.VERSION)
                || !CompactTag.DEVICE.matcher(user[2]).matches()
                || !CompactTag.PROFILE.matcher(user[3]).matches()
                || !CompactTag.APP.matcher(password[0]).matches()
                || !unixSeconds(password[1])) {
            return new Proof.Refused(Reason.MALFORMED);
        }
        if (!user[1].equals(tenant)) {
            return new Proof.Refused(Reason.WRONG_TENANT);
        }
        TagKeyMaterial key = keys.get(password[2]);
        if (key == null) {
            return new Proof.Refused(Reason.UNKNOWN_KEY);
        }
        byte[] expected = key.hmac(CompactTag.signed(tag.user(), password[0], password[1], password[2]));
        // Comparing text, not decoded bytes: base64 has several spellings of one value, and only one was issued.
        byte[] expectedText = Base64.getUrlEncoder().withoutPadding().encode(expected);
        if (!MessageDigest.isEqual(expectedText, password[3].getBytes(StandardCharsets.ISO_8859_1))) {
            return new Proof.Refused(Reason.FORGED);
        }
        long expiryMillis = Long.parseLong(password[1]) * 1000;
        return new Proof.Authentic(
                user[2],
                user[3],
                password[0],
                Long.MIN_VALUE,
                expiryMillis,
                key.id(),
                Optional.empty(),
                Optional.empty());
    }

    private static boolean unixSeconds(String text) {
        if (text.isEmpty() || text.length() > MAX_EXPIRY_DIGITS || text.charAt(0) == '0') {
            return false;
        }
        return text.chars().allMatch(c -> c >= '0' && c <= '9');
    }
}

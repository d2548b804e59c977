package io.postern.gateway.ingress;

import io.postern.analytics.flow.AppAssurance;
import io.postern.analytics.flow.AppTag;
import io.postern.analytics.flow.DeviceAssurance;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.time.Clock;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * Decides what a compact tag proves: a device, and that device's word for the app.
 *
 * <p>Every rejection looks the same to the client; the reason is for the operator's counter. Thread-safe.
 */
public final class TagVerifier {

    /** What a presented tag turned out to be. */
    public sealed interface Outcome {
        record Verified(AppTag tag) implements Outcome {}

        /** Authentic, and past its time: good for renewal and nothing else. */
        record Expired(AppTag tag) implements Outcome {}

        record Rejected(Reason reason) implements Outcome {}
    }

    /** Why a tag was not accepted. */
    public enum Reason {
        MISSING,
        MALFORMED,
        WRONG_TENANT,
        UNKNOWN_KEY,
        FORGED,
        EXPIRED;

        private final String label = name().toLowerCase(Locale.ROOT).replace('_', '-');

        public String label() {
            return label;
        }
    }

    // user '.' 4 parts, password '~' 4 parts, expiry up to the year 9999.
    private static final int USER_PARTS = 4;
    private static final int PASSWORD_PARTS = 4;
    private static final int MAX_EXPIRY_DIGITS = 12;

    private final String tenant;
    private final Map<String, TagKeyMaterial> keys;
    private final Clock clock;

    /** @param keys all of them verify, whichever signs */
    public TagVerifier(String tenant, List<TagKeyMaterial> keys, Clock clock) {
        this.tenant = tenant;
        this.clock = clock;
        this.keys = new HashMap<>();
        keys.forEach(key -> this.keys.put(key.id(), key));
    }

    public Outcome verify(CompactTag tag) {
        if (tag.user().length() > CompactTag.MAX_BYTES || tag.password().length() > CompactTag.MAX_BYTES) {
            return new Outcome.Rejected(Reason.MALFORMED);
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
            return new Outcome.Rejected(Reason.MALFORMED);
        }
        if (!user[1].equals(tenant)) {
            return new Outcome.Rejected(Reason.WRONG_TENANT);
        }
        TagKeyMaterial key = keys.get(password[2]);
        if (key == null) {
            return new Outcome.Rejected(Reason.UNKNOWN_KEY);
        }
        byte[] expected = key.hmac(CompactTag.signed(tag.user(), password[0], password[1], password[2]));
        // Comparing text, not decoded bytes: base64 has several spellings of one value, and only one was issued.
        byte[] expectedText = Base64.getUrlEncoder().withoutPadding().encode(expected);
        if (!MessageDigest.isEqual(expectedText, password[3].getBytes(StandardCharsets.ISO_8859_1))) {
            return new Outcome.Rejected(Reason.FORGED);
        }
        AppTag proven = new AppTag(
                user[2],
                user[3],
                password[0],
                DeviceAssurance.TAG_VERIFIED,
                password[0].equals(AppTag.NOBODY) ? AppAssurance.NONE : AppAssurance.DEVICE_ASSERTED);
        long expiry = Long.parseLong(password[1]);
        return clock.millis() < expiry * 1000 ? new Outcome.Verified(proven) : new Outcome.Expired(proven);
    }

    private static boolean unixSeconds(String text) {
        if (text.isEmpty() || text.length() > MAX_EXPIRY_DIGITS || text.charAt(0) == '0') {
            return false;
        }
        return text.chars().allMatch(c -> c >= '0' && c <= '9');
    }
}

package io.postern.gateway.identity;

import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.regex.Pattern;

/**
 * The tag that fits a user name and a password of 255 bytes each (RFC 1929), so that any proxy client can carry it:
 *
 * <pre>
 * user      pst1.{tenant}.{device}.{profile}
 * password  {package}~{expiry, Unix seconds}~{key id}~{base64url of HMAC-SHA256(key, user|package|expiry|key id)}
 * </pre>
 *
 * @param user as sent
 * @param password as sent
 */
public record CompactTag(String user, String password) {

    public static final Pattern TENANT = Pattern.compile("[A-Za-z0-9_-]{1,32}");
    /** Alone {@code -} is nobody ({@code AppTag.NOBODY}). */
    public static final Pattern DEVICE = Pattern.compile("(?!-$)[A-Za-z0-9_-]{1,64}");

    public static final Pattern PROFILE = Pattern.compile("[A-Za-z0-9-]{1,16}");
    public static final Pattern APP = Pattern.compile("-|[A-Za-z][A-Za-z0-9_]*(\\.[A-Za-z0-9_]+)*");
    public static final Pattern KEY_ID = Pattern.compile("[A-Za-z0-9_-]{1,16}");

    /** What RFC 1929 can carry in each half. */
    public static final int MAX_BYTES = 255;

    static final String VERSION = "pst1";

    /**
     * Makes a tag that is good until the given second.
     *
     * @param app package name, {@code -} when the device speaks for itself
     * @throws IllegalArgumentException when a part does not keep its grammar or the tag would not fit
     */
    public static CompactTag sign(
            TagKeyMaterial key, String tenant, String device, String profile, String app, long expirySeconds) {
        require(TENANT, "tenant", tenant);
        require(DEVICE, "device", device);
        require(PROFILE, "profile", profile);
        require(APP, "package", app);
        require(KEY_ID, "key id", key.id());
        if (expirySeconds <= 0) {
            throw new IllegalArgumentException("expiry is " + expirySeconds + ", must be positive Unix seconds");
        }
        String user = VERSION + "." + tenant + "." + device + "." + profile;
        String claims = app + "~" + expirySeconds + "~" + key.id();
        byte[] mac = key.hmac(signed(user, app, Long.toString(expirySeconds), key.id()));
        String password = claims + "~" + Base64.getUrlEncoder().withoutPadding().encodeToString(mac);
        if (password.length() > MAX_BYTES) {
            throw new IllegalArgumentException("package is too long: the tag's password has " + password.length()
                    + " bytes, must have at most " + MAX_BYTES);
        }
        return new CompactTag(user, password);
    }

    /** The longest package that fits beside a key's id, an expiry until the year 5138 and the MAC. */
    public static int mostPackage(String keyId) {
        int separators = 3;
        int expiry = 11;
        int mac = 43;
        return MAX_BYTES - separators - expiry - mac - keyId.length();
    }

    static byte[] signed(String user, String app, String expiry, String keyId) {
        return (user + "|" + app + "|" + expiry + "|" + keyId).getBytes(StandardCharsets.US_ASCII);
    }

    private static void require(Pattern grammar, String what, String value) {
        if (!grammar.matcher(value).matches()) {
            throw new IllegalArgumentException(what + " is '" + value + "', must match " + grammar);
        }
    }

    /** Without the password, which is a credential. */
    @Override
    public String toString() {
        return user;
    }
}

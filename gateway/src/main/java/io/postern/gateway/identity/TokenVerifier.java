package io.postern.gateway.identity;

import static org.jose4j.jwa.AlgorithmConstraints.ConstraintType.PERMIT;

import io.postern.analytics.flow.AppTag;
import java.io.IOException;
import java.security.Key;
import java.time.Duration;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jose4j.jwa.AlgorithmConstraints;
import org.jose4j.jwk.EllipticCurveJsonWebKey;
import org.jose4j.jwk.JsonWebKey;
import org.jose4j.jwk.JsonWebKeySet;
import org.jose4j.jwk.KeyOperations;
import org.jose4j.jwk.OctetKeyPairJsonWebKey;
import org.jose4j.jwk.PublicJsonWebKey;
import org.jose4j.jwk.Use;
import org.jose4j.jws.AlgorithmIdentifiers;
import org.jose4j.jwt.JwtClaims;
import org.jose4j.jwt.MalformedClaimException;
import org.jose4j.jwt.consumer.InvalidJwtException;
import org.jose4j.jwt.consumer.InvalidJwtSignatureException;
import org.jose4j.jwt.consumer.JwtConsumer;
import org.jose4j.jwt.consumer.JwtConsumerBuilder;
import org.jose4j.lang.JoseException;
import org.jose4j.lang.UnresolvableKeyException;
import org.jspecify.annotations.Nullable;

/**
 * Decides what a JWT proves (RFC 7519): EdDSA over Ed25519 (RFC 8037) or ES256 (RFC 7518 section 3.4), by a key of our
 * set, from our issuer, for us.
 *
 * <pre>
 * iss aud exp          as configured, required      nbf, iat, jti   optional
 * dev prof app         device, profile, package     cnf.x5t#S256   the client certificate it is bound to
 *                      or array of those of one UID
 * </pre>
 *
 * The algorithm is the key's and never the token's choice: a token signed with the public key as an HMAC secret, or not
 * at all, is refused before a claim is looked at (RFC 8725 section 3.1). Thread-safe.
 */
public final class TokenVerifier {

    /** Longer tokens are refused unread. */
    public static final int MAX_LENGTH = 4096;

    /** How far an issuer's clock may be ahead of ours; {@code exp} has none. */
    static final Duration LEEWAY = Duration.ofSeconds(60);

    static final int MAX_KEYS = 64;
    /** The last second of the year 9999, in Unix seconds. */
    private static final long LATEST = 253_402_300_799L;

    private static final int MAX_TOKEN_ID = 128;
    private static final Pattern THUMBPRINT = Pattern.compile("[A-Za-z0-9_-]{43}");
    private static final AlgorithmConstraints ALGORITHMS = new AlgorithmConstraints(
            PERMIT, AlgorithmIdentifiers.EDDSA, AlgorithmIdentifiers.ECDSA_USING_P256_CURVE_AND_SHA256);

    private final String issuer;
    private final String audience;
    private final JwtConsumer signatures;

    /**
     * @param keySet a JWK set (RFC 7517 section 5); its public keys of either algorithm with a {@code kid} count
     * @throws IOException what is wrong with the set
     */
    public TokenVerifier(String issuer, String audience, String keySet) throws IOException {
        this.issuer = issuer;
        this.audience = audience;
        Map<String, Key> keys = keys(keySet);
        this.signatures = new JwtConsumerBuilder()
                // Time, issuer and audience are judged below: what is remembered must not depend on when it was asked.
                .setSkipAllDefaultValidators()
                .setJwsAlgorithmConstraints(ALGORITHMS)
                .setVerificationKeyResolver((token, nesting) -> {
                    @Nullable Key key = keys.get(String.valueOf(token.getKeyIdHeaderValue()));
                    if (key == null) {
                        throw new UnresolvableKeyException("no such key");
                    }
                    return key;
                })
                .build();
    }

    public Proof verify(String token) {
        if (token.length() > MAX_LENGTH || !canonical(token)) {
            return new Proof.Refused(Reason.MALFORMED);
        }
        try {
            var context = signatures.process(token);
            String key = String.valueOf(context.getJoseObjects().get(0).getKeyIdHeaderValue());
            return claims(context.getJwtClaims(), key);
        } catch (InvalidJwtSignatureException forged) {
            return new Proof.Refused(Reason.FORGED);
        } catch (InvalidJwtException | MalformedClaimException e) {
            return new Proof.Refused(
                    e.getCause() instanceof UnresolvableKeyException ? Reason.UNKNOWN_KEY : Reason.MALFORMED);
        }
    }

    private Proof claims(JwtClaims claims, String key) throws MalformedClaimException {
        if (!issuer.equals(claims.getIssuer()) || !claims.getAudience().contains(audience)) {
            return new Proof.Refused(Reason.WRONG_TENANT);
        }
        String device = DeviceId.of(text(claims, "dev"));
        String profile = text(claims, "prof");
        Optional<String> app = app(claims);
        Optional<Long> expiry = millis(claims, "exp");
        long from = Math.max(start(claims, "nbf"), start(claims, "iat"));
        Optional<String> id = Optional.ofNullable(claims.getJwtId());
        Optional<String> boundTo = Optional.empty();
        if (claims.hasClaim("cnf")) {
            @Nullable Map<?, ?> confirmation = claims.getClaimValue("cnf", Map.class);
            boundTo = Optional.ofNullable(confirmation)
                    .map(members -> members.get("x5t#S256"))
                    .filter(String.class::isInstance)
                    .map(String.class::cast)
                    .filter(THUMBPRINT.asMatchPredicate());
            if (boundTo.isEmpty()) {
                // Bound to something we cannot ask for is not unbound.
                return new Proof.Refused(Reason.MALFORMED);
            }
        }
        if (expiry.isEmpty()
                || !CompactTag.DEVICE.matcher(device).matches()
                || !CompactTag.PROFILE.matcher(profile).matches()
                || app.isEmpty()
                || id.filter(text -> text.length() > MAX_TOKEN_ID).isPresent()) {
            return new Proof.Refused(Reason.MALFORMED);
        }
        return new Proof.Authentic(device, profile, app.get(), from, expiry.get(), key, id, boundTo);
    }

    /** Of several spellings of one value in base64url one is the token's (RFC 4648 section 3.5, RFC 7515 section 2). */
    private static boolean canonical(String token) {
        for (String part : token.split("\\.", -1)) {
            try {
                byte[] value = Base64.getUrlDecoder().decode(part);
                if (!Base64.getUrlEncoder()
                        .withoutPadding()
                        .encodeToString(value)
                        .equals(part)) {
                    return false;
                }
            } catch (IllegalArgumentException notBase64) {
                return false;
            }
        }
        return true;
    }

    /** From when it is good, as {@code name} has it; the issuer's clock may be {@link #LEEWAY} ahead of ours. */
    private static long start(JwtClaims claims, String name) throws MalformedClaimException {
        return millis(claims, name).map(at -> at - LEEWAY.toMillis()).orElse(Long.MIN_VALUE);
    }

    /** A NumericDate (RFC 7519 section 2), which may have a fraction; empty where there is none. */
    private static Optional<Long> millis(JwtClaims claims, String name) throws MalformedClaimException {
        @Nullable Number seconds = claims.getClaimValue(name, Number.class);
        if (seconds == null) {
            return Optional.empty();
        }
        double value = seconds.doubleValue();
        if (!(value >= 0 && value <= LATEST)) {
            throw new MalformedClaimException(name + " is out of range");
        }
        return Optional.of((long) (value * 1000));
    }

    private static Optional<String> app(JwtClaims claims) throws MalformedClaimException {
        if (!claims.hasClaim("app")) {
            return Optional.of(AppTag.NOBODY);
        }
        return Packages.app(
                claims.isClaimValueStringList("app")
                        ? claims.getStringListClaimValue("app")
                        : List.of(text(claims, "app")));
    }

    private static String text(JwtClaims claims, String name) throws MalformedClaimException {
        @Nullable String value = claims.getStringClaimValue(name);
        return value == null ? "" : value;
    }

    private static Map<String, Key> keys(String keySet) throws IOException {
        JsonWebKeySet set;
        try {
            set = new JsonWebKeySet(keySet);
        } catch (JoseException | RuntimeException e) {
            // The library casts what it finds to what should be there.
            throw new IOException("is not a JWK set: " + e.getMessage(), e);
        }
        Map<String, Key> keys = new HashMap<>();
        for (JsonWebKey key : set.getJsonWebKeys()) {
            @Nullable String id = key.getKeyId();
            if (id == null || id.isEmpty() || !signs(key)) {
                continue;
            }
            if (((PublicJsonWebKey) key).getPrivateKey() != null) {
                throw new IOException("key " + id + " is private; only its public half belongs here");
            }
            if (keys.put(id, key.getKey()) != null) {
                throw new IOException("has two keys with kid " + id);
            }
        }
        if (keys.isEmpty()) {
            throw new IOException("has no key for us; one at least must be Ed25519 (OKP) or P-256 (EC), for signatures,"
                    + " and have a kid");
        }
        if (keys.size() > MAX_KEYS) {
            throw new IOException("has " + keys.size() + " keys for us, must have at most " + MAX_KEYS);
        }
        return keys;
    }

    /** Issuers publish keys for others beside ours: those are passed over (RFC 7517 sections 4.2 to 4.4 and 5). */
    private static boolean signs(JsonWebKey key) {
        boolean ours = (key instanceof OctetKeyPairJsonWebKey octets
                        && OctetKeyPairJsonWebKey.SUBTYPE_ED25519.equals(octets.getSubtype())
                        && allows(key.getAlgorithm(), AlgorithmIdentifiers.EDDSA))
                || (key instanceof EllipticCurveJsonWebKey curve
                        && "P-256".equals(curve.getCurveName())
                        && allows(key.getAlgorithm(), AlgorithmIdentifiers.ECDSA_USING_P256_CURVE_AND_SHA256));
        @Nullable List<String> operations = key.getKeyOps();
        return ours
                && allows(key.getUse(), Use.SIGNATURE)
                && (operations == null || operations.contains(KeyOperations.VERIFY));
    }

    private static boolean allows(@Nullable String said, String needed) {
        return said == null || said.equals(needed);
    }
}

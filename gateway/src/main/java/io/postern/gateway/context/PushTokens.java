package io.postern.gateway.context;

import static org.jose4j.jwa.AlgorithmConstraints.ConstraintType.PERMIT;

import io.postern.config.ContextSettings;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.security.Key;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jose4j.jwa.AlgorithmConstraints;
import org.jose4j.jwk.JsonWebKey;
import org.jose4j.jwk.JsonWebKeySet;
import org.jose4j.jwk.RsaJsonWebKey;
import org.jose4j.jws.AlgorithmIdentifiers;
import org.jose4j.jwt.JwtClaims;
import org.jose4j.jwt.MalformedClaimException;
import org.jose4j.jwt.NumericDate;
import org.jose4j.jwt.consumer.InvalidJwtException;
import org.jose4j.jwt.consumer.JwtConsumer;
import org.jose4j.jwt.consumer.JwtConsumerBuilder;
import org.jose4j.lang.JoseException;
import org.jose4j.lang.UnresolvableKeyException;
import org.jspecify.annotations.Nullable;

/**
 * Whether a push comes from our subscription: an OpenID Connect token by RS256 and a key of the set, from the issuer, for
 * this audience, of the subscription's service account, whose address is verified.
 *
 * <pre>
 * iss aud email        as configured       email_verified   true       exp   in the future       iat   not
 * </pre>
 *
 * Thread-safe.
 */
final class PushTokens {

    private static final int MAX_LENGTH = 4_096;
    private static final int MAX_KEYS = 64;

    /** Of an RSA key, in bits (RFC 7518 section 3.3). */
    private static final int LEAST_BITS = 2_048;

    /** Between the issuer's clock and ours. */
    private static final Duration LEEWAY = Duration.ofSeconds(60);

    private final ContextSettings.Push settings;
    private final JwtConsumer signatures;

    private PushTokens(ContextSettings.Push settings, Map<String, Key> keys) {
        this.settings = settings;
        this.signatures = new JwtConsumerBuilder()
                // Claims are judged below, by our clock.
                .setSkipAllDefaultValidators()
                .setJwsAlgorithmConstraints(new AlgorithmConstraints(PERMIT, AlgorithmIdentifiers.RSA_USING_SHA256))
                .setVerificationKeyResolver((token, nesting) -> {
                    @Nullable Key key = keys.get(String.valueOf(token.getKeyIdHeaderValue()));
                    if (key == null) {
                        throw new UnresolvableKeyException("no such key");
                    }
                    return key;
                })
                .build();
    }

    /** @throws IOException what is wrong with the set of keys */
    static PushTokens of(ContextSettings.Push settings) throws IOException {
        return new PushTokens(settings, keys(settings));
    }

    boolean good(String token, long nowMillis) {
        if (token.length() > MAX_LENGTH) {
            return false;
        }
        try {
            JwtClaims claims = signatures.processToClaims(token);
            return settings.issuer().equals(claims.getIssuer())
                    && claims.getAudience().equals(List.of(settings.audience()))
                    && settings.email().equals(claims.getStringClaimValue("email"))
                    && Boolean.TRUE.equals(claims.getClaimValue("email_verified"))
                    && inTime(claims, nowMillis);
        } catch (InvalidJwtException | MalformedClaimException refused) {
            return false;
        }
    }

    private static boolean inTime(JwtClaims claims, long nowMillis) throws MalformedClaimException {
        @Nullable NumericDate expiry = claims.getExpirationTime();
        @Nullable NumericDate issued = claims.getIssuedAt();
        return expiry != null
                && expiry.getValueInMillis() + LEEWAY.toMillis() > nowMillis
                && (issued == null || issued.getValueInMillis() - LEEWAY.toMillis() <= nowMillis);
    }

    private static Map<String, Key> keys(ContextSettings.Push settings) throws IOException {
        Map<String, Key> keys = new HashMap<>();
        try {
            String text = Files.readString(settings.jwksFile(), StandardCharsets.UTF_8);
            for (JsonWebKey key : new JsonWebKeySet(text).getJsonWebKeys()) {
                @Nullable String id = key.getKeyId();
                if (id != null
                        && key instanceof RsaJsonWebKey rsa
                        && rsa.getRsaPublicKey().getModulus().bitLength() >= LEAST_BITS) {
                    keys.put(id, rsa.getRsaPublicKey());
                }
            }
        } catch (JoseException | RuntimeException e) {
            // The library casts what it finds to what should be there.
            throw new IOException(settings.jwksFile() + " is not a JWK set: " + e.getMessage(), e);
        }
        if (keys.isEmpty() || keys.size() > MAX_KEYS) {
            throw new IOException(settings.jwksFile() + " has " + keys.size() + " RSA keys of " + LEAST_BITS
                    + " bits at least with a kid, must have 1 to " + MAX_KEYS);
        }
        return keys;
    }
}

package io.postern.gateway.identity;

import java.util.Map;
import org.jose4j.jwk.EcJwkGenerator;
import org.jose4j.jwk.JsonWebKey.OutputControlLevel;
import org.jose4j.jwk.JsonWebKeySet;
import org.jose4j.jwk.OctetKeyPairJsonWebKey;
import org.jose4j.jwk.OkpJwkGenerator;
import org.jose4j.jwk.PublicJsonWebKey;
import org.jose4j.jws.AlgorithmIdentifiers;
import org.jose4j.jws.JsonWebSignature;
import org.jose4j.jwt.JwtClaims;
import org.jose4j.keys.EllipticCurves;
import org.jose4j.lang.JoseException;

/** An issuer of tokens: its keys, and tokens signed with them. */
public final class TestingTokens {

    public static final String ISSUER = "https://mdm.acme.example";
    public static final String AUDIENCE = "postern";

    private TestingTokens() {}

    public static PublicJsonWebKey ed25519(String id) throws JoseException {
        return named(id, OkpJwkGenerator.generateJwk(OctetKeyPairJsonWebKey.SUBTYPE_ED25519));
    }

    public static PublicJsonWebKey p256(String id) throws JoseException {
        return named(id, EcJwkGenerator.generateJwk(EllipticCurves.P256));
    }

    private static PublicJsonWebKey named(String id, PublicJsonWebKey key) {
        key.setKeyId(id);
        return key;
    }

    /** The public halves, as a JWK set. */
    public static String set(PublicJsonWebKey... keys) {
        return new JsonWebKeySet(keys).toJson(OutputControlLevel.PUBLIC_ONLY);
    }

    /** Good claims of one device; each test changes what it is about. */
    public static JwtClaims claims(String device, String app, long expirySeconds) {
        JwtClaims claims = new JwtClaims();
        claims.setIssuer(ISSUER);
        claims.setAudience(AUDIENCE);
        claims.setStringClaim("dev", device);
        claims.setStringClaim("prof", "work");
        claims.setStringClaim("app", app);
        claims.setClaim("exp", expirySeconds);
        return claims;
    }

    public static JwtClaims bound(JwtClaims claims, String thumbprint) {
        claims.setClaim("cnf", Map.of("x5t#S256", thumbprint));
        return claims;
    }

    public static String sign(PublicJsonWebKey key, JwtClaims claims) throws JoseException {
        JsonWebSignature token = new JsonWebSignature();
        token.setAlgorithmHeaderValue(
                key instanceof OctetKeyPairJsonWebKey
                        ? AlgorithmIdentifiers.EDDSA
                        : AlgorithmIdentifiers.ECDSA_USING_P256_CURVE_AND_SHA256);
        token.setKeyIdHeaderValue(key.getKeyId());
        token.setKey(key.getPrivateKey());
        token.setPayload(claims.toJson());
        return token.getCompactSerialization();
    }
}

package io.postern.gateway.identity;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.Ticker;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.Collection;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Verifies credentials, and remembers those that were authentic: an app shows the same one with every flow.
 *
 * <p>Remembered by SHA-256, so that looking one up compares nothing an attacker could learn a secret from byte by byte.
 * The kind of credential is part of it: what is good as one is not good as another. What was refused is not remembered: it would be the attacker's table. At most {@value #MOST}
 * compact tags are, and as many tokens, the least used go first, and each when nobody has shown it for a week: a device that is
 * gone is not one whose tag expires. Thread-safe.
 */
public final class Proofs {

    /** A fleet's devices times their apps; about 400 bytes each. */
    static final int MOST = 100_000;

    /** SHA-256 as a key. */
    private record Digest(long a, long b, long c, long d) {}

    private static final Duration UNSEEN = Duration.ofDays(7);

    private static final ThreadLocal<MessageDigest> SHA256 = ThreadLocal.withInitial(Proofs::sha256);

    private volatile TagVerifier tags;
    private volatile Optional<TokenVerifier> tokens;
    /** Replaced whole with the verifier: what old keys vouched for must not come back while a lookup is under way. */
    private volatile Cache<Digest, Proof.Authentic> knownTags;

    private volatile Cache<Digest, Proof.Authentic> knownTokens;
    private final Ticker ticker;

    /** @param tokens empty: tokens are not taken */
    public Proofs(TagVerifier tags, Optional<TokenVerifier> tokens) {
        this(tags, tokens, Ticker.systemTicker());
    }

    /** @param ticker tells how long a credential was not seen */
    Proofs(TagVerifier tags, Optional<TokenVerifier> tokens, Ticker ticker) {
        this.tags = tags;
        this.tokens = tokens;
        this.ticker = ticker;
        this.knownTags = cache();
        this.knownTokens = cache();
    }

    /** Other keys from now on. */
    public void adopt(TokenVerifier verifier) {
        tokens = Optional.of(verifier);
        knownTokens = cache();
    }

    /** As above, of tags. */
    public void adopt(TagVerifier verifier) {
        tags = verifier;
        knownTags = cache();
    }

    /** How many are remembered, about. */
    public long remembered() {
        return knownTags.estimatedSize() + knownTokens.estimatedSize();
    }

    /** Of the compact tags that are remembered; a token is meant to live for a short time. */
    Collection<Proof.Authentic> ofTags() {
        return knownTags.asMap().values();
    }

    Proof of(Credentials shown) {
        if (shown instanceof Credentials.Tag compact) {
            return remembered(
                    knownTags,
                    "tag " + compact.tag().user() + ":" + compact.tag().password(),
                    shown);
        }
        if (shown instanceof Credentials.Token token && tokens.isPresent()) {
            return remembered(knownTokens, "token " + token.jwt(), shown);
        }
        return new Proof.Refused(shown instanceof Credentials.None ? Reason.MISSING : Reason.MALFORMED);
    }

    private Proof remembered(Cache<Digest, Proof.Authentic> cache, String text, Credentials shown) {
        Digest digest = digest(text);
        Proof.@Nullable Authentic before = cache.getIfPresent(digest);
        if (before != null) {
            return before;
        }
        Proof proof = verify(shown);
        if (proof instanceof Proof.Authentic authentic) {
            cache.put(digest, authentic);
        }
        return proof;
    }

    private Proof verify(Credentials shown) {
        if (shown instanceof Credentials.Tag compact) {
            return tags.verify(compact.tag());
        }
        return tokens.orElseThrow().verify(((Credentials.Token) shown).jwt());
    }

    private Cache<Digest, Proof.Authentic> cache() {
        return Caffeine.newBuilder()
                .maximumSize(MOST)
                .expireAfterAccess(UNSEEN)
                .ticker(ticker)
                .build();
    }

    private static Digest digest(String text) {
        byte[] hash = SHA256.get().digest(text.getBytes(StandardCharsets.ISO_8859_1));
        return new Digest(word(hash, 0), word(hash, 8), word(hash, 16), word(hash, 24));
    }

    private static long word(byte[] bytes, int at) {
        long word = 0;
        for (int i = at; i < at + Long.BYTES; i++) {
            word = word << 8 | (bytes[i] & 0xff);
        }
        return word;
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }
}

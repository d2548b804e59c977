package io.postern.gateway.identity;

import java.util.Optional;

/**
 * What verifying a credential gave. Says nothing of the time, of revocation or of client certificates: those change
 * while a verified credential is remembered, and are asked for each flow.
 */
public sealed interface Proof {

    /**
     * It is authentic: one of our keys vouches for every word.
     *
     * @param app package name, {@code -} when the device speaks for itself, several of one UID as in {@code AppTag.app}
     * @param fromMillis Unix time before which it is good for nothing
     * @param expiryMillis Unix time from which it opens renewal and nothing else
     * @param keyId which key vouches
     * @param tokenId its own id, when it has one
     * @param boundTo base64url SHA-256 of the client certificate it may be used with (RFC 8705 section 3.1)
     */
    record Authentic(
            String device,
            String profile,
            String app,
            long fromMillis,
            long expiryMillis,
            String keyId,
            Optional<String> tokenId,
            Optional<String> boundTo)
            implements Proof {}

    record Refused(Reason reason) implements Proof {}
}

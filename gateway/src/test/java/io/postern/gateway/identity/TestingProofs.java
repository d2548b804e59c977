package io.postern.gateway.identity;

import java.util.Optional;

/** Proofs as verifiers give them. */
final class TestingProofs {

    private TestingProofs() {}

    static Proof.Authentic of(String device, String app, long expiryMillis) {
        return new Proof.Authentic(
                device, "work", app, Long.MIN_VALUE, expiryMillis, "k1", Optional.empty(), Optional.empty());
    }
}

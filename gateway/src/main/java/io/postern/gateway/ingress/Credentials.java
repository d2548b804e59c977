package io.postern.gateway.ingress;

/** What a client shows to say who it is, not verified yet; whichever way in it came by. */
public sealed interface Credentials {

    /** Nothing was shown. */
    Credentials NONE = new None();

    /** Something was shown that is no credential of ours. */
    Credentials MALFORMED = new Malformed();

    record None() implements Credentials {}

    record Malformed() implements Credentials {}

    /** A compact tag. */
    record Tag(CompactTag tag) implements Credentials {}
}

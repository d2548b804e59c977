package io.postern.wire.http;

/**
 * How far a readable head may be trusted to mean the same to everybody on its way. The package's description lists every
 * case and why.
 *
 * @param rule the first rule broken among those of this grade, with its source and none of the peer's bytes; empty
 *     when compliant
 */
public record Conformance(Grade grade, String rule) {

    /** From good to bad. */
    public enum Grade {
        /** Pass it on. */
        COMPLIANT,
        /**
         * Readable in one way by the book, but others are known to read it differently: pass on what was re-written
         * from it, then close both sides and use neither connection again. A strict gateway refuses it.
         */
        AMBIGUOUS,
        /** Refuse and close: 400 for a request, 502 for a response. */
        SEVERE
    }

    static final Conformance COMPLIANT = new Conformance(Grade.COMPLIANT, "");

    static Conformance ambiguous(String rule) {
        return new Conformance(Grade.AMBIGUOUS, rule);
    }

    static Conformance severe(String rule) {
        return new Conformance(Grade.SEVERE, rule);
    }

    /** The worse of both; among equals the first. */
    Conformance and(Conformance other) {
        return other.grade.compareTo(grade) > 0 ? other : this;
    }
}

package io.postern.gateway.facts;

/** Ends the reading of one event; carries what is wrong with it. Without a stack, for a source may send many. */
final class Wrong extends Exception {

    private final transient Told.Fault fault;

    /** @param pointer RFC 6901 */
    Wrong(String pointer, String problem) {
        super("", null, false, false);
        this.fault = new Told.Fault(pointer, problem);
    }

    Told.Fault fault() {
        return fault;
    }
}

package io.postern.wire.capture;

/**
 * Why a capture cannot be read further. What came before it was given.
 *
 * @param offset of the record or block that is broken, bytes from the first one of the capture
 * @param what is wrong with it, in one line without any of its bytes
 */
public record CaptureFault(long offset, String what) {

    /** As an operator reads it: {@code byte 1234: record is cut, has 3 of 16 bytes}. */
    public String text() {
        return "byte " + offset + ": " + what;
    }
}

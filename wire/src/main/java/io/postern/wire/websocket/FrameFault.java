package io.postern.wire.websocket;

import java.util.Locale;

/** Rules of RFC 6455 that a frame's header may break. */
public enum FrameFault {
    /** RSV2 or RSV3, section 5.2. RSV1 is compression's, RFC 7692 section 6. */
    RESERVED_BIT,
    /** Opcodes 3 to 7 and 11 to 15, section 5.2. */
    OPCODE,
    /** A client that does not mask or a server that does, section 5.1. */
    MASKING,
    /** Fragmented, or longer than 125 bytes, section 5.5. */
    CONTROL,
    /** A continuation of nothing, or a message inside another, section 5.4. */
    FRAGMENTATION,
    /** Not in the fewest bytes, section 5.2. */
    LENGTH;

    private final String label = name().toLowerCase(Locale.ROOT).replace('_', '-');

    /** As written in metrics: {@code reserved-bit}. */
    public String label() {
        return label;
    }
}

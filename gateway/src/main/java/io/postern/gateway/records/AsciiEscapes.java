package io.postern.gateway.records;

import java.io.Serial;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.SerializableString;
import tools.jackson.core.io.CharacterEscapes;

/** What JSON must escape, and DEL, which JSON lets through and a terminal does not ignore. */
final class AsciiEscapes extends CharacterEscapes {
    @Serial
    private static final long serialVersionUID = 1;

    private final int[] escapes = standardAsciiEscapesForJSON();

    AsciiEscapes() {
        escapes[0x7f] = ESCAPE_STANDARD;
    }

    /** One array for all generators, which only read it. */
    @Override
    public int[] getEscapeCodesForAscii() {
        return escapes;
    }

    @Override
    public @Nullable SerializableString getEscapeSequence(int character) {
        return null;
    }
}

package io.postern.gateway.context;

import java.util.Locale;

/** What became of an event; what metrics count. */
public enum EventResult {
    /** On the disk, and in force. */
    ACCEPTED,
    /** Told before. */
    DUPLICATE,
    /** Not what an event must be. */
    MALFORMED,
    /** Of a device the source may not speak for. */
    FOREIGN_DEVICE,
    /** Of a kind the source did not declare that it reports. */
    UNDECLARED,
    /** Ahead of our clock by more than may be. */
    FUTURE,
    /** Older than events are kept. */
    OLD,
    /** Readable, and of no use here. */
    UNUSED,
    /** It could not be stored; the source was told so and will come again. */
    UNSTORED;

    private final String label = name().toLowerCase(Locale.ROOT).replace('_', '-');

    public String label() {
        return label;
    }
}

package io.postern.wire.capture;

/**
 * One packet of a capture.
 *
 * @param timeMillis when it was seen, Unix time
 * @param at where its bytes begin, from the record's first
 * @param length of what was kept of it
 */
public record PcapRecord(long timeMillis, int at, int length) {}

package io.postern.wire.protocol;

/**
 * How an HTTP/2 client opens a connection.
 *
 * @param settings how many it sends in its first frame
 */
public record Http2Preface(int settings) {}

package io.postern.wire.protocol;

/**
 * How Google's push service opens where no TLS hides it.
 *
 * @param version of its framing, 38 or 41 as known
 * @param fromClient the login; else the server's answer to it
 */
public record MtalkLogin(int version, boolean fromClient) {}

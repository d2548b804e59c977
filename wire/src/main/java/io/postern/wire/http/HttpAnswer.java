package io.postern.wire.http;

/**
 * How an HTTP/1 server answers in somebody else's stream, for recognition only.
 *
 * @param status 100 to 999, as sent
 */
public record HttpAnswer(int status) {}

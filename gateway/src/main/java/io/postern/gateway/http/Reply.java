package io.postern.gateway.http;

/** What a page comes to: an answer, or a stream that goes on. */
public sealed interface Reply permits Answer, Following {}

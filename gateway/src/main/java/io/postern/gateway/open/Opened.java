package io.postern.gateway.open;

import io.postern.gateway.ingress.Tagged;

/** Handed down by open: both ends are there and the client knows it. */
public record Opened(Tagged tagged, Upstream upstream) {}

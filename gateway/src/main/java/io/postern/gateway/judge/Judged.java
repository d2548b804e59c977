package io.postern.gateway.judge;

import io.postern.gateway.sniff.Sniffed;

/** Handed down by judge: a flow that may go on. Whoever receives it owns the bytes in {@code sniffed}. */
public record Judged(Sniffed sniffed) {}

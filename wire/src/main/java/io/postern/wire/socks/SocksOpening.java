package io.postern.wire.socks;

import java.util.Optional;

/**
 * How a client opens a SOCKS connection in somebody else's stream.
 *
 * @param version 4 (4a too) or 5
 * @param request what it asks for; empty while only methods were offered, or when its name is no name
 */
public record SocksOpening(int version, Optional<SocksRequest> request) {}

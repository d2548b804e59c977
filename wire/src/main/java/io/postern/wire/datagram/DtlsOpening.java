package io.postern.wire.datagram;

/**
 * How a DTLS client opens; what its hello says is not read here.
 *
 * @param version of the record layer as sent, {@code 0xFEFD} for DTLS 1.2
 */
public record DtlsOpening(int version) {}

package io.postern.wire.datagram;

/**
 * How a QUIC client opens: the version-independent header of its first packet (RFC 8999 section 5.1).
 *
 * @param version as sent: {@code 1}, {@code 0x6b3343cf} for version 2, and so on
 * @param destination connection id as lower-case hexadecimal digits, chosen by the client and 8 to 20 bytes long
 * @param source the client's own connection id, 0 to 20 bytes
 */
public record QuicOpening(int version, String destination, String source) {}

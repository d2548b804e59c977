package io.postern.wire.protocol;

/**
 * What a DNS query asks for; its name is left where it is.
 *
 * @param type of the records wanted
 * @param recordClass {@code IN} but for tools
 */
public record DnsQuery(int type, int recordClass) {}

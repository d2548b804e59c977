package io.postern.wire.protocol;

import java.util.Optional;

/**
 * How one end opens an XMPP stream, RFC 6120 section 4.
 *
 * @param content the default namespace, {@code jabber:client} or {@code jabber:server}; empty when it is another
 * @param to the domain asked, as sent and at most 255 bytes of it; a server's stream says {@code from} instead
 */
public record XmppStream(Optional<String> content, Optional<String> to) {}

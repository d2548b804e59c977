/**
 * How does a question reach a server inside TLS? Connections that stay, each with many questions at a time.
 * Knows {@code open} for sockets; is known by {@code dns}.
 */
@NullMarked
package io.postern.gateway.dns.secure;

import org.jspecify.annotations.NullMarked;

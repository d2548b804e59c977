/**
 * TLS as it is seen from outside. {@code hello} reads what a client says first, {@code fingerprint} tells clients apart
 * by it. Knows only {@code io.postern.wire} and the JDK.
 */
@NullMarked
package io.postern.tls;

import org.jspecify.annotations.NullMarked;

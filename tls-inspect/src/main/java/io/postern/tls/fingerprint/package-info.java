/**
 * Which software may have said this hello? Fingerprints group clients by library and settings; they identify nobody,
 * and anybody can imitate them. Knows {@code hello} for {@code ClientHello}.
 */
@NullMarked
package io.postern.tls.fingerprint;

import org.jspecify.annotations.NullMarked;

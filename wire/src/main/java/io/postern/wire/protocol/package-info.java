/**
 * Is this one of the protocols that take one short look to recognise? One file each.
 * Knows only the parser contract.
 */
@NullMarked
package io.postern.wire.protocol;

import org.jspecify.annotations.NullMarked;

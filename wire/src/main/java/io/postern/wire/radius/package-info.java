/**
 * What does a RADIUS packet say? Its fields and attributes; whether it is genuine needs a secret and is not asked here.
 * Knows {@code datagram} for what a parser of datagrams promises.
 */
@NullMarked
package io.postern.wire.radius;

import org.jspecify.annotations.NullMarked;

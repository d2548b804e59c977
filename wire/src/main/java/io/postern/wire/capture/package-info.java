/**
 * What does a capture hold? Files and streams of packets, and of a packet what it takes to know a connection by.
 * Knows {@code datagram} for what a parser of one frame promises.
 */
@NullMarked
package io.postern.wire.capture;

import org.jspecify.annotations.NullMarked;

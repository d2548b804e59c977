/**
 * Bytes to knowledge: the contract every recogniser keeps, and nothing that knows a socket, a clock or a thread.
 * Knows only the JDK; is known by everything above.
 */
@NullMarked
package io.postern.wire;

import org.jspecify.annotations.NullMarked;

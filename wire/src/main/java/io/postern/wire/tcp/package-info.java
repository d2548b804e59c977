/**
 * In which order were the bytes of a connection sent? One direction at a time, from segments as a capture shows them.
 * Knows {@code packet} for segments; which flow a segment is of, is for others to know.
 */
@NullMarked
package io.postern.wire.tcp;

import org.jspecify.annotations.NullMarked;

/**
 * What is this flow speaking? Holds its first bytes until a parser is certain, or the time or room is up. A
 * {@link io.postern.gateway.recognise.Tap} goes on where a recognised flow may turn to something else.
 * Knows {@code open} for {@code Opened}; is known by {@code judge} for {@code Sniffed}.
 */
@NullMarked
package io.postern.gateway.sniff;

import org.jspecify.annotations.NullMarked;

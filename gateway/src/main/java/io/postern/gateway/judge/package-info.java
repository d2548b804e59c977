/**
 * May it go on, now that it is known what it speaks? Asked once after sniffing, and again whenever policy
 * changes or more is learnt.
 * Knows {@code sniff} for {@code Sniffed}; is known by {@code relay} for {@code Judged}.
 */
@NullMarked
package io.postern.gateway.judge;

import org.jspecify.annotations.NullMarked;

/**
 * What does this DNS message say, and how is it answered? Of flows that pass by, by its form alone, so on any port, facts
 * through dnsjava, capped; of what is asked of the gateway and answered to it, strictly and byte by byte.
 * Knows {@code wire} for the contract of parsers and the first check.
 */
@NullMarked
package io.postern.dns.message;

import org.jspecify.annotations.NullMarked;

/**
 * What does this DNS message say? By its form alone, so on any port; facts through dnsjava, capped.
 * Knows {@code wire} for the contract of parsers and the first check.
 */
@NullMarked
package io.postern.dns.message;

import org.jspecify.annotations.NullMarked;

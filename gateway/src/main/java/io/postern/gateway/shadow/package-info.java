/**
 * What would have happened were rules enforced that only watch or alert? Counts, for people to read before they enforce. Knows
 * {@code rules} for matches and {@code state} for the store; is known by {@code admin}.
 */
@NullMarked
package io.postern.gateway.shadow;

import org.jspecify.annotations.NullMarked;

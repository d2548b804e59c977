/**
 * Of what share of the flows could each analytic judge at all, and what was missing where it could not? Knows {@code context}
 * for what was known; is known by the admin API and the composition.
 */
@NullMarked
package io.postern.gateway.coverage;

import org.jspecify.annotations.NullMarked;

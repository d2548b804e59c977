/**
 * What becomes of findings once a detector has made them: kept, told once, grouped, suppressed, answered by analysts, and
 * explained.
 */
@NullMarked
package io.postern.analytics.finding;

import org.jspecify.annotations.NullMarked;

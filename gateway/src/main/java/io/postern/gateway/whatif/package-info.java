/**
 * What would another policy have made of flows that were recorded? Knows {@code rules} for both policies and
 * {@code input} for the files; is known by {@code cli}. No clock but the records' own.
 */
@NullMarked
package io.postern.gateway.whatif;

import org.jspecify.annotations.NullMarked;

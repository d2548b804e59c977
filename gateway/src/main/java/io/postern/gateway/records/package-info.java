/**
 * What is written down about a flow? One OCSF line when it closes, one an hour while it lives, and where they go.
 * Knows the words of flows and policy, and {@code meters} for what had to be dropped; is known by the pipelines,
 * which make the records.
 */
@NullMarked
package io.postern.gateway.records;

import org.jspecify.annotations.NullMarked;

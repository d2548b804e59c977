/**
 * Moves the bytes of a flow that may go on, both ways, at the pace of the slower end.
 * Knows {@code judge} for {@code Judged}; is known by nobody but the pipeline.
 */
@NullMarked
package io.postern.gateway.relay;

import org.jspecify.annotations.NullMarked;

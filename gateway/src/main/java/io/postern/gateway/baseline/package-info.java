/**
 * What is usual: learns baselines from flows that have ended, keeps them over restarts, and hands detection a snapshot.
 * Knows records and the store; is known by the pipeline, which tells it of flows, and by the admin API.
 */
@NullMarked
package io.postern.gateway.baseline;

import org.jspecify.annotations.NullMarked;

/**
 * Detection beside the flows: each device has one home, a thread that is told of its flows and of facts about it, and
 * findings come out of it. Knows records, detection and the store; is known by the pipeline.
 */
@NullMarked
package io.postern.gateway.analytics;

import org.jspecify.annotations.NullMarked;

package io.postern.gateway.coverage;

/** How well an analytic could judge a flow. */
enum Sight {
    /** All that its definition correlates was known. */
    FULL,
    /** Some of it. */
    DEGRADED,
    /** Nothing: whose flow it is nobody knows, the analytic needs facts and there were none, or it was not told of the flow. */
    BLIND;
}

package io.postern.gateway.coverage;

/** How well an analytic could judge a flow when it began. */
enum Sight {
    /** All that its definition correlates was known. */
    FULL,
    /** Some of it. */
    DEGRADED,
    /** Nothing: whose flow it is nobody knows, or the analytic needs facts and there were none. */
    BLIND;
}

package io.postern.gateway.meters;

/** When a flow was judged: before any dial, once recognised, or while it lives. */
public enum VerdictStage {
    OPEN,
    RECOGNISED,
    LIVE
}

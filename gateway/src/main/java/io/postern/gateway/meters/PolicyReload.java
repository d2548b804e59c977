package io.postern.gateway.meters;

/** What became of a policy that was read: in force, or refused with the last good one kept. */
enum PolicyReload {
    APPLIED,
    REJECTED
}

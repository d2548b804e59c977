package io.postern.gateway.meters;

/** What became of files that were read again: in force, or refused with the last good ones kept. */
enum Reload {
    APPLIED,
    REJECTED
}

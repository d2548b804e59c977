package io.postern.analytics.fleet;

/** What lets an implant run. */
enum Wake {
    /** A foreground service, or an exemption from Doze: its own clock alone. */
    OWN,
    /** A job, like everybody's: what the device holds back waits. */
    JOB,
    /** Only the windows in which Doze lets everybody run, to be one of many. */
    WINDOW
}

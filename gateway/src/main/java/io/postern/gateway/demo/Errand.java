package io.postern.gateway.demo;

/**
 * One thing an app does on the network.
 *
 * @param credentials how well the client identifies itself
 * @param up bytes it sends once it is through
 * @param down bytes it asks for
 */
record Errand(
        String device, String app, Credentials credentials, Speech speech, String host, int port, int up, int down) {

    /** What a client shows. */
    enum Credentials {
        TAG,
        NONE,
        EXPIRED,
        FORGED
    }
}

package io.postern.wire.capture;

/**
 * The app that had a packet, as PCAPdroid says.
 *
 * @param uid of the app; negative where PCAPdroid does not know it
 * @param packageName empty where the capture has none (a trailer has not)
 * @param label the app's name as its user sees it; a trailer keeps 19 bytes of it
 */
public record Owner(int uid, String packageName, String label) {}

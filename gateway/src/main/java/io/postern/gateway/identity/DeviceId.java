package io.postern.gateway.identity;

/** What devices are called, whoever says it: settings, credentials, concentrators and commands. */
public final class DeviceId {

    private DeviceId() {}

    /**
     * The last part of a name that is a path, for Android Management names devices {@code enterprises/e/devices/d}; any
     * other name itself. Whether it is an id is for {@link CompactTag#DEVICE} to say.
     */
    public static String of(String name) {
        return name.substring(name.lastIndexOf('/') + 1);
    }
}

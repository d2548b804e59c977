package io.postern.config;

import java.util.List;
import java.util.Map;

/**
 * Where devices' own captures come in, as PCAPdroid exports them.
 *
 * @param labels of apps to their packages
 */
public record CollectorSettings(
        String name, Protocol protocol, Bind bind, List<Device> devices, Map<String, String> labels) {

    public CollectorSettings {
        devices = List.copyOf(devices);
        labels = Map.copyOf(labels);
    }

    /** What carries a capture. */
    public enum Protocol {
        TCP,
        UDP
    }

    /**
     * Whose captures come from where.
     *
     * @param source a prefix
     */
    public record Device(String source, String device, String profile) {}
}

package io.postern.analytics.attack;

import io.postern.analytics.StateLimits;
import io.postern.analytics.context.ContextLimits;
import io.postern.analytics.flow.Protocol;
import io.postern.analytics.instrument.Cadence;
import java.time.Duration;
import java.util.Map;
import java.util.Set;

/** The five set otherwise than by default. */
final class Knobs {

    private static final Settings DEFAULTS = Settings.DEFAULTS;

    private Knobs() {}

    static NonStandardPort.Settings port(Map<Protocol, Set<Integer>> mappings, Set<String> apps) {
        return new NonStandardPort.Settings(
                mappings, apps, Duration.ofMinutes(5), Duration.ofMinutes(5), Cadence.WIDEST_JITTER);
    }

    static Settings with(NonStandardPort.Settings port) {
        return new Settings(
                DEFAULTS.webService(),
                DEFAULTS.applicationLayer(),
                port,
                DEFAULTS.webProtocols(),
                DEFAULTS.encryptedChannel(),
                DEFAULTS.off(),
                DEFAULTS.devices(),
                DEFAULTS.findings(),
                DEFAULTS.state());
    }

    static Settings cryptoAllowed(String app) {
        return new Settings(
                DEFAULTS.webService(),
                DEFAULTS.applicationLayer(),
                DEFAULTS.nonStandardPort(),
                DEFAULTS.webProtocols(),
                new EncryptedChannel.Settings(
                        Duration.ofMinutes(10),
                        0.95,
                        Set.of(app),
                        Cadence.WIDEST_JITTER,
                        64 << 10,
                        Duration.ofMinutes(5)),
                DEFAULTS.off(),
                DEFAULTS.devices(),
                DEFAULTS.findings(),
                DEFAULTS.state());
    }

    static Settings without(String... analytics) {
        return new Settings(
                DEFAULTS.webService(),
                DEFAULTS.applicationLayer(),
                DEFAULTS.nonStandardPort(),
                DEFAULTS.webProtocols(),
                DEFAULTS.encryptedChannel(),
                Set.of(analytics),
                DEFAULTS.devices(),
                DEFAULTS.findings(),
                DEFAULTS.state());
    }

    /** Little room: for so many devices and findings, 256 destinations and 32 apps of a device. */
    static Settings small(int devices, int findings) {
        return new Settings(
                DEFAULTS.webService(),
                DEFAULTS.applicationLayer(),
                DEFAULTS.nonStandardPort(),
                DEFAULTS.webProtocols(),
                DEFAULTS.encryptedChannel(),
                DEFAULTS.off(),
                devices,
                findings,
                new StateLimits(256, 32, 64, 8, Duration.ofMinutes(5), 3, ContextLimits.DEFAULTS));
    }
}

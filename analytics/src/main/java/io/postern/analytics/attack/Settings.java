package io.postern.analytics.attack;

import io.postern.analytics.Evidence.Family;
import io.postern.analytics.StateLimits;
import java.util.Set;

/**
 * How the five are set.
 *
 * @param off ids of those that do not run
 * @param ignored families of evidence that count for nothing: to see what each is worth
 * @param devices remembered; the one that was quiet longest goes
 * @param findings open at a time; the one that was quiet longest is closed
 * @param state how much is remembered of each device
 */
public record Settings(
        WebService.Settings webService,
        ApplicationLayerProtocol.Settings applicationLayer,
        NonStandardPort.Settings nonStandardPort,
        WebProtocols.Settings webProtocols,
        EncryptedChannel.Settings encryptedChannel,
        Set<String> off,
        Set<Family> ignored,
        int devices,
        int findings,
        StateLimits state) {

    public static final Settings DEFAULTS = new Settings(
            WebService.Settings.DEFAULTS,
            ApplicationLayerProtocol.Settings.DEFAULTS,
            NonStandardPort.Settings.DEFAULTS,
            WebProtocols.Settings.DEFAULTS,
            EncryptedChannel.Settings.DEFAULTS,
            Set.of(),
            Set.of(),
            100_000,
            50_000,
            StateLimits.DEFAULTS);

    /** The same, its states hashed by this. */
    public Settings seeded(long seed) {
        return new Settings(
                webService,
                applicationLayer,
                nonStandardPort,
                webProtocols,
                encryptedChannel,
                off,
                ignored,
                devices,
                findings,
                state.seeded(seed));
    }

    /** All evidence counts. */
    public Settings(
            WebService.Settings webService,
            ApplicationLayerProtocol.Settings applicationLayer,
            NonStandardPort.Settings nonStandardPort,
            WebProtocols.Settings webProtocols,
            EncryptedChannel.Settings encryptedChannel,
            Set<String> off,
            int devices,
            int findings,
            StateLimits state) {
        this(
                webService,
                applicationLayer,
                nonStandardPort,
                webProtocols,
                encryptedChannel,
                off,
                Set.of(),
                devices,
                findings,
                state);
    }

    public Settings {
        off = Set.copyOf(off);
        ignored = Set.copyOf(ignored);
        if (devices < 1 || findings < 1) {
            throw new IllegalArgumentException("there must be room for a device and a finding");
        }
    }

    /** The same without these families of evidence. */
    public Settings ignoring(Set<Family> families) {
        return new Settings(
                webService,
                applicationLayer,
                nonStandardPort,
                webProtocols,
                encryptedChannel,
                off,
                families,
                devices,
                findings,
                state);
    }
}

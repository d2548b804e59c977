package io.postern.analytics.attack;

import io.postern.analytics.Evidence.Family;
import io.postern.analytics.context.FactKind;
import io.postern.analytics.context.Truth;
import io.postern.analytics.flow.InClear.Payload;
import io.postern.analytics.instrument.Cadence;
import java.time.Duration;
import java.util.List;
import java.util.Set;

/**
 * AN1716, DET0641: cryptography and staging on the device, in either order, then a structured transmission that is not the
 * app's to make.
 *
 * <pre>
 * applies   when cryptography or staging was told within TimeWindow before, or would not have been told by anybody
 * for       cryptography (hard), staging (hard); uplink-heavy, in pieces of one size, random bytes in clear; destination
 *           outside role or baseline
 * with      background, locked, nobody there, unmanaged: state
 * against   AllowedCryptoApps, roles that encrypt, destination approved or learnt; in use
 * degraded  without an agent only the shape of the upload is left: medium at most, and it says so
 * </pre>
 */
public final class EncryptedChannel implements Analytic {

    static final String CRYPTO = "crypto-before";
    static final String STAGED = "staging-before";
    static final String RESOURCE = "protected-resource-before";
    static final String PIECES = "pieces-of-one-size";
    static final String CLOCK = "uploads-by-a-clock";
    static final String EXPECTED = "crypto-expected";
    static final String NEW_ON_DEVICE = "destination-new-on-device";

    private static final double ALIKE = 2;
    private static final long DAY_MILLIS = Duration.ofDays(1).toMillis();
    /** Without telemetry, or by what a device has not done before alone, it is medium at most. */
    private static final int DEGRADED_MOST = 69;

    private static final Set<String> CRYPTO_CATEGORIES = Set.of(
            "chat", "messaging", "mail", "backup", "banking", "payment", "passwords", "security", "vpn", "calls");

    private final Settings settings;

    public EncryptedChannel(Settings settings) {
        this.settings = settings;
    }

    /**
     * MITRE's knobs.
     *
     * @param timeWindow how long before a transmission cryptography and staging count
     * @param entropyThreshold how random the bytes of a message in clear must be, see
     *     {@link io.postern.analytics.instrument.Entropy#ofRandom(Payload)}
     * @param allowedCryptoApps packages that are expected to encrypt
     * @param beaconIntervalVariance jitter up to which a rhythm of uploads is sought, a share of the interval
     * @param uplinkBytes bytes up to one destination that make a transmission
     * @param recentUserInteractionWindow without use for so long nobody is there
     */
    public record Settings(
            Duration timeWindow,
            double entropyThreshold,
            Set<String> allowedCryptoApps,
            double beaconIntervalVariance,
            long uplinkBytes,
            Duration recentUserInteractionWindow) {
        public static final Settings DEFAULTS = new Settings(
                Duration.ofMinutes(10), 0.95, Set.of(), Cadence.WIDEST_JITTER, 64 << 10, Duration.ofMinutes(5));

        public Settings {
            allowedCryptoApps = Set.copyOf(allowedCryptoApps);
        }
    }

    @Override
    public String id() {
        return "AN1716";
    }

    @Override
    public String title() {
        return "Encrypted Channel";
    }

    @Override
    public String technique() {
        return "T1521";
    }

    @Override
    public void weigh(Sight sight, Scales scales) {
        Truth encrypted = sight.after(FactKind.CRYPTO, settings.timeWindow);
        Truth staged = sight.after(FactKind.STAGING, settings.timeWindow);
        boolean upload = Uplink.much(sight, settings.uplinkBytes);
        boolean told = encrypted == Truth.TRUE || staged == Truth.TRUE;
        boolean blind = !encrypted.known() || !staged.known();
        if (!upload || !(told || blind)) {
            return;
        }
        Telemetry.weigh(sight, scales, FactKind.CRYPTO, settings.timeWindow, CRYPTO, 25);
        Telemetry.weigh(sight, scales, FactKind.STAGING, settings.timeWindow, STAGED, 20);
        if (told) {
            Telemetry.weigh(sight, scales, FactKind.PROTECTED_RESOURCE, settings.timeWindow, RESOURCE, 5);
        }
        if (blind) {
            scales.notVisible(FactKind.CRYPTO.label());
            scales.notVisible(FactKind.STAGING.label());
        }
        if (!told) {
            scales.atMost(DEGRADED_MOST);
        }
        transmission(sight, scales);
        boolean known = Whereabouts.weigh(sight, scales, Whereabouts.LEARNT_CONTENT);
        if (!known && !sight.habits().tellsRare() && encrypted == Truth.TRUE && staged == Truth.TRUE) {
            newOnDevice(sight, scales);
        }
        Circumstances.weigh(sight, scales, settings.recentUserInteractionWindow, settings.timeWindow);
        if (expected(sight)) {
            scales.against(Family.TELEMETRY, EXPECTED, 1, 1, outsideRole(sight) ? 40 : 100);
        }
    }

    /** Before baselines have learnt what is rare: an app that has long been here, or just came, goes there since today. */
    private static void newOnDevice(Sight sight, Scales scales) {
        long first = sight.seen().firstMillis();
        boolean today = sight.now() - first < DAY_MILLIS;
        boolean longHere = first - sight.seen().past().sinceMillis() >= DAY_MILLIS;
        if (today && (longHere || sight.inventory().isNew())) {
            scales.supports(Family.DESTINATION, NEW_ON_DEVICE, 1, 1, 15);
            scales.atMost(DEGRADED_MOST);
        }
    }

    /** Who is expected to encrypt is not expected to send it elsewhere than is written down. */
    private static boolean outsideRole(Sight sight) {
        return sight.role().named() && !sight.expected();
    }

    private void transmission(Sight sight, Scales scales) {
        Uplink.weigh(sight, scales, settings.uplinkBytes, 15);
        double clock = sight.clock(settings.beaconIntervalVariance);
        if (clock >= Cadence.CLOCK) {
            scales.supports(Family.CADENCE, CLOCK, clock, Cadence.CLOCK, 5);
        }
        double alike = sight.seen().sameUp();
        if (alike >= ALIKE) {
            scales.supports(Family.CADENCE, PIECES, alike, ALIKE, 8);
        }
        Bytes.weigh(sight.clear().up(), Payload.NONE, scales, settings.entropyThreshold, 5);
        Bytes.blocks(sight.clear().up(), scales, settings.entropyThreshold);
    }

    private boolean expected(Sight sight) {
        return settings.allowedCryptoApps.contains(sight.tag().app())
                || sight.role().crypto() == Truth.TRUE
                || (sight.role().approved()
                        && CRYPTO_CATEGORIES.contains(sight.role().category()));
    }

    @Override
    public List<Knob> knobs() {
        return List.of(
                new Knob(
                        "TimeWindow",
                        "duration",
                        "10m",
                        "how long before a transmission cryptography and staging count",
                        "WorkManager may hold an upload back for some minutes"),
                new Knob(
                        "EntropyThreshold",
                        "number",
                        "0.95",
                        "entropy of what an upload in clear begins with, as a share of what 99 of 100 samples of as many random bytes"
                                + " exceed; weak. What says that it is compressed does not count; what is sent in TLS is not seen",
                        "random bytes reach it always, also behind a short head of their own; text and JSON never"),
                new Knob(
                        "AllowedCryptoApps",
                        "list",
                        "[]",
                        "packages that are expected to encrypt, beside roles with crypto: expected and the categories chat, mail,"
                                + " backup, banking, payment, passwords, security, vpn and calls of approved apps",
                        "the categories are those that the specification wants silent"),
                new Knob(
                        "ForegroundStateRequired",
                        "policy",
                        "roles: background",
                        "whether an app may transmit without its user",
                        "it differs by role"),
                new Knob(
                        "BeaconIntervalVariance",
                        "number",
                        "0.5",
                        "jitter up to which a rhythm of uploads is sought, by bands of 0.12, 0.3 and 0.5",
                        "50 % is the most that common implants are set to"));
    }
}

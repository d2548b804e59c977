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
 * applies   when much went within TimeWindow after cryptography or staging was told, or nobody would have told of either
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
            "authentication",
            "backup",
            "banking",
            "calls",
            "chat",
            "files",
            "mail",
            "messaging",
            "passwords",
            "payment",
            "security",
            "sync",
            "vpn");

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
        if (!Uplink.much(sight, settings.uplinkBytes)) {
            return;
        }
        long afterCrypto = sentAfter(sight, FactKind.CRYPTO);
        long afterStaging = sentAfter(sight, FactKind.STAGING);
        boolean encrypted = afterCrypto > 0;
        boolean staged = afterStaging > 0;
        boolean told = encrypted || staged;
        boolean blind = !sight.after(FactKind.CRYPTO, settings.timeWindow).known()
                || !sight.after(FactKind.STAGING, settings.timeWindow).known();
        if (!told && !blind) {
            return;
        }
        if (encrypted) {
            scales.hard(Family.TELEMETRY, CRYPTO, 1, 1, 25);
        }
        if (staged) {
            scales.hard(Family.TELEMETRY, STAGED, 1, 1, 20);
        }
        if (told) {
            Telemetry.weigh(sight, scales, FactKind.PROTECTED_RESOURCE, settings.timeWindow, RESOURCE, 5);
        } else {
            scales.atMost(DEGRADED_MOST);
        }
        if (blind) {
            scales.notVisible(FactKind.CRYPTO.label());
            scales.notVisible(FactKind.STAGING.label());
        }
        transmission(
                sight,
                scales,
                told ? Math.max(afterCrypto, afterStaging) : sight.seen().bytesOut());
        boolean known = Whereabouts.weigh(sight, scales, Whereabouts.LEARNT_CONTENT);
        if (!known && !sight.habits().tellsRare() && encrypted && staged) {
            newOnDevice(sight, scales);
        }
        Circumstances.weigh(sight, scales, settings.recentUserInteractionWindow, settings.timeWindow);
        if (expected(sight)) {
            scales.against(Family.TELEMETRY, EXPECTED, 1, 1, outsideRole(sight) ? 40 : 100);
        }
    }

    /**
     * Bytes that went within TimeWindow after it was told of: what went before that, or long ago, was not encrypted by it.
     *
     * @return 0 where they are no transmission
     */
    private long sentAfter(Sight sight, FactKind what) {
        if (sight.after(what, settings.timeWindow) != Truth.TRUE) {
            return 0;
        }
        long sent = sight.sentAfter(what, settings.timeWindow);
        long limit = sight.role().uplinkLimit();
        long most = limit > 0 ? Math.min(limit, settings.uplinkBytes) : settings.uplinkBytes;
        return sent > most ? sent : 0;
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

    private void transmission(Sight sight, Scales scales, long sent) {
        Uplink.weigh(sight, scales, settings.uplinkBytes, 15, (double) sent);
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
                        "packages that are expected to encrypt, beside roles with crypto: expected and the categories"
                                + " authentication, backup, banking, calls, chat, files, mail, messaging, passwords,"
                                + " payment, security, sync and vpn of approved apps",
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

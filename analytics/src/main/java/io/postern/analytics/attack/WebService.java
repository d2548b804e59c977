package io.postern.analytics.attack;

import io.postern.analytics.Evidence.Family;
import io.postern.analytics.baseline.Standing;
import io.postern.analytics.context.FactKind;
import io.postern.analytics.context.Truth;
import io.postern.analytics.instrument.Cadence;
import java.time.Duration;
import java.util.List;
import java.util.Set;

/**
 * AN1770, DET0672: an app uses a legitimate web service (cloud storage, social, messaging, code hosting, paste, collaboration)
 * against its role, its baseline and what the device was doing.
 *
 * <pre>
 * applies   when the destination's service class is such a platform
 * for       class outside the role (hard) or the app's baseline; a platform that few apps have business with; protected
 *           resource or staging within TimeWindow before (hard); an upload of UplinkBytesThreshold; a clock
 * with      background, locked, nobody there, started in the background, unmanaged, new: state
 * against   AllowedAppList, AllowedServiceClasses, AllowedDestinations; approved or learnt; in use; background expected
 * </pre>
 */
public final class WebService implements Analytic {

    static final String OUTSIDE_ROLE = "service-class-outside-role";
    static final String NEW_CLASS = "service-class-new-to-app";
    static final String ODD_PLATFORM = "platform-for-developers";
    static final String ALLOWED_CLASS = "service-class-allowed";
    static final String LEARNT_CLASS = "service-class-learnt";
    static final String ALLOWED_APP = "app-allowed";
    static final String RESOURCE = "protected-resource-before";
    static final String STAGED = "staging-before";
    private final Settings settings;

    public WebService(Settings settings) {
        this.settings = settings;
    }

    /**
     * MITRE's knobs.
     *
     * @param timeWindow how long before a connection protected resources, staging and background starts count
     * @param allowedApps packages that may use any platform
     * @param allowedServiceClasses that any app may use
     * @param recentUserInteractionWindow without use for so long nobody is there
     * @param beaconIntervalTolerance jitter up to which a rhythm is sought, a share of the interval
     * @param uplinkBytesThreshold bytes up to one destination that make an upload
     * @param foregroundStateRequired whether background counts even where policy allows it
     */
    public record Settings(
            Duration timeWindow,
            Set<String> allowedApps,
            Set<String> allowedServiceClasses,
            Duration recentUserInteractionWindow,
            double beaconIntervalTolerance,
            long uplinkBytesThreshold,
            boolean foregroundStateRequired) {
        public static final Settings DEFAULTS = new Settings(
                Duration.ofMinutes(10),
                Set.of(),
                Set.of(),
                Duration.ofMinutes(5),
                Cadence.WIDEST_JITTER,
                1L << 20,
                false);

        public Settings {
            allowedApps = Set.copyOf(allowedApps);
            allowedServiceClasses = Set.copyOf(allowedServiceClasses);
        }
    }

    @Override
    public String id() {
        return "AN1770";
    }

    @Override
    public String title() {
        return "Web Service";
    }

    @Override
    public String technique() {
        return "T1481";
    }

    @Override
    public void weigh(Sight sight, Scales scales) {
        if (!sight.isOf(Classes.PLATFORMS)) {
            return;
        }
        service(sight, scales);
        Whereabouts.weigh(sight, scales, Whereabouts.LEARNT_CONTENT);
        telemetry(sight, scales);
        if (Uplink.much(sight, settings.uplinkBytesThreshold)) {
            Uplink.weigh(sight, scales, settings.uplinkBytesThreshold, 20);
        }
        Regularity.weigh(sight, scales, settings.beaconIntervalTolerance);
        Circumstances.weigh(
                sight,
                scales,
                settings.recentUserInteractionWindow,
                settings.timeWindow,
                settings.foregroundStateRequired);
        if (settings.allowedApps.contains(sight.tag().app())) {
            scales.against(Family.DESTINATION, ALLOWED_APP, 1, 1, 60);
        }
    }

    private void service(Sight sight, Scales scales) {
        String service = sight.classOf(Classes.PLATFORMS);
        Set<String> ofRole = sight.allowedClasses();
        if (settings.allowedServiceClasses.contains(service) || ofRole.contains(service)) {
            if (!sight.twoNames()) {
                scales.against(Family.DESTINATION, ALLOWED_CLASS, 1, 1, 40);
            }
            return;
        }
        if (!ofRole.isEmpty()) {
            scales.hard(Family.DESTINATION, OUTSIDE_ROLE, 1, 1, 30);
        }
        Standing standing = sight.habits().serviceClass(service).standing();
        if (standing.approved()
                || sight.habits().devicesOfClass(service) > sight.habits().few()) {
            if (!sight.twoNames()) {
                scales.against(Family.DESTINATION, LEARNT_CLASS, 1, 1, 15);
            }
        } else if (sight.habits().tellsRare() && ofRole.isEmpty()) {
            scales.supports(Family.DESTINATION, NEW_CLASS, 1, 1, 15);
        }
        if (sight.isOf(Classes.ODD)) {
            scales.supports(Family.DESTINATION, ODD_PLATFORM, 1, 1, 10);
        }
    }

    private void telemetry(Sight sight, Scales scales) {
        Telemetry.weigh(sight, scales, FactKind.PROTECTED_RESOURCE, settings.timeWindow, RESOURCE, 25);
        Truth staged = Telemetry.weigh(sight, scales, FactKind.STAGING, settings.timeWindow, STAGED, 25);
        if (!staged.known()) {
            scales.notVisible(FactKind.STAGING.label());
        }
    }

    @Override
    public List<Knob> knobs() {
        return List.of(
                new Knob(
                        "TimeWindow",
                        "duration",
                        "10m",
                        "how long before a connection the use of a protected resource, staging and a background start count",
                        "WorkManager may hold an upload back for some minutes after the data was gathered; longer, and any use of"
                                + " the camera explains any upload"),
                new Knob(
                        "AllowedAppList",
                        "list",
                        "[]",
                        "packages that may use any platform; beside apps that policy gives a role",
                        "a role with service classes says more than a list of apps, so the list begins empty"),
                new Knob(
                        "AllowedServiceClasses",
                        "list",
                        "[]",
                        "platforms that every app may use",
                        "what one app may use is written in its role"),
                new Knob(
                        "AllowedDestinations",
                        "policy",
                        "roles: destinations",
                        "destinations an app is approved for",
                        "they differ by app and tenant, so they stand in its role, and in approved baselines"),
                new Knob(
                        "ForegroundStateRequired",
                        "boolean",
                        "false",
                        "whether background counts even where the role allows work in the background",
                        "roles say it per app"),
                new Knob(
                        "RecentUserInteractionWindow",
                        "duration",
                        "5m",
                        "without use of the device for so long, nobody is there",
                        "screens go dark after at most some minutes; an upload that somebody began is under way by then"),
                new Knob(
                        "BeaconIntervalTolerance",
                        "number",
                        "0.5",
                        "jitter up to which a rhythm is sought, by bands of 0.12, 0.3 and 0.5",
                        "50 % is the most that common implants are set to"),
                new Knob(
                        "UplinkBytesThreshold",
                        "bytes",
                        "1MiB",
                        "bytes up to one destination, four times what came down, that make an upload",
                        "contacts, messages and calls of a phone compress to about so much; a picture is larger"),
                new Knob(
                        "ExpectedBackgroundBehavior",
                        "policy",
                        "roles: background",
                        "whether an app may work without its user",
                        "it differs by role: mail and chat do, a torch does not"));
    }
}

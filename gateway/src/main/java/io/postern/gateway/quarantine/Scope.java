package io.postern.gateway.quarantine;

import io.postern.analytics.flow.AppTag;
import java.util.Locale;
import java.util.Optional;

/**
 * Who is contained: all of a device, one of its profiles, or an app on it.
 *
 * @param profile absent: every profile
 * @param app absent: every app
 */
public record Scope(String device, Optional<String> profile, Optional<String> app) {

    /** What kind of scope it is, widest first. */
    public enum Kind {
        DEVICE,
        PROFILE,
        APP;

        public String label() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /** One app as tags name it. */
    public static Scope of(AppTag tag, String app) {
        return new Scope(tag.device(), Optional.of(tag.profile()), Optional.of(app));
    }

    /** Whether it holds for all apps of another, in one of its profiles at least. */
    public boolean reaches(Scope other) {
        return device.equals(other.device)
                && (profile.isEmpty() || other.profile.isEmpty() || profile.equals(other.profile))
                && (app.isEmpty() || app.equals(other.app));
    }

    public Kind kind() {
        return app.isPresent() ? Kind.APP : profile.isPresent() ? Kind.PROFILE : Kind.DEVICE;
    }

    /** As a person would say it to whoever has the device. */
    public String words() {
        return switch (kind()) {
            case DEVICE -> "this device";
            case PROFILE -> "this profile of the device";
            case APP -> "this app on this device";
        };
    }

    @Override
    public String toString() {
        return device
                + profile.map(name -> " " + name).orElse(app.isPresent() ? " *" : "")
                + app.map(name -> " " + name).orElse("");
    }
}

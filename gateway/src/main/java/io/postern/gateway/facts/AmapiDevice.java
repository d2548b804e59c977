package io.postern.gateway.facts;

import io.postern.analytics.context.ContextEvent.App;
import io.postern.analytics.context.ContextEvent.Health;
import io.postern.analytics.context.ContextEvent.Installed;
import io.postern.analytics.context.ContextEvent.Removed;
import io.postern.analytics.context.Truth;
import java.util.Base64;
import java.util.HexFormat;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.regex.Pattern;
import tools.jackson.databind.JsonNode;

/**
 * A status report: {@code Device} of androidmanagement v1, for its apps and its health. What management reports an app of, it
 * manages. The time of installing and updating is known of the last thirty hours only, from the app's events.
 */
final class AmapiDevice {

    private static final int MAX_TEXT = 128;
    private static final int SHA256 = 32;
    private static final Pattern SHA256_HEX = Pattern.compile("[0-9a-fA-F]{64}");

    private final AmapiPush push;
    private final AmapiPush.Of of;
    private final OptionalLong published;

    AmapiDevice(AmapiPush push, AmapiPush.Of of, OptionalLong published) {
        this.push = push;
        this.of = of;
        this.published = published;
    }

    void read(JsonNode device) {
        OptionalLong reported = Times.millis(device.path("lastStatusReportTime").asString(""));
        OptionalLong at = reported.isPresent() ? reported : published;
        if (at.isEmpty()) {
            push.fault(of, "/message/publishTime", Times.RULE);
            return;
        }
        health(device, at.getAsLong());
        JsonNode apps = device.path("applicationReports");
        for (int i = 0; i < apps.size(); i++) {
            app(apps.get(i), at.getAsLong(), i);
        }
    }

    private void health(JsonNode device, long at) {
        String posture = device.path("securityPosture").path("devicePosture").asString("");
        Truth compliant = compliant(device);
        if (posture.isEmpty() && !compliant.known()) {
            return;
        }
        Health.Risk risk =
                switch (posture) {
                    case "SECURE" -> Health.Risk.SECURE;
                    case "AT_RISK" -> Health.Risk.AT_RISK;
                    case "POTENTIALLY_COMPROMISED" -> Health.Risk.COMPROMISED;
                    default -> Health.Risk.UNKNOWN;
                };
        push.tell(
                of,
                of.message() + "-h",
                at,
                Optional.empty(),
                new Health(compliant, risk, text(device.path("softwareInfo").path("securityPatchLevel"))));
    }

    /** JSON of protobuf may leave out a member that is false; details there are only of what is not complied with. */
    private static Truth compliant(JsonNode device) {
        JsonNode said = device.path("policyCompliant");
        if (said.isBoolean()) {
            return Truth.of(said.booleanValue());
        }
        return device.path("nonComplianceDetails").isEmpty() ? Truth.UNKNOWN : Truth.FALSE;
    }

    private void app(JsonNode report, long at, int number) {
        String name = report.path("packageName").asString("");
        if (!Names.app(name)) {
            push.fault(of, "/applicationReports/" + number + "/packageName", "must be a package");
            return;
        }
        OptionalLong version = report.path("versionCode").isIntegralNumber()
                        && report.path("versionCode").longValue() >= 0
                ? OptionalLong.of(report.path("versionCode").longValue())
                : OptionalLong.empty();
        Optional<App> app = Optional.of(new App(name, OptionalLong.empty(), version));
        String key = of.message() + "-" + number;
        if (report.path("state").asString("").equals("REMOVED")) {
            push.tell(of, key, last(report, "REMOVED").orElse(at), app, new Removed());
            return;
        }
        OptionalLong installed = last(report, "INSTALLED");
        OptionalLong changed = last(report, "CHANGED");
        push.tell(
                of,
                key,
                at,
                app,
                new Installed(
                        true,
                        Optional.empty(),
                        text(report.path("versionName")),
                        installer(report.path("installerPackageName").asString("")),
                        signer(report),
                        installed,
                        changed.isPresent() ? changed : last(report, "REPLACED"),
                        Set.of()));
    }

    private static OptionalLong last(JsonNode report, String type) {
        OptionalLong last = OptionalLong.empty();
        for (JsonNode event : report.path("events")) {
            OptionalLong time = Times.millis(event.path("createTime").asString(""));
            if (event.path("eventType").asString("").equals(type)
                    && time.isPresent()
                    && time.getAsLong() > last.orElse(-1)) {
                last = time;
            }
        }
        return last;
    }

    private static String installer(String name) {
        return Names.app(name) ? name : "";
    }

    /** The fingerprints may be of SHA-1, which says nothing against somebody who makes another key for it. */
    private static String signer(JsonNode report) {
        for (JsonNode certificate : report.path("signingKeyCerts")) {
            String hex = hex(certificate.path("signingKeyCertFingerprintSha256").asString(""));
            if (!hex.isEmpty()) {
                return hex;
            }
        }
        for (JsonNode print : report.path("signingKeyCertFingerprints")) {
            if (SHA256_HEX.matcher(print.asString("")).matches()) {
                return print.asString().toLowerCase(Locale.ROOT);
            }
        }
        return "";
    }

    private static String hex(String base64) {
        try {
            byte[] digest = Base64.getDecoder().decode(base64);
            return digest.length == SHA256 ? HexFormat.of().formatHex(digest) : "";
        } catch (IllegalArgumentException notBase64) {
            return "";
        }
    }

    /** Nothing of a text that is none, or too long, or has control characters. */
    private static String text(JsonNode node) {
        String text = node.asString("");
        return text.length() <= MAX_TEXT && text.chars().noneMatch(Character::isISOControl) ? text : "";
    }
}

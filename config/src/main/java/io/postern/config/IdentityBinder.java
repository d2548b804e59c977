package io.postern.config;

import io.postern.config.GatewaySettings.DeviceAttribute;
import io.postern.config.GatewaySettings.Identity;
import io.postern.config.GatewaySettings.Jwt;
import io.postern.config.GatewaySettings.Radius;
import io.postern.config.GatewaySettings.RadiusClient;
import io.postern.config.GatewaySettings.TagKey;
import io.postern.config.GatewaySettings.Unattributed;
import io.postern.config.document.Problems;
import io.postern.config.document.Setting;

/** {@code identity}: from settings of the right shape to records. */
final class IdentityBinder {

    private final FileTexts files;
    private final NetworkTexts networks;
    private final Problems problems;

    IdentityBinder(FileTexts files, NetworkTexts networks, Problems problems) {
        this.files = files;
        this.networks = networks;
        this.problems = problems;
    }

    Identity settings(Setting identity) {
        return new Identity(
                identity.member("tenant").text(),
                identity.member("tag-keys").items().stream()
                        .map(key -> new TagKey(key.member("id").text(), files.statePath(key.member("secret-file"))))
                        .toList(),
                SettingsBinder.constant(Unattributed.class, identity.member("unattributed")),
                networks.hosts(identity.member("renewal")),
                identity.find("jwt")
                        .map(jwt -> new Jwt(
                                files.path(jwt.member("jwks-file")),
                                jwt.member("issuer").text(),
                                jwt.member("audience").text())),
                files.statePath(identity.member("revoked-file")),
                identity.find("addresses-file").map(files::path),
                identity.find("radius").map(this::radius));
    }

    private Radius radius(Setting radius) {
        return new Radius(
                networks.bind(radius.member("bind")),
                radius.member("clients").items().stream()
                        .map(client -> new RadiusClient(
                                client.member("name").text(),
                                networks.prefixes(client.member("sources")),
                                files.path(client.member("secret-file")),
                                networks.prefixes(client.member("networks"))))
                        .toList(),
                deviceAttribute(radius.member("device")),
                radius.member("profile").text(),
                radius.member("require-message-authenticator").flag(),
                radius.member("require-event-timestamp").flag(),
                radius.member("timestamp-window").duration(),
                radius.member("session-timeout").duration(),
                radius.member("sessions").integer());
    }

    /** RFC 2865 section 5; a vendor's pair is {@code NAME=VALUE}. */
    private DeviceAttribute deviceAttribute(Setting device) {
        String[] words = device.text().split(":", 4);
        if (words.length == 1) {
            int type = words[0].equals("user-name") ? 1 : words[0].equals("class") ? 25 : 31;
            return new DeviceAttribute(0, type, "");
        }
        int vendor = Integer.parseInt(words[1]);
        int type = Integer.parseInt(words[2]);
        if (vendor == 0 || type == 0 || type > 255) {
            problems.at(device, "'" + device.text() + "' must have a vendor from 1 on and a type from 1 to 255");
        }
        return new DeviceAttribute(vendor, type, words.length == 4 ? words[3] + "=" : "");
    }
}

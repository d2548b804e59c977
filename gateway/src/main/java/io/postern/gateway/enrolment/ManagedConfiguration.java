package io.postern.gateway.enrolment;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.UUID;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * The part of an Android Management policy that brings a VPN client onto a device, sets it up, and lets nothing past it:
 * {@code applications[].managedConfiguration}, {@code alwaysOnVpnPackage} with lockdown, {@code vpnConfigDisabled}.
 *
 * <p>No tag travels by these clients: whoever ends the VPN must tell the gateway whose flow it is.
 *
 * <p>Keys as of strongSwan's managed_configuration.xml, OpenVPN for Android's app_restrictions.xml, Cisco's document
 * 215076, WireGuard for Android's app_restrictions.xml. sing-box for Android documents none.
 */
final class ManagedConfiguration {

    private ManagedConfiguration() {}

    static String of(Enrolment enrolment) {
        VpnClient client = enrolment.offer().client();
        ObjectNode policy = JsonNodeFactory.instance.objectNode();
        ObjectNode app = policy.putArray("applications").addObject();
        app.put("packageName", client.pkg()).put("installType", "FORCE_INSTALLED");
        switch (client) {
            case STRONGSWAN -> strongSwan(app.putObject("managedConfiguration"), enrolment);
            case OPENVPN -> openVpn(app.putObject("managedConfiguration"), enrolment);
            case ANYCONNECT -> anyConnect(app.putObject("managedConfiguration"), enrolment);
            case WIREGUARD -> app.putObject("managedConfiguration").put("disable_config_export", true);
            case SING_BOX -> {}
        }
        policy.putObject("alwaysOnVpnPackage").put("packageName", client.pkg()).put("lockdownEnabled", true);
        policy.put("vpnConfigDisabled", true);
        return Pretty.text(policy);
    }

    /** One VPN profile per gateway: strongSwan does not change over by itself, the second is there to be chosen. */
    private static void strongSwan(ObjectNode configuration, Enrolment enrolment) {
        Enrollee who = enrolment.who();
        Enrolment.Offer offer = enrolment.offer();
        configuration.put("allow_profile_create", false).put("allow_profile_import", false);
        configuration.put("allow_existing_profiles", false).put("allow_settings_access", false);
        configuration.put("pref_default_vpn_profile", uuid(who, offer.gateways().get(0)));
        ArrayNode profiles = configuration.putArray("managed_profiles");
        for (GatewayAddress gateway : offer.gateways()) {
            ObjectNode profile = profiles.addObject();
            profile.put("_uuid", uuid(who, gateway)).put("name", gateway.host());
            profile.put("vpn_type", "ikev2-cert");
            ObjectNode remote = profile.putObject("remote");
            remote.put("gateway", gateway.host()).put("port", gateway.port());
            if (!offer.certificates().isEmpty()) {
                remote.put("certificate", encoded(offer.pem()));
            }
            // Shown as on by default, and read as off where they are missing.
            remote.put("remote_revocation_ocsp", true).put("remote_revocation_crl", true);
            ObjectNode local = profile.putObject("local");
            local.put("local_id", who.device()).put("user_certificate_alias", who.device());
            includedApps(profile, "included_apps", who);
        }
    }

    private static void openVpn(ObjectNode configuration, Enrolment enrolment) {
        Enrollee who = enrolment.who();
        Enrolment.Offer offer = enrolment.offer();
        String uuid = uuid(who, offer.gateways().get(0));
        configuration.put("version", "1").put("defaultprofile", uuid);
        ObjectNode vpn = configuration.putArray("vpn_configuration_list").addObject();
        vpn.put("uuid", uuid).put("name", offer.gateways().get(0).host());
        List<String> lines = new ArrayList<>(List.of("client", "dev tun", "proto udp", "nobind", "persist-tun"));
        offer.gateways().forEach(gateway -> lines.add("remote " + gateway.host() + " " + gateway.port()));
        lines.add("remote-cert-tls server");
        if (!offer.certificates().isEmpty()) {
            lines.add("<ca>\n" + offer.pem() + "</ca>");
        }
        vpn.put("ovpn", encoded(String.join("\n", lines) + "\n"));
        vpn.put("certificate_alias", who.device());
        includedApps(vpn, "allowed_apps", who);
    }

    private static void anyConnect(ObjectNode configuration, Enrolment enrolment) {
        Enrollee who = enrolment.who();
        GatewayAddress gateway = enrolment.offer().gateways().get(0);
        configuration.put("vpn_connection_name", gateway.host());
        configuration.put("vpn_connection_host", gateway.authority());
        configuration.put("vpn_connection_device_id", who.device());
        includedApps(configuration, "vpn_connection_allowed_apps", who);
    }

    private static void includedApps(ObjectNode where, String key, Enrollee who) {
        if (!who.wholeProfile()) {
            String separator = key.equals("included_apps") ? " " : ",";
            where.put(key, String.join(separator, who.packages()));
        }
    }

    /** The same for the same device and gateway, so that a renewed policy changes a profile rather than adds one. */
    private static String uuid(Enrollee who, GatewayAddress gateway) {
        String name = "postern/" + who.device() + "/" + who.profile() + "/" + gateway.authority();
        return UUID.nameUUIDFromBytes(name.getBytes(StandardCharsets.UTF_8)).toString();
    }

    private static String encoded(String text) {
        return Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8));
    }
}

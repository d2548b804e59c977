package io.postern.gateway.enrolment;

import io.postern.gateway.enrolment.GatewayAddress.Way;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** Whom a profile is for, and what such a profile can hold. */
public enum ProfileFormat {
    SING_BOX("sing-box", "json", true),
    MIHOMO("mihomo", "yaml", true),
    CURL("curl", "cfg", true),
    DOH("doh", "txt", true),
    WIREGUARD("wireguard", "conf", false),
    MANAGED_CONFIGURATION("managed-configuration", "json", false);

    /** Every label, as a message names them. */
    public static final String LABELS = "sing-box, mihomo, curl, doh, wireguard or managed-configuration";

    private final String label;
    private final String extension;
    private final boolean tags;

    ProfileFormat(String label, String extension, boolean tags) {
        this.label = label;
        this.extension = extension;
        this.tags = tags;
    }

    public static Optional<ProfileFormat> of(String label) {
        return Arrays.stream(values()).filter(each -> each.label.equals(label)).findFirst();
    }

    public String label() {
        return label;
    }

    /** Whether it carries tags; what carries none does not expire. */
    public boolean tags() {
        return tags;
    }

    public String text(Enrolment enrolment) {
        return switch (this) {
            case SING_BOX -> SingBoxProfile.of(enrolment);
            case MIHOMO -> MihomoProfile.of(enrolment);
            case CURL -> CurlFile.of(enrolment);
            case DOH -> DohUrl.of(enrolment);
            case WIREGUARD -> WireGuardProfile.of(enrolment);
            case MANAGED_CONFIGURATION -> ManagedConfiguration.of(enrolment);
        };
    }

    String extension() {
        return extension;
    }

    /** What of an offer it cannot hold, each fault with the name of its part first. */
    public List<String> faults(Enrolment.Offer offer) {
        List<String> faults = new ArrayList<>();
        List<GatewayAddress> gateways = offer.gateways();
        boolean proxied = this == SING_BOX || this == MIHOMO || this == CURL || this == DOH;
        if (!proxied && gateways.stream().anyMatch(GatewayAddress::schemed)) {
            faults.add("gateway: of a VPN has no scheme, must be HOST:PORT");
        }
        if (gateways.size() > 1 && !several(offer.client())) {
            faults.add("gateway: there are " + gateways.size() + ", " + label
                    + (this == MANAGED_CONFIGURATION ? " of " + offer.client().label() : "") + " has room for one");
        }
        if ((this == CURL || this == SING_BOX) && gateways.stream().anyMatch(each -> each.way() == Way.SOCKS5_TLS)) {
            faults.add("gateway: " + label + " speaks no SOCKS over TLS");
        }
        if (this == DOH && gateways.stream().anyMatch(each -> each.way() != Way.HTTPS)) {
            faults.add("gateway: names are asked by HTTPS, must be a listener with doh-path, or https://HOST:PORT");
        }
        if (this == WIREGUARD) {
            if (offer.peerKey().filter(TunnelKeys::valid).isEmpty()) {
                faults.add("peer-key: is "
                        + offer.peerKey().map(key -> "'" + key + "'").orElse("missing")
                        + ", must be the public key of the gateway's side as wg prints it");
            }
        }
        return faults;
    }

    /** What of a device it cannot hold. */
    public List<String> faults(Enrollee who) {
        List<String> faults = new ArrayList<>();
        if ((this == CURL || this == DOH) && who.apps().size() > 1) {
            faults.add("app: a " + label + " file speaks for one app, not "
                    + who.apps().size());
        }
        if (this == WIREGUARD && who.addresses().isEmpty()) {
            faults.add("address: is missing, must be the device's inside the tunnel");
        }
        return faults;
    }

    private boolean several(VpnClient client) {
        return switch (this) {
            case SING_BOX, MIHOMO -> true;
            case CURL, DOH, WIREGUARD -> false;
            case MANAGED_CONFIGURATION -> client != VpnClient.ANYCONNECT;
        };
    }
}

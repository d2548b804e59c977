package io.postern.gateway.enrolment;

import java.util.Arrays;
import java.util.Optional;

/** VPN clients that an Android management service can set up, by their package. */
public enum VpnClient {
    STRONGSWAN("strongswan", "org.strongswan.android"),
    OPENVPN("openvpn", "de.blinkt.openvpn"),
    ANYCONNECT("anyconnect", "com.cisco.anyconnect.vpn.android.avf"),
    WIREGUARD("wireguard", "com.wireguard.android"),
    SING_BOX("sing-box", "io.nekohasekai.sfa");

    private final String label;
    private final String pkg;

    VpnClient(String label, String pkg) {
        this.label = label;
        this.pkg = pkg;
    }

    public static Optional<VpnClient> of(String label) {
        return Arrays.stream(values()).filter(each -> each.label.equals(label)).findFirst();
    }

    public String label() {
        return label;
    }

    String pkg() {
        return pkg;
    }

    /** Whether its managed configuration says where to connect; the others take a profile of their own. */
    boolean configured() {
        return this == STRONGSWAN || this == OPENVPN || this == ANYCONNECT;
    }
}

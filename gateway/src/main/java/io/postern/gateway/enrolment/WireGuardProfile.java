package io.postern.gateway.enrolment;

import java.util.List;
import java.util.stream.Collectors;

/**
 * A profile in the format of wg-quick(8) with a fresh key, and behind it, as comments, what the gateway's side must know
 * of it. {@code IncludedApplications} is WireGuard for Android's own; it is there only where packages are named, and
 * wg-quick elsewhere refuses it.
 *
 * <p>No tag travels in it: the tunnel's address says which device it is, and which app only where one app alone is in
 * the tunnel.
 */
final class WireGuardProfile {

    /** Below the time routers forget a UDP mapping after; the value of wg(8)'s manual. */
    private static final int KEEPALIVE_SECONDS = 25;

    /** The peer's key admits nobody else to its addresses. */
    private static final String PROOF = "tunnel-key";

    private WireGuardProfile() {}

    static String of(Enrolment enrolment) {
        Enrollee who = enrolment.who();
        Enrolment.Offer offer = enrolment.offer();
        TunnelKeys keys = TunnelKeys.generate();
        String addresses =
                who.addresses().stream().map(WireGuardProfile::prefix).collect(Collectors.joining(", "));
        StringBuilder file = new StringBuilder();
        file.append("# ").append(who.device()).append(", profile ").append(who.profile());
        file.append(". Holds a private key.\n[Interface]\n");
        line(file, "PrivateKey", keys.privateKey());
        line(file, "Address", addresses);
        if (!offer.nameServers().isEmpty()) {
            line(file, "DNS", String.join(", ", offer.nameServers()));
        }
        List<String> packages = who.packages();
        if (!packages.isEmpty() && !who.wholeProfile()) {
            line(file, "IncludedApplications", String.join(", ", packages));
        }
        file.append("\n[Peer]\n");
        line(file, "PublicKey", offer.peerKey().orElseThrow());
        line(file, "Endpoint", offer.gateways().get(0).authority());
        line(file, "AllowedIPs", "0.0.0.0/0, ::/0");
        line(file, "PersistentKeepalive", Integer.toString(KEEPALIVE_SECONDS));
        file.append("\n# The gateway's side:\n");
        for (String peer : List.of("[Peer]", "PublicKey = " + keys.publicKey(), "AllowedIPs = " + addresses)) {
            file.append("# ").append(peer).append('\n');
        }
        file.append("# In identity.addresses-file:\n");
        String app = packages.size() == 1 && !who.wholeProfile() ? packages.get(0) : Enrolment.DEVICE_ITSELF;
        for (String address : who.addresses()) {
            file.append("# ").append(String.join(",", address, who.device(), who.profile(), app, PROOF));
            file.append('\n');
        }
        return file.toString();
    }

    private static String prefix(String address) {
        return address + (address.contains(":") ? "/128" : "/32");
    }

    private static void line(StringBuilder file, String key, String value) {
        file.append(key).append(" = ").append(value).append('\n');
    }
}

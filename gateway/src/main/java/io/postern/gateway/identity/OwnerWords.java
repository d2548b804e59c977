package io.postern.gateway.identity;

import io.postern.analytics.flow.AppTag;
import io.postern.analytics.flow.DeviceAssurance;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Whose an inner address shall be, in words that may be wrong.
 *
 * @param device an id, or a path that ends with it
 * @param app {@code -} unless one app only is in the tunnel, or several of one UID, with {@code +} between
 * @param proof {@code tunnel-key} where a key of the device's own admits nobody else to the address (WireGuard), {@code
 *     address} where something less does
 */
public record OwnerWords(String device, String profile, String app, String proof) {

    /** What is meant when nothing is said. */
    public static final String PROOF = DeviceAssurance.ADDRESS.label();

    private static final List<DeviceAssurance> PROOFS = List.of(DeviceAssurance.TUNNEL_KEY, DeviceAssurance.ADDRESS);

    public OwnerWords {
        device = DeviceId.of(device);
    }

    public static OwnerWords of(AppTag tag) {
        return new OwnerWords(
                tag.device(), tag.profile(), tag.app(), tag.deviceAssurance().label());
    }

    /** What is wrong, by the part that is. */
    public Map<String, String> faults() {
        Map<String, String> faults = new LinkedHashMap<>();
        if (assurance().isEmpty()) {
            faults.put("proof", "'" + proof + "' is not a proof, must be tunnel-key or address");
        }
        if (!CompactTag.DEVICE.matcher(device).matches() || device.equals(AppTag.NOBODY)) {
            faults.put("device", "'" + device + "' is not a device id");
        }
        if (!CompactTag.PROFILE.matcher(profile).matches()) {
            faults.put("profile", "'" + profile + "' is not a profile");
        }
        if (packages().isEmpty()) {
            faults.put("app", "'" + app + "' is not a package, " + Packages.RULE);
        }
        return faults;
    }

    /** @throws java.util.NoSuchElementException when there are {@link #faults} */
    public AppTag tag() {
        String apps = packages().orElseThrow();
        return new AppTag(device, profile, apps, assurance().orElseThrow(), Packages.assurance(apps));
    }

    private Optional<String> packages() {
        return Packages.app(List.of(app.split("\\" + AppTag.AND, -1)));
    }

    private Optional<DeviceAssurance> assurance() {
        return PROOFS.stream().filter(known -> known.label().equals(proof)).findFirst();
    }
}

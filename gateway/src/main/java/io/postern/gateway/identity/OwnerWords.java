package io.postern.gateway.identity;

import io.postern.analytics.flow.AppAssurance;
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
 * @param app {@code -} unless one app only is in the tunnel
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
        if (!CompactTag.DEVICE.matcher(device).matches()) {
            faults.put("device", "'" + device + "' is not a device id");
        }
        if (!CompactTag.PROFILE.matcher(profile).matches()) {
            faults.put("profile", "'" + profile + "' is not a profile");
        }
        if (!CompactTag.APP.matcher(app).matches()) {
            faults.put("app", "'" + app + "' is not a package, must be one or -");
        }
        return faults;
    }

    /** @throws java.util.NoSuchElementException when there are {@link #faults} */
    public AppTag tag() {
        AppAssurance word = app.equals(AppTag.NOBODY) ? AppAssurance.NONE : AppAssurance.DEVICE_ASSERTED;
        return new AppTag(device, profile, app, assurance().orElseThrow(), word);
    }

    private Optional<DeviceAssurance> assurance() {
        return PROOFS.stream().filter(known -> known.label().equals(proof)).findFirst();
    }
}

package io.postern.gateway.enrolment;

import io.postern.config.grammar.Addresses;
import io.postern.gateway.identity.CompactTag;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.regex.Pattern;

/**
 * A device's profile and the apps that are to speak for themselves there.
 *
 * @param apps packages, each once, in the order asked for
 * @param addresses of the device inside its tunnel, one of a family at most; WireGuard only
 */
public record Enrollee(String device, String profile, List<String> apps, List<String> addresses) {

    /** What is meant where no profile is said. */
    public static final String PROFILE = "work";

    public Enrollee {
        apps = List.copyOf(new LinkedHashSet<>(apps));
        addresses = List.copyOf(addresses);
    }

    /**
     * What is wrong with it, each fault with the name of its part first.
     *
     * @param keyId that of the key which is to sign: it takes room in the tag
     */
    public List<String> faults(String keyId) {
        List<String> faults = new ArrayList<>();
        expect(
                faults,
                "device",
                device,
                CompactTag.DEVICE,
                "a device id, must be 1–64 of A-Z a-z 0-9 _ - and not - alone");
        expect(faults, "profile", profile, CompactTag.PROFILE, "a profile, must be 1–16 of A-Z a-z 0-9 -");
        if (apps.isEmpty()) {
            faults.add("app: there is none, must be a package or -");
        }
        int most = CompactTag.mostPackage(keyId);
        for (String app : apps) {
            expect(faults, "app", app, CompactTag.APP, "a package, must be such as com.acme.mail or -");
            if (app.length() > most) {
                faults.add("app: '" + app + "' has " + app.length() + " characters, a tag has room for " + most);
            }
        }
        addresses.stream()
                .filter(text -> Addresses.address(text).isEmpty())
                .forEach(text -> faults.add("address: '" + text + "' is not an IP address"));
        if (addresses.stream().filter(text -> text.contains(":")).count() > 1
                || addresses.stream().filter(text -> !text.contains(":")).count() > 1) {
            faults.add("address: there are several of a family, must be one IPv4, one IPv6 or both");
        }
        return faults;
    }

    private static void expect(List<String> faults, String part, String value, Pattern grammar, String what) {
        if (!grammar.matcher(value).matches()) {
            faults.add(part + ": '" + value + "' is not " + what);
        }
    }

    /** The packages without {@link Enrolment#DEVICE_ITSELF}. */
    List<String> packages() {
        return apps.stream().filter(app -> !app.equals(Enrolment.DEVICE_ITSELF)).toList();
    }

    /** Whether what is none of {@link #packages} belongs into the tunnel too. */
    boolean wholeProfile() {
        return apps.contains(Enrolment.DEVICE_ITSELF);
    }
}

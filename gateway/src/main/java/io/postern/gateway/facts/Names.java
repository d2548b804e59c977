package io.postern.gateway.facts;

import io.postern.gateway.identity.CompactTag;
import io.postern.gateway.identity.DeviceId;
import java.util.Optional;

/** What devices, profiles and apps are called, by the grammar of tags. */
final class Names {

    /** Where a source does not tell it. */
    static final String PROFILE = "work";

    private static final int LONGEST_APP = 255;

    private Names() {}

    /** By its id, or by a path that ends with it. */
    static Optional<String> device(String name) {
        return Optional.of(DeviceId.of(name)).filter(CompactTag.DEVICE.asMatchPredicate());
    }

    static boolean profile(String name) {
        return CompactTag.PROFILE.matcher(name).matches();
    }

    static boolean app(String name) {
        return name.length() <= LONGEST_APP
                && !name.equals("-")
                && CompactTag.APP.matcher(name).matches();
    }

    /** A source's own id of an event: printable, and no space. */
    static boolean event(String id) {
        return !id.isEmpty() && id.length() <= 128 && id.chars().allMatch(letter -> letter > ' ' && letter < 127);
    }

    /** One part of a JSON pointer (RFC 6901 section 3). */
    static String escaped(String part) {
        return part.replace("~", "~0").replace("/", "~1");
    }
}

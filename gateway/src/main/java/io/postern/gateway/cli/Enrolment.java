package io.postern.gateway.cli;

import io.postern.gateway.identity.CompactTag;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What a client profile is made of.
 *
 * @param tags by package, in the order asked for, {@link #DEVICE_ITSELF} last unless it was asked for
 * @param first the first package asked for
 * @param until when the tags expire
 * @param ca the file of certificates as named
 * @param certificates its lines, empty without a file
 */
record Enrolment(
        Map<String, CompactTag> tags,
        String first,
        GatewayAddress gateway,
        Instant until,
        Optional<Path> ca,
        List<String> certificates) {

    /** The package of a tag that says only which device speaks. */
    static final String DEVICE_ITSELF = "-";

    CompactTag tag(String app) {
        return Optional.ofNullable(tags.get(app)).orElseThrow();
    }
}

package io.postern.gateway.admin;

import io.postern.config.document.Reading;
import io.postern.gateway.identity.CompactTag;
import java.util.Optional;
import java.util.Set;

/** The body of {@code POST /v1/devices/forget}. */
record ForgetBody(String device, String reason) {

    static Reading<ForgetBody> read(byte[] body) {
        return BodyMembers.read(body, Set.of("device", "reason"), members -> {
            String device = members.text("device").orElse("");
            if (!CompactTag.DEVICE.matcher(device).matches()) {
                members.wrong("device", "must be a device id or a pseudonym: 1 to 64 of A-Z a-z 0-9 _ and -");
            }
            return Optional.of(new ForgetBody(device, members.reason()));
        });
    }
}

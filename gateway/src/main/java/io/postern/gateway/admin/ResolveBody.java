package io.postern.gateway.admin;

import io.postern.config.document.Reading;
import io.postern.gateway.privacy.Pseudonyms;
import java.util.Optional;
import java.util.Set;

/** The body of {@code POST /v1/devices/resolve}. */
record ResolveBody(String pseudonym, String reason) {

    static Reading<ResolveBody> read(byte[] body) {
        return BodyMembers.read(body, Set.of("pseudonym", "reason"), members -> {
            String pseudonym = members.text("pseudonym").orElse("");
            if (!Pseudonyms.is(pseudonym)) {
                members.wrong("pseudonym", "must be pd- and 32 hexadecimal digits, as records have it");
            }
            return Optional.of(new ResolveBody(pseudonym, members.reason()));
        });
    }
}

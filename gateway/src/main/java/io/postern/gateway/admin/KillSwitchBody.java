package io.postern.gateway.admin;

import io.postern.config.document.Reading;
import java.util.Optional;
import java.util.Set;

/** The body of {@code PUT /v1/kill-switch}. */
public record KillSwitchBody(boolean on, String reason) {

    private static final Set<String> MEMBERS = Set.of("on", "reason");

    static Reading<KillSwitchBody> read(byte[] body) {
        return BodyMembers.read(body, MEMBERS, members -> {
            Optional<Boolean> on = members.flag("on");
            if (on.isEmpty()) {
                members.wrong("on", "must be true or false");
            }
            String reason = members.reason();
            return on.map(wanted -> new KillSwitchBody(wanted, reason));
        });
    }
}

package io.postern.gateway.rules;

import io.postern.analytics.flow.AppTag;
import java.util.Optional;
import java.util.Set;

/**
 * Which ports may be dialled at all (facts of egress, E5). A tagged app may use any port but 25: odd ports are for the
 * analytics to judge, unsolicited mail is not. Whoever brings no tag gets the ports every device needs.
 */
final class PortPolicy {

    private static final int SMTP = 25;
    private static final Set<Integer> UNATTRIBUTED =
            Set.of(80, 443, 465, 587, 853, 993, 5222, 5223, 5224, 5225, 5226, 5227, 5228);

    private PortPolicy() {}

    /** The reason a port is refused; empty when it may be dialled. */
    static Optional<String> refusal(AppTag tag, int port) {
        if (port == SMTP) {
            return Optional.of("port:25");
        }
        return tag.attributed() || UNATTRIBUTED.contains(port) ? Optional.empty() : Optional.of("port:unattributed");
    }
}

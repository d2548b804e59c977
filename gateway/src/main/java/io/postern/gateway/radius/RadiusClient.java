package io.postern.gateway.radius;

import io.postern.wire.ip.Prefix;
import java.net.InetAddress;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** One that may tell of sessions, and what it was answered last. For one thread. */
final class RadiusClient {

    /** Answers kept for requests that come again; the oldest goes first. */
    private static final int ANSWERS = 4_096;

    private final RadiusSecret secret;
    private final List<Prefix> networks;
    private final Map<Request, byte[]> answers = new LinkedHashMap<>() {
        @Override
        protected boolean removeEldestEntry(Map.Entry<Request, byte[]> eldest) {
            return size() > ANSWERS;
        }
    };
    private int sessions;

    /**
     * One request; what comes again is the same in all of it, RFC 5080 section 2.2.2. That it is authentic is known, so
     * the authenticator stands for all its bytes.
     */
    record Request(InetAddress from, int port, int identifier, String authenticator) {}

    /** @param networks that it may speak for; none: for all */
    RadiusClient(RadiusSecret secret, List<Prefix> networks) {
        this.secret = secret;
        this.networks = List.copyOf(networks);
    }

    RadiusSecret secret() {
        return secret;
    }

    boolean speaksFor(Prefix prefix) {
        return networks.isEmpty()
                || networks.stream()
                        .anyMatch(network -> network.length() <= prefix.length() && network.contains(prefix.address()));
    }

    Optional<byte[]> answered(Request request) {
        return Optional.ofNullable(answers.get(request));
    }

    void answered(Request request, byte[] answer) {
        answers.put(request, answer);
    }

    int sessions() {
        return sessions;
    }

    void sessions(int change) {
        sessions += change;
    }
}

package io.postern.gateway.radius;

import io.postern.wire.ip.Prefix;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** One that may tell of sessions, and what it was answered last. For one thread. */
final class RadiusClient {

    /** Answers kept for requests that come again; the oldest goes first. */
    private static final int ANSWERS = 4_096;

    private final String name;
    private final RadiusSecret secret;
    private final List<Prefix> networks;
    private final Map<String, byte[]> answers = new LinkedHashMap<>() {
        @Override
        protected boolean removeEldestEntry(Map.Entry<String, byte[]> eldest) {
            return size() > ANSWERS;
        }
    };
    private int sessions;

    /** @param networks that it may speak for; none: for all */
    RadiusClient(String name, RadiusSecret secret, List<Prefix> networks) {
        this.name = name;
        this.secret = secret;
        this.networks = List.copyOf(networks);
    }

    /** In the settings. */
    String name() {
        return name;
    }

    RadiusSecret secret() {
        return secret;
    }

    boolean speaksFor(Prefix prefix) {
        return networks.isEmpty()
                || networks.stream()
                        .anyMatch(network -> network.length() <= prefix.length() && network.contains(prefix.address()));
    }

    /**
     * RFC 5080 section 2.2.2 asks for the source address and port too, but whoever recorded a request chooses those.
     *
     * @param authenticator of a request that is authentic, so that it stands for all its bytes
     */
    Optional<byte[]> answered(String authenticator) {
        return Optional.ofNullable(answers.get(authenticator));
    }

    void answered(String authenticator, byte[] answer) {
        answers.put(authenticator, answer);
    }

    int sessions() {
        return sessions;
    }

    void sessions(int change) {
        sessions += change;
    }
}

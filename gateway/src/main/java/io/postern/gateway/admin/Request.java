package io.postern.gateway.admin;

import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpMethod;
import io.postern.config.AdminRole;
import io.postern.gateway.access.Actor;
import java.net.InetAddress;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A request that was let in.
 *
 * @param id names it in its answer, the log and the audit log
 * @param tail what the path names beyond that, decoded
 * @param query each parameter once
 * @param peer where it came from
 * @param actor who sent it; present where the route asks for a role
 */
@SuppressWarnings("ArrayRecordComponent") // Nobody compares requests, and a body is handed on as it came.
record Request(
        String id,
        HttpMethod method,
        String path,
        String tail,
        Map<String, String> query,
        HttpHeaders headers,
        byte[] body,
        InetAddress peer,
        Optional<Actor> actor) {

    /** A parameter that is there or not, {@code ?dry-run}; empty when it is neither true nor false. */
    Optional<Boolean> flag(String parameter) {
        return switch (query.getOrDefault(parameter, "false")) {
            case "", "true" -> Optional.of(true);
            case "false" -> Optional.of(false);
            default -> Optional.empty();
        };
    }

    List<String> accept() {
        return headers.getAll("accept");
    }

    /** Whether whoever asks may do what is for this role. */
    boolean covers(AdminRole role) {
        return actor.filter(one -> one.role().covers(role)).isPresent();
    }

    Sender sender() {
        return new Sender(actor.orElseThrow(), peer, id);
    }
}

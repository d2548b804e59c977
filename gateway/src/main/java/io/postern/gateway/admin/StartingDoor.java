package io.postern.gateway.admin;

import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.postern.gateway.http.Answer;
import io.postern.gateway.http.Door;
import io.postern.gateway.http.Refused;
import java.util.Optional;

/** Says that the gateway is alive and not ready, and nothing else, until there is the door that it leads to. */
final class StartingDoor implements Door {

    private static final Answer STARTING = Answer.problem(
                    HttpResponseStatus.SERVICE_UNAVAILABLE, "the gateway is starting")
            .with("retry-after", "1");

    private final Gate health;
    private volatile Optional<Gate> whole = Optional.empty();

    StartingDoor(Hosts hosts) {
        Health starting = new Health().ready("starting", () -> false);
        health = new Gate(Routes.health(starting), hosts, Optional.empty());
    }

    void open(Gate gate) {
        whole = Optional.of(gate);
    }

    @Override
    public int maxBody() {
        return Gate.MAX_BODY;
    }

    @Override
    public Admitted admit(HttpRequest request, Peer peer, String id) throws Refused {
        Optional<Gate> gate = whole;
        if (gate.isPresent()) {
            return gate.get().admit(request, peer, id);
        }
        try {
            return health.admit(request, peer, id);
        } catch (Refused refused) {
            throw refused.answer().status().equals(HttpResponseStatus.NOT_FOUND) ? new Refused(STARTING) : refused;
        }
    }
}

package io.postern.gateway.ingress;

import java.util.function.Consumer;

/** Who counts what happens before there is a flow. */
public record IngressEvents(Consumer<ClientError> clientErrors, Consumer<OverloadAction> overloads) {

    public void clientError(ClientError error) {
        clientErrors.accept(error);
    }

    /** Refused for want of room. */
    public void overloaded(OverloadAction action) {
        overloads.accept(action);
    }
}

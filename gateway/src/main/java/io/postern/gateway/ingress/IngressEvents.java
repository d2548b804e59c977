package io.postern.gateway.ingress;

/** What ingress counts. */
public interface IngressEvents {

    void clientError(ClientError error);

    /** Refused for want of room. */
    void overloaded(String action);
}

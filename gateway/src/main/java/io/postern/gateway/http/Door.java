package io.postern.gateway.http;

import io.netty.handler.codec.http.HttpRequest;
import java.net.InetAddress;
import java.security.cert.X509Certificate;
import java.util.Optional;
import java.util.concurrent.CompletionStage;

/** Lets requests in, by their head, or says why not. Called on the server's event loop, which it must not block. */
public interface Door {

    /** Who is at the other end. */
    record Peer(InetAddress address, Optional<X509Certificate> certificate) {}

    /** What was let in, and waits for its body. */
    interface Admitted {

        /** @param body whole; empty where there is none */
        CompletionStage<? extends Reply> answer(byte[] body);

        /** The name of whom it is from; empty where that is not to be known, or only by the body. */
        default Optional<String> whose() {
            return Optional.empty();
        }
    }

    /** @param id of the request: names it in its answer and in logs */
    Admitted admit(HttpRequest request, Peer peer, String id) throws Refused;

    /** Of a body, in bytes. */
    int maxBody();
}

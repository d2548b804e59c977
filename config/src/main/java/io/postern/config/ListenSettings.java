package io.postern.config;

import java.nio.file.Path;
import java.util.Optional;

/** One way in. */
public record ListenSettings(String name, Ingress type, Bind bind, Optional<Tls> tls, boolean allowUnauthenticated) {

    /** What a listener speaks; the label is the {@code ingress} of metrics and records. */
    public enum Ingress {
        HTTP_CONNECT("http-connect");

        private final String label;

        Ingress(String label) {
            this.label = label;
        }

        public String label() {
            return label;
        }
    }

    /** TLS towards the client. */
    public record Tls(Path certificate, Path key, Optional<Path> clientCa, ClientAuth clientAuth) {}

    /** Whether a client must show a certificate. */
    public enum ClientAuth {
        NONE,
        OPTIONAL,
        REQUIRE
    }
}

package io.postern.gateway.dns.secure;

import io.postern.dns.forward.Server;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** What both versions of HTTP say, RFC 8484. */
final class Doh {

    static final String MESSAGE = "application/dns-message";
    private static final int USUAL_PORT = 443;

    private Doh() {}

    static String authority(Server server) {
        String host = server.host().contains(":") ? "[" + server.host() + "]" : server.host();
        int port = server.address().getPort();
        return port == USUAL_PORT ? host : host + ":" + port;
    }

    static boolean isMessage(@Nullable CharSequence type) {
        return type != null
                && type.toString()
                        .split(";", 2)[0]
                        .strip()
                        .toLowerCase(Locale.ROOT)
                        .equals(MESSAGE);
    }
}

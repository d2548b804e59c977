package io.postern.dns.forward;

import java.net.InetSocketAddress;

/**
 * A server and how it is asked.
 *
 * @param host whose certificate it must show, as a name or an address; empty of one that shows none
 * @param path of {@link Carriage#HTTPS} only
 */
public record Server(InetSocketAddress address, Carriage carriage, String host, String path) {

    /** What questions travel in. */
    public enum Carriage {
        /** By UDP, by TCP where that is not enough. */
        PLAIN,
        /** RFC 7858. */
        TLS,
        /** RFC 8484. */
        HTTPS
    }

    /** One that is asked by UDP and TCP. */
    public static Server plain(InetSocketAddress address) {
        return new Server(address, Carriage.PLAIN, "", "");
    }

    boolean secure() {
        return carriage != Carriage.PLAIN;
    }

    /** As settings write it, for the log. */
    @Override
    public String toString() {
        return switch (carriage) {
            case PLAIN -> address.toString();
            case TLS -> "tls://" + host + ":" + address.getPort();
            case HTTPS -> "https://" + host + ":" + address.getPort() + path;
        };
    }
}

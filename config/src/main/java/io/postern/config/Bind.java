package io.postern.config;

import java.net.InetAddress;
import java.net.InetSocketAddress;

/** An address literal and a port to listen on; port 0 asks the system for one. */
public record Bind(InetAddress address, int port) {

    public InetSocketAddress socketAddress() {
        return new InetSocketAddress(address, port);
    }

    public boolean loopback() {
        return address.isLoopbackAddress();
    }
}

package io.postern.gateway.cli;

import java.security.KeyManagementException;
import java.security.SecureRandom;
import javax.net.ssl.KeyManager;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLContextSpi;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLServerSocketFactory;
import javax.net.ssl.SSLSessionContext;
import javax.net.ssl.SSLSocketFactory;
import javax.net.ssl.TrustManager;

/**
 * The TLS of a client that reaches a server by an address that is not in its certificate, as behind a forwarded port: the
 * certificate must have this name, and no other will do. The JDK's HTTP client compares with the engine's peer where it
 * connects to an address, for which it names no server.
 */
final class ServerName extends SSLContextSpi {

    private final SSLContext to;
    private final String name;

    private ServerName(SSLContext to, String name) {
        this.to = to;
        this.name = name;
    }

    static SSLContext of(SSLContext to, String name) {
        return new Named(to, name);
    }

    private static final class Named extends SSLContext {
        Named(SSLContext to, String name) {
            super(new ServerName(to, name), to.getProvider(), to.getProtocol());
        }
    }

    @Override
    protected SSLEngine engineCreateSSLEngine(String host, int port) {
        return to.createSSLEngine(name, port);
    }

    @Override
    protected SSLEngine engineCreateSSLEngine() {
        return to.createSSLEngine();
    }

    @Override
    protected SSLParameters engineGetDefaultSSLParameters() {
        return to.getDefaultSSLParameters();
    }

    @Override
    protected SSLParameters engineGetSupportedSSLParameters() {
        return to.getSupportedSSLParameters();
    }

    @Override
    protected SSLSocketFactory engineGetSocketFactory() {
        return to.getSocketFactory();
    }

    @Override
    protected SSLServerSocketFactory engineGetServerSocketFactory() {
        return to.getServerSocketFactory();
    }

    @Override
    protected SSLSessionContext engineGetServerSessionContext() {
        return to.getServerSessionContext();
    }

    @Override
    protected SSLSessionContext engineGetClientSessionContext() {
        return to.getClientSessionContext();
    }

    @Override
    protected void engineInit(KeyManager[] keys, TrustManager[] trusted, SecureRandom random)
            throws KeyManagementException {
        to.init(keys, trusted, random);
    }
}

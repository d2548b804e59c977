package io.postern.tls;

import io.postern.tls.fingerprint.Ja3;
import io.postern.tls.hello.ClientHello;
import io.postern.tls.hello.ServerHello;
import io.postern.tls.hello.ServerName;
import io.postern.tls.hello.Ssl2Hello;
import io.postern.tls.quic.QuicListener;
import io.postern.tls.quic.QuicVersions;
import io.postern.tls.watch.Side;
import java.util.ArrayList;
import java.util.List;

/** Writes down what it hears, one line each. */
public final class Heard implements QuicListener {

    public final List<String> lines = new ArrayList<>();
    public final List<ClientHello> clientHellos = new ArrayList<>();
    public final List<ServerHello> serverHellos = new ArrayList<>();
    public final List<byte[]> certificates = new ArrayList<>();

    @Override
    public void clientHello(ClientHello hello) {
        clientHellos.add(hello);
        String name = hello.serverName().map(ServerName::text).orElse("-");
        lines.add("client hello " + name + " " + new Ja3().hash(hello));
    }

    @Override
    public void oldHello(Ssl2Hello hello) {
        lines.add("old hello " + hello.highestVersion());
    }

    @Override
    public void serverHello(ServerHello hello) {
        serverHellos.add(hello);
        lines.add((hello.retry() ? "retry request " : "server hello ") + hello.version());
    }

    @Override
    public void certificate(byte[] der, int chain) {
        certificates.add(der);
        lines.add("certificate 1 of " + chain);
    }

    @Override
    public void applicationData(Side by) {
        lines.add("data of " + by);
    }

    @Override
    public void alert(Side by, int level, int description) {
        lines.add("alert of " + by + " " + level + " " + description);
    }

    @Override
    public void malformed(Side by, String rule) {
        lines.add("malformed " + by + ": " + rule);
    }

    @Override
    public void recognised(int version, Evidence evidence) {
        lines.add(QuicVersions.name(version) + " by " + evidence);
    }

    @Override
    public void versionNegotiation() {
        lines.add("version negotiation");
    }

    @Override
    public void retry() {
        lines.add("retry");
    }

    @Override
    public void closed(Side by, long code) {
        lines.add("closed by " + by + " " + code);
    }
}

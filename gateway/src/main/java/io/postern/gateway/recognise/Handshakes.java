package io.postern.gateway.recognise;

import io.postern.gateway.flows.Learner;
import io.postern.gateway.records.Spoken;
import io.postern.gateway.records.TlsFacts;
import io.postern.tls.fingerprint.Ja4;
import io.postern.tls.hello.ClientHello;
import io.postern.tls.hello.ServerHello;
import io.postern.tls.hello.Ssl2Hello;
import io.postern.tls.quic.QuicListener;
import java.util.concurrent.Executor;

/** Tells one flow what its handshake shows, over whatever carries it. */
class Handshakes implements QuicListener {

    static final Certificates CERTIFICATES = new Certificates();

    private final Learner flow;
    private final Ja4.Transport transport;
    private final Executor certificates;
    private boolean known;
    private boolean begun;

    /**
     * @param certificates where certificates are read, which takes too long for an event loop; never throws
     * @param known whether the flow has been told the first hello
     */
    Handshakes(Learner flow, Ja4.Transport transport, Executor certificates, boolean known) {
        this.flow = flow;
        this.transport = transport;
        this.certificates = certificates;
        this.known = known;
    }

    @Override
    public void clientHello(ClientHello hello) {
        if (known) {
            known = false;
            begun = true;
        } else {
            TlsFacts.Hello said = HelloFacts.of(hello, transport);
            // Of another handshake than one before, behind which it would hide.
            learnt(begun ? facts().with(said) : TlsFacts.of(said));
            begun = true;
        }
    }

    @Override
    public void oldHello(Ssl2Hello hello) {
        if (known) {
            known = false;
        } else {
            learnt(facts().with(HelloFacts.of(hello)));
        }
    }

    @Override
    public void serverHello(ServerHello hello) {
        if (!hello.retry()) {
            learnt(facts().with(HelloFacts.of(hello)));
        }
    }

    @Override
    public void certificate(byte[] der, int chain) {
        certificates.execute(() ->
                CERTIFICATES.read(der).ifPresent(certificate -> flow.later(() -> learnt(facts().with(certificate)))));
    }

    private TlsFacts facts() {
        return flow.recognised().tls().orElse(TlsFacts.NONE);
    }

    private void learnt(TlsFacts more) {
        Spoken spoken = flow.recognised().spoken();
        flow.learnt(flow.recognised().saying(spoken.with(more)));
    }
}

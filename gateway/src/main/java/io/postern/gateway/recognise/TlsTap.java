package io.postern.gateway.recognise;

import io.postern.tls.stream.TlsWatch;
import io.postern.tls.watch.Side;
import java.nio.ByteBuffer;

/** Tells a flow what its TLS handshake shows, whether it is the flow's own protocol or one that it turned to. */
final class TlsTap implements Tap {

    private final TlsWatch watch;

    /** @param watch made of what this tells: {@link Handshakes} */
    TlsTap(TlsWatch watch) {
        this.watch = watch;
    }

    @Override
    public void fromClient(ByteBuffer bytes) {
        watch.feed(Side.CLIENT, bytes);
    }

    @Override
    public void fromServer(ByteBuffer bytes) {
        watch.feed(Side.SERVER, bytes);
    }

    @Override
    public void missed(Side by, int bytes) {
        watch.gap(by);
    }

    @Override
    public boolean over() {
        return !watch.wants(Side.CLIENT) && !watch.wants(Side.SERVER);
    }

    @Override
    public void close() {
        watch.close();
    }
}

package io.postern.gateway.recognise;

import io.postern.gateway.records.TlsFacts;
import io.postern.tls.fingerprint.Ja3;
import io.postern.tls.fingerprint.Ja4;
import io.postern.tls.hello.ClientHello;
import io.postern.tls.hello.ServerHello;
import io.postern.tls.hello.Ssl2Hello;
import java.util.List;
import java.util.Optional;

/** What is kept of a hello: it may itself be 64 KiB long, and its flow may live for days. */
final class HelloFacts {

    // One per thread: digests are not thread-safe, and making them anew costs more than the fingerprint.
    private static final ThreadLocal<Ja3> JA3 = ThreadLocal.withInitial(Ja3::new);
    private static final ThreadLocal<Ja4> JA4 = ThreadLocal.withInitial(Ja4::new);

    private HelloFacts() {}

    static TlsFacts.Hello of(ClientHello hello, Ja4.Transport transport) {
        return new TlsFacts.Hello(
                hello.serverName(),
                hello.highestVersion(),
                hello.alpn(),
                Optional.of(JA3.get().hash(hello)),
                Optional.of(JA4.get().of(hello, transport)),
                hello.encrypted(),
                hello.encryptedName(),
                hello.postQuantum());
    }

    static TlsFacts.Answer of(ServerHello hello) {
        return new TlsFacts.Answer(
                hello.version(),
                "0x" + Integer.toHexString(0x10000 | hello.cipherSuite()).substring(1),
                hello.alpn(),
                JA3.get().hash(hello));
    }

    static TlsFacts.Hello of(Ssl2Hello hello) {
        return new TlsFacts.Hello(
                Optional.empty(),
                hello.highestVersion(),
                List.of(),
                Optional.empty(),
                Optional.empty(),
                false,
                false,
                false);
    }
}

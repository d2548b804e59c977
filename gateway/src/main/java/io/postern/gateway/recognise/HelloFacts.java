package io.postern.gateway.recognise;

import io.postern.gateway.records.FlowRecord;
import io.postern.tls.fingerprint.Ja3;
import io.postern.tls.fingerprint.Ja4;
import io.postern.tls.hello.ClientHello;

/** What is kept of a ClientHello: it may itself be 64 KiB long, and its flow may live for days. */
final class HelloFacts {

    // One per thread: digests are not thread-safe, and making them anew costs more than the fingerprint.
    private static final ThreadLocal<Ja3> JA3 = ThreadLocal.withInitial(Ja3::new);
    private static final ThreadLocal<Ja4> JA4 = ThreadLocal.withInitial(Ja4::new);

    private HelloFacts() {}

    static FlowRecord.TlsFacts of(ClientHello hello) {
        return new FlowRecord.TlsFacts(
                hello.serverName(),
                hello.highestVersion(),
                hello.alpn(),
                JA3.get().hash(hello),
                JA4.get().of(hello, Ja4.Transport.TCP),
                hello.encrypted());
    }
}

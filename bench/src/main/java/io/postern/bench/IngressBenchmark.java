package io.postern.bench;

import io.postern.analytics.Evidence;
import io.postern.gateway.identity.AddressBook;
import io.postern.gateway.identity.ClientPrint;
import io.postern.gateway.identity.CompactTag;
import io.postern.gateway.identity.Credentials;
import io.postern.gateway.identity.Identities;
import io.postern.gateway.identity.Identity;
import io.postern.gateway.identity.InnerAddresses;
import io.postern.gateway.identity.Proof;
import io.postern.gateway.identity.Proofs;
import io.postern.gateway.identity.Revoked;
import io.postern.gateway.identity.TagKeyMaterial;
import io.postern.gateway.identity.TagVerifier;
import io.postern.gateway.identity.TagWatch;
import io.postern.wire.Parse;
import io.postern.wire.http.HttpLimits;
import io.postern.wire.http.RequestHead;
import io.postern.wire.http.RequestHeadParser;
import io.postern.wire.ip.Egress;
import io.postern.wire.ip.EgressRanges;
import io.postern.wire.ip.HostText;
import io.postern.wire.ip.OwnAddresses;
import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;

/** What comes before the dial: the CONNECT request's head, its tag, where it wants to go, and whether that may be. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class IngressBenchmark {

    private static final long IN_A_CENTURY = 4_900_000_000L;

    private final TagKeyMaterial key =
            new TagKeyMaterial("k1", "0123456789abcdef0123456789abcdef".getBytes(StandardCharsets.US_ASCII));
    private final CompactTag tag = CompactTag.sign(key, "acme", "LC01", "work", "com.acme.field", IN_A_CENTURY);
    private final TagVerifier verifier = new TagVerifier("acme", List.of(key));
    private final Identities identities = new Identities(
            new Proofs(verifier, Optional.empty()),
            Revoked.NOTHING,
            new AddressBook(InnerAddresses.NONE),
            new Identities.Terms(false, List.of()),
            Clock.systemUTC(),
            reason -> {});
    private final TagWatch watch = new TagWatch(Clock.systemUTC(), trait -> {});
    private final Proof.Authentic proof = (Proof.Authentic) verifier.verify(tag);
    private final ClientPrint print = new ClientPrint(0, 1, 2, 0);
    private final HostText host = HostText.of(Samples.HOST);
    private final RequestHeadParser heads = new RequestHeadParser(HttpLimits.DEFAULTS);
    private final ByteBuffer request = request();
    private final EgressRanges egress = new EgressRanges(List.of(), List.of(), OwnAddresses.NONE);

    /** A flow of a known tag from its one network, noted when it begins and when it ends. */
    @Benchmark
    public Optional<Evidence> tagWatched() {
        Optional<Evidence> evidence = watch.opened(proof, InetAddress.getLoopbackAddress(), print);
        watch.closed(proof, InetAddress.getLoopbackAddress());
        return evidence;
    }

    /** Bytes of a CONNECT request with its fields, as a direct buffer. */
    @Benchmark
    public RequestHead requestHead() {
        return ((Parse.Done<RequestHead>) heads.parse(request)).value();
    }

    /** A valid tag: its grammar and its HMAC-SHA256. */
    @Benchmark
    public Proof tag() {
        return verifier.verify(tag);
    }

    /** The same tag shown again, as each flow of an app does: looked up, its time and the revoked asked. */
    @Benchmark
    public Optional<Identity> tagShownAgain() {
        return identities.identify(new Credentials.Tag(tag), Optional.empty(), host, 443);
    }

    @Benchmark
    public HostText hostName() {
        return HostText.of(Samples.HOST);
    }

    /** An address as text, and whether the network's protection lets it be dialled. */
    @Benchmark
    public Egress addressAndEgress() {
        HostText.Literal literal = (HostText.Literal) HostText.of("198.18.7.9");
        return egress.judge(literal.address(), 443);
    }

    private ByteBuffer request() {
        String credentials = Base64.getEncoder()
                .encodeToString((tag.user() + ":" + tag.password()).getBytes(StandardCharsets.US_ASCII));
        byte[] bytes = ("CONNECT bench.example.com:443 HTTP/1.1\r\nHost: bench.example.com:443\r\n"
                        + "Proxy-Authorization: Basic " + credentials
                        + "\r\nUser-Agent: curl/7.88.1\r\nProxy-Connection: Keep-Alive\r\n\r\n")
                .getBytes(StandardCharsets.US_ASCII);
        return ByteBuffer.allocateDirect(bytes.length).put(bytes).flip();
    }
}

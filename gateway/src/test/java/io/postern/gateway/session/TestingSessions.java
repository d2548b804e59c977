package io.postern.gateway.session;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.netty.buffer.ByteBuf;
import io.netty.channel.IoEventLoop;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.epoll.EpollDatagramChannel;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.util.concurrent.Future;
import io.postern.config.Bind;
import io.postern.config.ListenSettings;
import io.postern.config.document.Reading;
import io.postern.config.policy.Policy;
import io.postern.config.policy.PolicyReader;
import io.postern.dns.resolve.Answer;
import io.postern.dns.resolve.HostsTable;
import io.postern.gateway.flows.Destination;
import io.postern.gateway.flows.Flows;
import io.postern.gateway.flows.LiveFlow;
import io.postern.gateway.flows.MemoryBudget;
import io.postern.gateway.flows.Shares;
import io.postern.gateway.flows.Witness;
import io.postern.gateway.identity.AddressBook;
import io.postern.gateway.identity.ClientPrint;
import io.postern.gateway.identity.Credentials;
import io.postern.gateway.identity.Identities;
import io.postern.gateway.identity.InnerAddresses;
import io.postern.gateway.identity.Proofs;
import io.postern.gateway.identity.Revoked;
import io.postern.gateway.identity.TagVerifier;
import io.postern.gateway.identity.TagWatch;
import io.postern.gateway.ingress.Caller;
import io.postern.gateway.ingress.Entrance;
import io.postern.gateway.ingress.IngressEvents;
import io.postern.gateway.judge.Verdicts;
import io.postern.gateway.meters.Meters;
import io.postern.gateway.meters.Scrape;
import io.postern.gateway.meters.ScrapeFormat;
import io.postern.gateway.open.Targets;
import io.postern.gateway.recognise.DatagramSniffers;
import io.postern.gateway.records.CloseReason;
import io.postern.gateway.rules.Judges;
import io.postern.gateway.rules.Rules;
import io.postern.wire.ip.EgressRanges;
import io.postern.wire.ip.HostText;
import io.postern.wire.ip.OwnAddresses;
import io.postern.wire.ip.Prefix;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;

/**
 * Sessions on a loop of their own, with nothing around them: real sockets on loopback, real policy. Every inner address
 * of 10.77.0.0/16 is LC01's, nobody knows any other.
 */
final class TestingSessions implements AutoCloseable {

    static final InetSocketAddress KNOWN = new InetSocketAddress("10.77.0.2", 40_000);
    static final InetSocketAddress STRANGER = new InetSocketAddress("10.78.0.2", 40_000);

    private static final int NEW_PER_SECOND = 1_000;

    /** Why flows have ended, in order. */
    final List<CloseReason> ended = new CopyOnWriteArrayList<>();
    /** Sockets that sessions have opened towards destinations, in order. */
    final List<Opened> opened = new CopyOnWriteArrayList<>();

    final MemoryBudget held = new MemoryBudget(1 << 20, () -> {});
    final IoEventLoop loop;
    final Judges judges;
    final Sessions sessions;
    final SessionTable<String> table;
    private final MultiThreadIoEventLoopGroup loops = new MultiThreadIoEventLoopGroup(1, EpollIoHandler.newFactory());
    private final Meters meters = new Meters();

    /** A session's socket, and whether its datagrams must stay whole. */
    static final class Opened implements FarSocket {

        final boolean whole;
        private final FarSocket socket;
        private volatile boolean closed;

        private Opened(FarSocket socket, boolean whole) {
            this.socket = socket;
            this.whole = whole;
        }

        @Override
        public boolean send(ByteBuf datagram) {
            return socket.send(datagram);
        }

        @Override
        public void flush() {
            socket.flush();
        }

        @Override
        public void close() {
            closed = true;
            socket.close();
        }
    }

    private TestingSessions(HostsTable hosts, Policy policy, FarSockets sockets, int newPerSecond) throws IOException {
        loop = loops.next();
        judges = new Judges(
                new EgressRanges(
                        List.of(Prefix.parse("127.0.0.0/8"), Prefix.parse("::1/128")), List.of(), OwnAddresses.NONE),
                new Rules(policy),
                Clock.systemUTC());
        sessions = new Sessions(
                new Sessions.Parts(
                        new Targets(
                                judges,
                                hosts,
                                name -> CompletableFuture.completedFuture(new Answer.NoSuchName()),
                                new Shares<>(10),
                                () -> {},
                                meters),
                        EpollDatagramChannel::new,
                        (loop, to, whole, receiver) -> {
                            Future<FarSocket> made = sockets.connect(loop, to, whole, receiver);
                            if (!made.isSuccess()) {
                                return made;
                            }
                            Opened socket = new Opened(made.getNow(), whole);
                            opened.add(socket);
                            return loop.newSucceededFuture(socket);
                        },
                        new DatagramSniffers(new MemoryBudget(1 << 20, () -> {}), Runnable::run),
                        new Verdicts(judges, meters),
                        held,
                        meters.datagramsDropped(DatagramDrop.class, DatagramDrop::label)),
                new Sessions.Times(
                        TimeUnit.SECONDS.toNanos(5), TimeUnit.MINUTES.toNanos(2), TimeUnit.SECONDS.toNanos(30)),
                new Sessions.Most(100, 4, newPerSecond));
        table = new SessionTable<>(sessions, entrance(), loop, 16);
    }

    private Entrance entrance() {
        InnerAddresses addresses = InnerAddresses.parse(
                        "addresses", "address,device,profile,app\n10.77.0.0/16,LC01,work,com.acme.mail\n")
                .value()
                .orElseThrow();
        return new Entrance(
                new ListenSettings(
                        "tunnel",
                        ListenSettings.Ingress.TRANSPARENT,
                        new Bind(InetAddress.getLoopbackAddress(), 0),
                        Optional.empty(),
                        true),
                new Flows(100, Clock.systemUTC(), new Witness() {
                    @Override
                    public void ended(LiveFlow flow) {
                        ended.add(flow.ended().orElseThrow());
                    }
                }),
                new Identities(
                        new Proofs(new TagVerifier("acme", List.of()), Optional.empty()),
                        Revoked.NOTHING,
                        new AddressBook(addresses),
                        new Identities.Terms(false, List.of()),
                        Clock.systemUTC(),
                        reason -> {}),
                new TagWatch(Clock.systemUTC(), trait -> {}),
                new IngressEvents(error -> {}, action -> {}));
    }

    static TestingSessions open() throws IOException {
        return open(sockets());
    }

    /** As the gateway's on Linux. */
    static FarSockets sockets() {
        return FarSockets.batched(EpollDatagramChannel::new);
    }

    static TestingSessions open(FarSockets sockets) throws IOException {
        return new TestingSessions(HostsTable.EMPTY, Policy.EMPTY, sockets, NEW_PER_SECOND);
    }

    static TestingSessions open(int newPerSecond) throws IOException {
        return new TestingSessions(HostsTable.EMPTY, Policy.EMPTY, sockets(), newPerSecond);
    }

    /**
     * @param hosts addresses of names, in the order to try
     * @param policy lines of a policy file
     */
    static TestingSessions open(Map<String, List<String>> hosts, Path dir, String policy, FarSockets sockets)
            throws IOException {
        Files.writeString(dir.resolve("policy.yaml"), policy);
        Reading<Policy> reading = PolicyReader.read(List.of("policy.yaml"), dir, Clock.systemUTC());
        assertThat(reading.problems()).isEmpty();
        return new TestingSessions(new HostsTable(hosts), reading.value().orElseThrow(), sockets, NEW_PER_SECOND);
    }

    /** What a session begins with. */
    static SessionTable.Beginning beginning(InetSocketAddress asker, String host, int port, Client client) {
        return new SessionTable.Beginning(
                new Caller(
                        asker, new Credentials.Inner(asker.getAddress()), Optional.empty(), () -> ClientPrint.NOTHING),
                new Destination(HostText.of(host), port),
                client);
    }

    /** Has the loop do it, and waits. */
    <T> T on(Callable<T> what) {
        try {
            return loop.submit(what).get(10, TimeUnit.SECONDS);
        } catch (Exception failed) {
            throw new AssertionError(failed);
        }
    }

    void onLoop(Runnable what) {
        on(() -> {
            what.run();
            return true;
        });
    }

    double dropped(DatagramDrop why) {
        return new Scrape(meters.scrape(ScrapeFormat.PROMETHEUS))
                .count("postern_datagrams_dropped_total{reason=\"" + why.label() + "\"}");
    }

    /** Nothing is left of any session. */
    void expectNothingLeft() {
        await().untilAsserted(() -> {
            assertThat(sessions.live()).isZero();
            assertThat(held.held()).isZero();
            assertThat(opened).allMatch(socket -> socket.closed);
        });
    }

    @Override
    public void close() {
        onLoop(() -> table.close(CloseReason.DRAIN));
        expectNothingLeft();
        loops.shutdownGracefully(0, 1, TimeUnit.SECONDS).awaitUninterruptibly();
        meters.close();
    }
}

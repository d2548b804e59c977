package io.postern.gateway.dns;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOutboundHandlerAdapter;
import io.netty.channel.DefaultEventLoop;
import io.netty.channel.WriteBufferWaterMark;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.channel.socket.DatagramPacket;
import io.postern.analytics.flow.AppTag;
import io.postern.config.Bind;
import io.postern.config.GatewaySettings;
import io.postern.config.ListenSettings;
import io.postern.config.SettingsReader;
import io.postern.config.document.Reading;
import io.postern.config.policy.Policy;
import io.postern.dns.forward.Carrier;
import io.postern.dns.forward.Inquiry;
import io.postern.dns.forward.Loss;
import io.postern.dns.forward.Resolver;
import io.postern.dns.forward.ResolverSettings;
import io.postern.dns.forward.Server;
import io.postern.dns.forward.Servers;
import io.postern.dns.limit.ResponseRate;
import io.postern.dns.memory.AnswerLog;
import io.postern.dns.memory.AnswerLogSettings;
import io.postern.dns.message.DnsHead;
import io.postern.dns.resolve.HostsTable;
import io.postern.gateway.e2e.TestingLog;
import io.postern.gateway.flows.Shares;
import io.postern.gateway.flows.Source;
import io.postern.gateway.identity.AddressBook;
import io.postern.gateway.identity.Identities;
import io.postern.gateway.identity.InnerAddresses;
import io.postern.gateway.identity.Proofs;
import io.postern.gateway.identity.Revoked;
import io.postern.gateway.identity.TagVerifier;
import io.postern.gateway.ingress.Sources;
import io.postern.gateway.meters.Meters;
import io.postern.gateway.meters.Scrape;
import io.postern.gateway.meters.ScrapeFormat;
import io.postern.gateway.rules.Decision;
import io.postern.gateway.rules.Judges;
import io.postern.gateway.rules.Rules;
import io.postern.wire.ip.EgressRanges;
import io.postern.wire.ip.OwnAddresses;
import io.postern.wire.ip.Prefix;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BiConsumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.xbill.DNS.DClass;
import org.xbill.DNS.Message;
import org.xbill.DNS.Name;
import org.xbill.DNS.Rcode;
import org.xbill.DNS.Record;
import org.xbill.DNS.SOARecord;
import org.xbill.DNS.Section;
import org.xbill.DNS.Type;

/** In which order a question's end is told, and that it has one when something of ours breaks. */
@Timeout(60)
class DnsDeskTest {

    private static final InetSocketAddress CLIENT = new InetSocketAddress(InetAddress.getLoopbackAddress(), 5_000);

    @TempDir
    Path dir;

    private final DefaultEventLoop loop = new DefaultEventLoop();
    private final ScheduledExecutorService timers = Executors.newSingleThreadScheduledExecutor();
    private final Meters meters = new Meters();
    private final AnswerLog answers =
            new AnswerLog(new AnswerLogSettings(1_000, 100, Duration.ofHours(1)), System::currentTimeMillis);
    private final BlockingQueue<byte[]> told = new LinkedBlockingQueue<>();

    @AfterEach
    void stop() {
        loop.shutdownGracefully(0, 0, TimeUnit.SECONDS);
        timers.shutdownNow();
    }

    /** Or the flow that it leads to comes before its name is known. */
    @Test
    void whatADeviceIsToldIsRememberedBeforeItIsTold() throws Exception {
        AtomicBoolean known = new AtomicBoolean();
        InetAddress address = InetAddress.getByName("192.0.2.1");
        DnsDesk desk =
                desk((inquiry, done) -> {}, (decision, who) -> {}, (transport, code, verdict) -> {}, question -> {});
        ask(desk, "www.acme.example.", (reply, seconds) -> {
            known.set(
                    !answers.of(Source.of(CLIENT.getAddress()), address).names().isEmpty());
            told.add(reply);
        });
        assertThat(rcode()).isEqualTo(Rcode.NOERROR);
        assertThat(known).isTrue();
    }

    /** RFC 8484 section 5.1: by HTTPS no longer than the SOA allows. */
    @Test
    void thatThereIsNothingIsKeptNoLongerThanItsSoaSays() throws Exception {
        DnsDesk desk =
                desk((inquiry, done) -> {}, (decision, who) -> {}, (transport, code, verdict) -> {}, question -> {});
        AtomicLong kept = new AtomicLong();
        for (int type : new int[] {Type.A, Type.AAAA}) {
            ask(desk, "www.acme.example.", type, (reply, seconds) -> {
                kept.set(seconds);
                told.add(reply);
            });
            Message reply = new Message(told.take());
            List<Record> nothing = reply.getSection(Section.AUTHORITY);
            assertThat(reply.getSection(Section.ANSWER)).hasSize(type == Type.A ? 1 : 0);
            long most = type == Type.A
                    ? reply.getSection(Section.ANSWER).get(0).getTTL()
                    : ((SOARecord) nothing.get(0)).getMinimum();
            assertThat(kept).hasValue(most);
        }
    }

    @Test
    void aFaultOfPolicyIsServfail() throws Exception {
        try (TestingLog log = new TestingLog()) {
            DnsDesk desk = desk(
                    (inquiry, done) -> {},
                    (decision, who) -> {
                        throw new IllegalStateException("policy broke");
                    },
                    (transport, code, verdict) -> {},
                    question -> {});
            ask(desk, "www.acme.example.", (reply, seconds) -> told.add(reply));
            assertThat(rcode()).isEqualTo(Rcode.SERVFAIL);
            log.expectStack("policy broke");
            assertThat(faults()).isEqualTo(1);
        }
    }

    @Test
    void aFaultWhenTheServersHaveAnsweredIsServfail() throws Exception {
        AtomicBoolean broken = new AtomicBoolean(true);
        try (TestingLog log = new TestingLog()) {
            DnsDesk desk = desk(
                    (inquiry, done) -> done.accept(new Inquiry.Step.Done(Optional.empty(), Loss.TIMEOUT)),
                    (decision, who) -> {},
                    (transport, code, verdict) -> {
                        if (broken.getAndSet(false)) {
                            throw new IllegalStateException("counts broke");
                        }
                    },
                    question -> {});
            ask(desk, "other.acme.example.", (reply, seconds) -> told.add(reply));
            assertThat(rcode()).isEqualTo(Rcode.SERVFAIL);
            log.expectStack("counts broke");
        }
    }

    /** Who keeps account breaks; the client has his answer, and has it once. */
    @Test
    void aFaultBehindTheAnswerTellsNobodyTwice() throws Exception {
        try (TestingLog log = new TestingLog()) {
            DnsDesk desk =
                    desk((inquiry, done) -> {}, (decision, who) -> {}, (transport, code, verdict) -> {}, question -> {
                        throw new IllegalStateException("witness broke");
                    });
            ask(desk, "www.acme.example.", (reply, seconds) -> told.add(reply));
            assertThat(rcode()).isEqualTo(Rcode.NOERROR);
            log.expectStack("witness broke");
            assertThat(told).isEmpty();
        }
    }

    @Test
    void whatOnlyAPeerCanBreakIsQuiet() throws Exception {
        DnsDesk desk =
                desk((inquiry, done) -> {}, (decision, who) -> {}, (transport, code, verdict) -> {}, question -> {});
        try (TestingLog log = new TestingLog()) {
            EmbeddedChannel channel = new EmbeddedChannel(new DnsDatagrams(desk));
            channel.pipeline().fireExceptionCaught(new IOException("connection refused"));
            log.expectQuiet();
            channel.pipeline().fireExceptionCaught(new IllegalStateException("ours"));
            log.expectStack("ours");
            channel.close();
        }
    }

    /** Or whoever asks faster than the system sends fills our memory. */
    @Test
    void whatTheSystemDoesNotTakeIsDroppedAndCounted() throws Exception {
        DnsDesk desk =
                desk((inquiry, done) -> {}, (decision, who) -> {}, (transport, code, verdict) -> {}, question -> {});
        AtomicBoolean full = new AtomicBoolean(true);
        ChannelOutboundHandlerAdapter system = new ChannelOutboundHandlerAdapter() {
            @Override
            public void flush(ChannelHandlerContext ctx) {
                if (!full.get()) {
                    ctx.flush();
                }
            }
        };
        EmbeddedChannel channel = new EmbeddedChannel(system, new DnsDatagrams(desk));
        channel.config().setWriteBufferWaterMark(new WriteBufferWaterMark(500, 1_000));
        for (int each = 0; each < 100; each++) {
            channel.writeInbound(question());
        }
        full.set(false);
        channel.flush();
        int kept = channel.outboundMessages().size();
        assertThat(kept).isBetween(1, 30);
        assertThat(dropped("backlog")).isEqualTo(100 - kept);
        channel.writeInbound(question());
        assertThat(channel.outboundMessages()).hasSize(kept + 1);
        channel.finishAndReleaseAll();
    }

    private static DatagramPacket question() throws IOException {
        byte[] message = Message.newQuery(Record.newRecord(Name.fromString("www.acme.example."), Type.A, DClass.IN))
                .toWire();
        return new DatagramPacket(Unpooled.wrappedBuffer(message), CLIENT, CLIENT);
    }

    private double faults() throws IOException {
        return dropped("fault");
    }

    private double dropped(String reason) throws IOException {
        return new Scrape(meters.scrape(ScrapeFormat.PROMETHEUS))
                .count("postern_dns_dropped_total{reason=\"" + reason + "\"}");
    }

    private int rcode() throws InterruptedException {
        byte[] reply = told.poll(20, TimeUnit.SECONDS);
        assertThat(reply).isNotNull();
        return DnsHead.rcode(reply);
    }

    /** On the loop, and until that is over. */
    private void ask(DnsDesk desk, String name, DnsDesk.Back back) throws Exception {
        ask(desk, name, Type.A, back);
    }

    private void ask(DnsDesk desk, String name, int type, DnsDesk.Back back) throws Exception {
        byte[] message = Message.newQuery(Record.newRecord(Name.fromString(name), type, DClass.IN))
                .toWire();
        DnsDesk.Asked asked = new DnsDesk.Asked(
                DnsTransport.TCP, CLIENT, desk.address(), Optional.empty(), Optional.empty(), loop, back);
        loop.submit(() -> desk.received(message, asked)).await();
    }

    private DnsDesk desk(Carrier carrier, BiConsumer<Decision, AppTag> watched, DnsCounts counts, DnsWitness witness)
            throws Exception {
        Path key = Files.writeString(dir.resolve("k1"), "s".repeat(32));
        assertThat(key.toFile().setReadable(false, false)).isTrue();
        assertThat(key.toFile().setReadable(true, true)).isTrue();
        Path file = Files.writeString(
                dir.resolve("postern.yaml"),
                "identity: {tenant: acme, tag-keys: [{id: k1, secret-file: k1}]}\nstate: {dir: state}\n");
        Reading<GatewaySettings> read = SettingsReader.read(file, Map.of());
        assertThat(read.problems()).isEmpty();
        GatewaySettings settings = read.value().orElseThrow();
        Servers servers = new Servers(
                List.of(Server.plain(new InetSocketAddress(InetAddress.getLoopbackAddress(), 53))),
                Duration.ofSeconds(1),
                System::nanoTime);
        DnsDesk.Shared shared = new DnsDesk.Shared(
                new Resolver(ResolverSettings.DEFAULTS, servers, carrier, timers, System::nanoTime),
                new DnsPolicy(
                        settings.dns(),
                        new HostsTable(Map.of("www.acme.example", List.of("192.0.2.1"))),
                        new Judges(
                                new EgressRanges(List.of(Prefix.parse("192.0.2.0/24")), List.of(), OwnAddresses.NONE),
                                new Rules(Policy.EMPTY),
                                Clock.systemUTC()),
                        watched,
                        Clock.systemUTC()),
                new ResponseRate(1_000, 1),
                new ResponseRate(1_000, 2),
                new Shares<>(100),
                () -> {},
                answers,
                witness,
                counts,
                meters.dnsDropped(DnsDrop.class, DnsDrop::label),
                meters.dnsTaken(DnsTransport.class, DnsTransport::label));
        ListenSettings listener = new ListenSettings(
                "names",
                ListenSettings.Ingress.DNS,
                new Bind(InetAddress.getLoopbackAddress(), 53),
                Optional.empty(),
                true);
        Identities identities = new Identities(
                new Proofs(new TagVerifier("acme", List.of()), Optional.empty()),
                Revoked.NOTHING,
                new AddressBook(InnerAddresses.NONE),
                new Identities.Terms(true, List.of()),
                Clock.systemUTC(),
                reason -> {});
        return new DnsDesk(shared, listener, new Askers(identities, Sources.NONE));
    }
}

package io.postern.dns.resolve;

import static io.postern.dns.resolve.TestingAsker.addresses;
import static io.postern.dns.resolve.TestingAsker.ask;
import static io.postern.dns.resolve.TestingAsker.settled;
import static org.assertj.core.api.Assertions.assertThat;

import io.postern.dns.resolve.Answer.Reason;
import io.postern.wire.ip.AddressText;
import io.postern.wire.ip.HostText;
import java.io.IOException;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.xbill.DNS.Flags;
import org.xbill.DNS.Rcode;
import org.xbill.DNS.Type;

@Timeout(60)
class DnsNamesTest {

    private static final HostText.Name NAME = TestingAsker.NAME;

    private final TestingAsker asker = new TestingAsker();

    @AfterEach
    void stop() {
        asker.close();
    }

    @Test
    void findsBothFamiliesAndTheirLeastTtl() throws IOException {
        try (TestingNameServer server = TestingNameServer.start(asked -> (asked.is(Type.A)
                        ? asked.address("www.example", 300, "192.0.2.1").address("www.example", 200, "192.0.2.2")
                        : asked.address("www.example", 100, "2001:db8::1"))
                .send())) {
            Answer answer = ask(asker.names(server));
            assertThat(addresses(answer)).containsExactly("2001:db8::1", "192.0.2.1", "192.0.2.2");
            assertThat(((Answer.Addresses) answer).ttl()).isEqualTo(Duration.ofSeconds(100));
        }
    }

    @ParameterizedTest
    @CsvSource({"SERVFAIL, SERVFAIL", "REFUSED, REFUSED", "FORMERR, SERVFAIL", "NOTIMP, SERVFAIL", "YXDOMAIN, SERVFAIL"
    })
    void saysWhatTheServerSaid(String rcode, Reason reason) throws IOException {
        try (TestingNameServer server =
                TestingNameServer.start(asked -> asked.rcode(Rcode.value(rcode)).send())) {
            assertThat(ask(asker.names(server))).isEqualTo(new Answer.Failed(reason));
            assertThat(server.asked()).hasSize(6);
        }
    }

    @Test
    void aNameWithoutAddressesIsNotAMissingName() throws IOException {
        try (TestingNameServer server =
                TestingNameServer.start(asked -> asked.soa(60, 60).send())) {
            assertThat(ask(asker.names(server))).isEqualTo(new Answer.NoAddress());
        }
    }

    @Test
    void oneFamilySufficesWhenTheOtherFails() throws IOException {
        try (TestingNameServer server = TestingNameServer.start(asked -> {
            if (asked.is(Type.AAAA)) {
                asked.rcode(Rcode.SERVFAIL).send();
            } else {
                asked.address("www.example", 3600, "192.0.2.1").send();
            }
        })) {
            Answer answer = ask(asker.names(server));
            assertThat(addresses(answer)).containsExactly("192.0.2.1");
            assertThat(((Answer.Addresses) answer).ttl()).isEqualTo(Duration.ofSeconds(5));
        }
    }

    @Test
    void aServerThatDropsIpv6QuestionsDoesNotHoldTheAnswer() throws IOException {
        try (TestingNameServer server = TestingNameServer.start(asked -> {
            if (asked.is(Type.A)) {
                asked.address("www.example", 60, "192.0.2.1").send();
            }
        })) {
            DnsNames names = asker.names(TestingAsker.settings(server, Duration.ofMinutes(1)));
            assertThat(addresses(ask(names))).containsExactly("192.0.2.1");
        }
    }

    @Test
    void theDeadlineHoldsForEverything() throws IOException {
        try (TestingNameServer server = TestingNameServer.start(asked -> {})) {
            DnsNames names = asker.names(TestingAsker.settings(server, Duration.ofMillis(200)));
            assertThat(ask(names)).isEqualTo(new Answer.Failed(Reason.TIMEOUT));
            assertThat(names.lookups()).isZero();
        }
    }

    @Test
    void aDroppedQuestionIsAskedAgain() throws IOException {
        Set<Integer> dropped = new HashSet<>();
        try (TestingNameServer server = TestingNameServer.start(asked -> {
            if (!dropped.add(asked.query().getQuestion().getType())) {
                asked.address("www.example", 60, asked.is(Type.A) ? "192.0.2.1" : "2001:db8::1")
                        .send();
            }
        })) {
            DnsNames names = asker.names(TestingAsker.settings(server, Duration.ofSeconds(3)));
            assertThat(addresses(ask(names))).contains("192.0.2.1");
        }
    }

    @Test
    void aServerThatFailsForEveryNameIsPassedOverAndTheNextRemembered() throws IOException {
        try (TestingNameServer failing = TestingNameServer.start(
                        asked -> asked.rcode(Rcode.REFUSED).send());
                TestingNameServer working = TestingNameServer.bothFamilies(60, "192.0.2.1", "2001:db8::1")) {
            DnsNames names = asker.names(both(failing, working));
            for (String name : List.of("one.acme.example", "two.acme.example", "www.other.example")) {
                int before = failing.asked().size();
                assertThat(addresses(ask(names, name))).containsExactly("2001:db8::1", "192.0.2.1");
                assertThat(failing.asked()).as(name).hasSizeGreaterThan(before);
            }
            ask(names, "www.third.example");
            int before = failing.asked().size();
            assertThat(addresses(ask(names, "www.fourth.example"))).hasSize(2);
            assertThat(failing.asked()).hasSize(before);
        }
    }

    /** Or whoever owns a name could choose whom others ask. */
    @Test
    void namesOfOneDomainThatFailTakeNoServerAway() throws IOException {
        try (TestingNameServer preferred = TestingNameServer.start(asked -> {
                    if (asked.name().endsWith(".evil.example")) {
                        asked.rcode(Rcode.REFUSED).send();
                    } else {
                        asked.address(asked.name(), 60, asked.is(Type.A) ? "192.0.2.1" : "2001:db8::1")
                                .send();
                    }
                });
                TestingNameServer other = TestingNameServer.start(
                        asked -> asked.rcode(Rcode.REFUSED).send())) {
            DnsNames names = asker.names(both(preferred, other));
            for (int each = 0; each < 10; each++) {
                assertThat(ask(names, "n" + each + ".evil.example")).isEqualTo(new Answer.Failed(Reason.REFUSED));
            }
            int before = other.asked().size();
            assertThat(addresses(ask(names, "www.good.example"))).hasSize(2);
            assertThat(other.asked()).hasSize(before);
        }
    }

    private static DnsSettings both(TestingNameServer one, TestingNameServer other) {
        List<String> upstreams = List.of(AddressText.of(one.address()), AddressText.of(other.address()));
        return new DnsSettings(upstreams, Duration.ofSeconds(30), 100, 10);
    }

    @Test
    void aClosedPortIsTheNetworksFault() throws IOException {
        int closed;
        try (DatagramSocket socket = new DatagramSocket(0, InetAddress.getLoopbackAddress())) {
            closed = socket.getLocalPort();
        }
        DnsSettings settings = new DnsSettings(List.of("127.0.0.1:" + closed), Duration.ofSeconds(30), 100, 10);
        assertThat(ask(asker.names(settings))).isEqualTo(new Answer.Failed(Reason.NETWORK));
    }

    @Test
    void aTruncatedReplyIsAskedForByTcp() throws IOException {
        try (TestingNameServer server = TestingNameServer.start(asked -> {
            if (asked.tcp()) {
                asked.address("www.example", 60, asked.is(Type.A) ? "192.0.2.1" : "2001:db8::1");
            } else {
                asked.flag(Flags.TC);
            }
            asked.send();
        })) {
            assertThat(addresses(ask(asker.names(server)))).containsExactly("2001:db8::1", "192.0.2.1");
        }
    }

    @Test
    void followsAliasesWithinAReply() throws IOException {
        try (TestingNameServer server = TestingNameServer.start(asked -> asked.alias("www.example", 50, "a.example")
                .address("unasked.example", 60, asked.is(Type.A) ? "192.0.2.66" : "2001:db8::66")
                .alias("a.example", 60, "b.example")
                .address("b.example", 60, asked.is(Type.A) ? "192.0.2.1" : "2001:db8::1")
                .send())) {
            Answer answer = ask(asker.names(server));
            assertThat(addresses(answer)).containsExactly("2001:db8::1", "192.0.2.1");
            assertThat(((Answer.Addresses) answer).ttl()).isEqualTo(Duration.ofSeconds(50));
        }
    }

    @ParameterizedTest
    @CsvSource({"7, true", "8, true", "9, false", "1000, false"})
    void followsEightAliasesOverReplies(int length, boolean found) throws IOException {
        try (TestingNameServer server = TestingNameServer.start(asked -> {
            String name = asked.name();
            int at = name.startsWith("alias") ? Integer.parseInt(name.substring(5, name.indexOf('.'))) : 0;
            if (at < length) {
                asked.alias(name, 60, "alias" + (at + 1) + ".example").send();
            } else {
                asked.address(name, 60, asked.is(Type.A) ? "192.0.2.1" : "2001:db8::1")
                        .send();
            }
        })) {
            Answer answer = ask(asker.names(server));
            assertThat(answer).isInstanceOf(found ? Answer.Addresses.class : Answer.Failed.class);
            assertThat(server.asked()).hasSizeLessThanOrEqualTo(18);
        }
    }

    @Test
    void aLoopOfAliasesIsMalformed() throws IOException {
        try (TestingNameServer server = TestingNameServer.start(asked -> asked.alias("www.example", 60, "a.example")
                .alias("a.example", 60, "www.example")
                .send())) {
            assertThat(ask(asker.names(server))).isEqualTo(new Answer.Failed(Reason.MALFORMED));
        }
    }

    @Test
    void aClosedExecutorIsOverload() throws IOException {
        try (TestingNameServer server = TestingNameServer.bothFamilies(60, "192.0.2.1", "2001:db8::1")) {
            DnsNames names = asker.names(server);
            asker.executor().shutdown();
            assertThat(ask(names)).isEqualTo(new Answer.Failed(Reason.OVERLOAD));
        }
    }

    @Test
    void closingTheExecutorEndsWhatIsUnderWay() throws Exception {
        BlockingQueue<TestingNameServer.Asked> held = new LinkedBlockingQueue<>();
        try (TestingNameServer server = TestingNameServer.start(held::add)) {
            CompletableFuture<Answer> answer = asker.names(server).resolve(NAME).toCompletableFuture();
            TestingNameServer.Asked asked = held.take();
            asker.executor().shutdownNow();
            asked.soa(60, 60).send();
            assertThat(settled(answer)).isEqualTo(new Answer.Failed(Reason.OVERLOAD));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"localhost", "a.b.localhost"})
    void localhostNeverLeaves(String name) throws IOException {
        try (TestingNameServer server = TestingNameServer.bothFamilies(60, "192.0.2.1", "2001:db8::1")) {
            assertThat(addresses(ask(asker.names(server), name))).containsExactly("::1", "127.0.0.1");
            assertThat(server.asked()).isEmpty();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"a.invalid", "expyuzz4wqqyqhjn.onion"})
    void namesThatCannotBeInDnsNeverLeave(String name) throws IOException {
        try (TestingNameServer server = TestingNameServer.bothFamilies(60, "192.0.2.1", "2001:db8::1")) {
            assertThat(ask(asker.names(server), name)).isEqualTo(new Answer.NoSuchName());
            assertThat(server.asked()).isEmpty();
        }
    }

    @ParameterizedTest
    @CsvSource({
        "local, false",
        "printer.local, false",
        "nas.home.arpa, false",
        "a.b.alt, false",
        "10.in-addr.arpa, false",
        "1.0.31.172.in-addr.arpa, false",
        "7.168.192.in-addr.arpa, false",
        "254.169.254.169.in-addr.arpa, false",
        "1.0.0.127.in-addr.arpa, false",
        "255.255.255.255.in-addr.arpa, false",
        "1.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.ip6.arpa, false",
        "0.8.e.f.ip6.arpa, false",
        "1.2.d.f.ip6.arpa, false",
        "wiki.corp.home.arpa, true",
        "1.32.172.in-addr.arpa, true",
        "8.8.8.8.in-addr.arpa, true",
        "local.acme.example, true",
        "0.0.0.0.0.0.0.0.0.ip6.arpa, true"
    })
    void namesOfTheInsideLeaveForServersOfTheInsideAlone(String name, boolean asked) throws IOException {
        LocalNames local = new LocalNames(one -> one.endsWith(".corp.home.arpa"));
        try (TestingNameServer server = TestingNameServer.bothFamilies(60, "192.0.2.1", "2001:db8::1")) {
            DnsSettings settings = TestingAsker.settings(server, Duration.ofSeconds(30));
            Answer answer = ask(asker.names(settings, local), name);
            assertThat(server.asked().isEmpty()).isNotEqualTo(asked);
            if (!asked) {
                assertThat(answer).isEqualTo(new Answer.NoSuchName());
            }
        }
    }

    @Test
    void everyAnswerComesOnTheGivenExecutor() throws IOException {
        List<TestingNameServer.Script> scripts = List.of(
                asked -> {},
                asked -> asked.rcode(Rcode.SERVFAIL).send(),
                asked -> asked.sender().send(new byte[1]),
                asked -> asked.soa(60, 60).send());
        for (TestingNameServer.Script script : scripts) {
            try (TestingNameServer server = TestingNameServer.start(script)) {
                CompletableFuture<String> thread = new CompletableFuture<>();
                CompletableFuture<Void> listening = new CompletableFuture<>();
                // Or the answer may be there first, and whoever begins to listen hears it at once.
                asker.executor().execute(listening::join);
                asker.names(TestingAsker.settings(server, Duration.ofMillis(300)))
                        .resolve(NAME)
                        .thenRun(() -> thread.complete(Thread.currentThread().getName()));
                listening.complete(null);
                assertThat(thread.orTimeout(30, TimeUnit.SECONDS).join()).isEqualTo("asking");
            }
        }
    }
}
